namespace Citrus.Research.Models;

/// <summary>Cosines and sines of the rotary positions (Su et al. 2021), in Transformers' convention: dimension i turns with dimension i + head_dim/2.</summary>
internal static class RotaryTable
{
    /// <returns>Two arrays <c>[positions, headSize / 2]</c>; angles in float32 as Transformers computes them.</returns>
    public static (float[] Cosines, float[] Sines) Angles(int positions, int headSize, double theta)
    {
        var half = headSize / 2;
        var (cosines, sines) = (new float[positions * half], new float[positions * half]);
        for (var i = 0; i < half; i++)
        {
            var frequency = 1f / (float)Math.Pow(theta, 2.0 * i / headSize);
            for (var p = 0; p < positions; p++)
            {
                var angle = p * frequency;
                cosines[p * half + i] = (float)Math.Cos(angle);
                sines[p * half + i] = (float)Math.Sin(angle);
            }
        }

        return (cosines, sines);
    }
}
