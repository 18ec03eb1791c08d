namespace Citrus.Research.Models;

/// <summary>Cosines and sines of the rotary positions (Su et al. 2021), in Transformers' convention: dimension i turns with dimension i + head_dim/2.</summary>
internal static class RotaryTable
{
    /// <returns>Two arrays <c>[positions, headSize / 2]</c>; angles in float32 as Transformers computes them.</returns>
    public static (float[] Cosines, float[] Sines) Angles(int positions, int headSize, double theta, RopeScaling? scaling = null)
    {
        var half = headSize / 2;
        var (cosines, sines) = (new float[positions * half], new float[positions * half]);
        for (var i = 0; i < half; i++)
        {
            var frequency = 1f / (float)Math.Pow(theta, 2.0 * i / headSize);
            if (scaling is not null) frequency = Stretched(frequency, scaling);
            for (var p = 0; p < positions; p++)
            {
                var angle = p * frequency;
                cosines[p * half + i] = (float)Math.Cos(angle);
                sines[p * half + i] = (float)Math.Sin(angle);
            }
        }

        return (cosines, sines);
    }

    /// <summary>Llama 3.1's rule: short wavelengths stay, long ones are stretched, those between are mixed of both.</summary>
    private static float Stretched(float frequency, RopeScaling scaling)
    {
        var wavelength = 2 * Math.PI / frequency;
        var (shortest, longest) = (scaling.OriginalMaxPositions / scaling.HighFrequencyFactor, scaling.OriginalMaxPositions / scaling.LowFrequencyFactor);
        if (wavelength < shortest) return frequency;
        if (wavelength > longest) return (float)(frequency / scaling.Factor);
        var kept = (scaling.OriginalMaxPositions / wavelength - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return (float)((1 - kept) * frequency / scaling.Factor + kept * frequency);
    }
}
