using Citrus.Research.Models;

namespace Citrus.Research.Benchmarks;

/// <summary>Shapes of Qwen2.5 as published, and a tiny one to try the benchmark with.</summary>
internal static class GpuShapes
{
    public static DecoderConfig Get(string name) => name switch
    {
        "tiny" => Qwen(64, 96, 2, 4, 2, 16, 512, tied: true),
        "0.5B" => Qwen(896, 4864, 24, 14, 2, 64, 151_936, tied: true),
        "1.5B" => Qwen(1536, 8960, 28, 12, 2, 128, 151_936, tied: true),
        "7B" => Qwen(3584, 18_944, 28, 28, 4, 128, 152_064, tied: false),
        _ => throw new ArgumentException($"There is no shape '{name}'; there are 0.5B, 1.5B and 7B."),
    };

    private static DecoderConfig Qwen(int hidden, int inner, int layers, int heads, int keys, int size, int vocabulary, bool tied) => new()
    {
        Architecture = DecoderArchitecture.Qwen2,
        VocabularySize = vocabulary,
        HiddenSize = hidden,
        IntermediateSize = inner,
        Layers = layers,
        Heads = heads,
        KeyValueHeads = keys,
        HeadSize = size,
        TiedEmbeddings = tied,
        RopeTheta = 1_000_000,
        NormEpsilon = 1e-6,
        MaxPositions = 4096,
    };
}
