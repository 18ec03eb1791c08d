namespace Citrus.Research.Models;

/// <summary>Named student shapes, from what a CPU trains in a minute to what wants a GPU.</summary>
/// <remarks>A name counts the parameters outside embedding and output layer (<see cref="DecoderConfig.NonEmbeddingParameters"/>), within about a tenth,
/// so that it does not change with the vocabulary.</remarks>
public static class StudentSizes
{
    private static readonly (string Name, int Hidden, int Layers, int Heads, int KeyHeads, int HeadSize, int Inner)[] Table =
    [
        ("0.1M", 64, 3, 4, 4, 16, 96),
        ("0.2M", 80, 3, 5, 5, 16, 192),
        ("0.4M", 96, 3, 4, 4, 24, 288),
        ("1M", 144, 4, 6, 6, 24, 384),
        ("2M", 192, 5, 6, 6, 32, 448),
        ("4M", 256, 5, 8, 8, 32, 704),
        ("10M", 384, 6, 6, 6, 64, 928),
        ("25M", 512, 8, 8, 8, 64, 1376),
        ("50M", 640, 10, 10, 10, 64, 1760),
        ("100M", 768, 14, 12, 12, 64, 2080),
    ];

    /// <summary>All names, smallest first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Select(t => t.Name)];

    /// <summary>The shape of that name.</summary>
    /// <exception cref="ArgumentException">No size has this name; the message lists those that do.</exception>
    public static DecoderConfig Get(string name, int vocabularySize)
    {
        var index = Array.FindIndex(Table, t => string.Equals(t.Name, name, StringComparison.OrdinalIgnoreCase));
        if (index < 0) throw new ArgumentException($"There is no student size '{name}'; there are {string.Join(", ", Names)}.");
        var (_, hidden, layers, heads, keyHeads, headSize, inner) = Table[index];
        return new DecoderConfig
        {
            VocabularySize = vocabularySize,
            HiddenSize = hidden,
            IntermediateSize = inner,
            Layers = layers,
            Heads = heads,
            KeyValueHeads = keyHeads,
            HeadSize = headSize,
            TiedEmbeddings = true,
        };
    }
}
