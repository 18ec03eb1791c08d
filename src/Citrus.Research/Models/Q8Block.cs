using System.Buffers.Binary;

namespace Citrus.Research.Models;

/// <summary>ggml's <c>Q8_0</c>: 32 weights as whole numbers of -127..127 times one float16 scale, d = max|x| / 127.</summary>
internal static class Q8Block
{
    /// <summary>Weights of a block.</summary>
    public const int Length = 32;

    /// <summary>Bytes of a block: the scale, then a byte a weight.</summary>
    public const int Bytes = 2 + Length;

    /// <summary>Quantises whole blocks; <paramref name="into"/> takes <see cref="Bytes"/> a block.</summary>
    /// <exception cref="InvalidDataException">A scale is beyond float16, or a weight is not finite.</exception>
    public static void Quantise(ReadOnlySpan<float> weights, Span<byte> into)
    {
        for (var b = 0; b < weights.Length / Length; b++)
        {
            var block = weights.Slice(b * Length, Length);
            var bytes = into.Slice(b * Bytes, Bytes);
            var largest = 0f;
            foreach (var weight in block) largest = float.IsFinite(weight) ? Math.Max(largest, Math.Abs(weight)) : float.PositiveInfinity;
            var scale = largest / 127;
            var half = (Half)scale;
            if (!Half.IsFinite(half)) throw new InvalidDataException("a weight is not finite, or too large for q8_0's scale (beyond 65504 * 127)");
            BinaryPrimitives.WriteHalfLittleEndian(bytes, half);
            // As ggml's reference: numbers are rounded against the scale before it became float16.
            var inverse = scale == 0 ? 0 : 1 / scale;
            for (var i = 0; i < Length; i++) bytes[2 + i] = (byte)(sbyte)MathF.Round(block[i] * inverse, MidpointRounding.AwayFromZero);
        }
    }
}
