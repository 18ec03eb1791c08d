namespace Citrus.Research.Models;

/// <summary>How matrix products are computed in training. Weights, moments, norms, attention, the output layer and every sum are float32 in both.</summary>
public enum ComputePrecision
{
    Float32,

    /// <summary>
    /// Factors are rounded to bfloat16 (8 bits of mantissa), sums are float32: twice as fast on processors with bfloat16 products (AVX512-BF16, AMX, tensor cores), slower on others.
    /// Not worth it below about 1M parameters, where the rounding itself takes the time.
    /// </summary>
    BFloat16,
}
