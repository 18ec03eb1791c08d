namespace Citrus.Research.Models;

/// <summary>Where each tensor of a decoder lies among <see cref="Decoder.Parameters"/>; -1 where its family has none.</summary>
internal sealed class DecoderLayout
{
    public DecoderLayout(DecoderConfig config)
    {
        var next = 1;
        int Take(bool there = true) => there ? next++ : -1;
        Layers = [.. Enumerable.Range(0, config.Layers).Select(i => new Layer(
            InputNorm: Take(),
            QueryKeyValue: Take(),
            QueryKeyValueBias: Take(config.HasQueryKeyValueBias),
            QueryNorm: Take(config.HasQueryKeyNorm),
            KeyNorm: Take(config.HasQueryKeyNorm),
            Output: Take(),
            PostNorm: Take(),
            GateUp: Take(),
            Down: Take(),
            Window: config.WindowOf(i)))];
        FinalNorm = Take();
        Head = config.TiedEmbeddings ? Embedding : Take();
        Count = next;
    }

    /// <summary>Index of the token embedding.</summary>
    public const int Embedding = 0;

    public IReadOnlyList<Layer> Layers { get; }

    public int FinalNorm { get; }

    /// <summary>The output layer; the embedding where they are one.</summary>
    public int Head { get; }

    /// <summary>Number of parameters.</summary>
    public int Count { get; }

    /// <summary>The tensors of one block.</summary>
    /// <param name="QueryKeyValueBias">Biases of query, key and value, in one piece.</param>
    /// <param name="Window">Tokens that a query looks back on, itself included; <see cref="int.MaxValue"/> is all.</param>
    internal readonly record struct Layer(
        int InputNorm, int QueryKeyValue, int QueryKeyValueBias, int QueryNorm, int KeyNorm, int Output, int PostNorm, int GateUp, int Down, int Window);
}
