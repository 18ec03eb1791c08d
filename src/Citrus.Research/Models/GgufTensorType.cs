namespace Citrus.Research.Models;

/// <summary>Element types as ggml numbers them.</summary>
internal enum GgufTensorType
{
    Float32 = 0,
    Float16 = 1,
    Q8 = 8,
    BFloat16 = 30,
}
