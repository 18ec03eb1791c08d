using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Training;

namespace Citrus.Research.Tests.Models;

/// <summary>Small decoders and a small language for them.</summary>
internal static class Tiny
{
    public static DecoderConfig Config { get; } = new()
    {
        VocabularySize = 20,
        HiddenSize = 32,
        IntermediateSize = 48,
        Layers = 2,
        Heads = 4,
        KeyValueHeads = 2,
        HeadSize = 8,
        MaxPositions = 64,
    };

    /// <summary>"2 a b c 3" asks for "a b c 1", of random letters from 5 up: copying.</summary>
    public static List<TrainingSequence> Copying(int count, long seed)
    {
        var random = SeededRandom.For(seed, "copying");
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            int[] letters = [.. Enumerable.Range(0, random.Between(2, 5)).Select(_ => random.Between(5, 19))];
            int[] ids = [2, .. letters, 3, .. letters, 1];
            return new TrainingSequence(ids, [.. ids.Select((_, i) => i > letters.Length + 1 ? 1f : 0f)]);
        })];
    }

    public static float[] Weights(Decoder decoder)
    {
        var all = new List<float>();
        decoder.Read((_, values) => all.AddRange(values));
        return [.. all];
    }
}
