namespace Citrus.Research.Models;

/// <summary>How a fresh decoder's weights are drawn. Standard deviations; 0 is all zeros.</summary>
/// <remarks>
/// The defaults are what tiny students learned best with on a CPU (results/plain-architecture.csv): matrices that read the residual stream normal with deviation
/// 1/sqrt(inputs), feed-forward outputs zero (Zhang et al. 2019, Fixup). The last three fields hand a small decoder the first half of an induction circuit
/// (Olsson et al. 2022), which larger ones find by themselves; they choose a starting point and nothing else: every weight is trained.
/// </remarks>
public sealed record DecoderInitialisation
{
    /// <summary>Deviation of the embedding where the output layer is separate.</summary>
    public double Embedding { get; init; } = 1;

    /// <summary>Deviation of an embedding that is also the output layer.</summary>
    public double TiedEmbedding { get; init; } = 0.1;

    /// <summary>Deviation of a separate output layer.</summary>
    public double Head { get; init; }

    /// <summary>Factor of 1/sqrt(inputs) for query, key, value, gate and up matrices.</summary>
    public double Inner { get; init; } = 1;

    /// <summary>Factor of 1/sqrt(inputs) for attention output matrices.</summary>
    public double AttentionOut { get; init; } = 1;

    /// <summary>Factor of 1/sqrt(inputs) for feed-forward down matrices.</summary>
    public double FeedForwardOut { get; init; }

    /// <summary>First value of the gains of query and key norms; attention logits start within plus or minus their product times sqrt(head_dim).</summary>
    public double QueryKeyGain { get; init; } = Math.Sqrt(3);

    /// <summary>A random sign vector shared by all embeddings, in units of their deviation: without biases, attention by position alone needs a constant to hold on to.</summary>
    public double SharedOffset { get; init; } = 1;

    /// <summary>Share, 0..1, of the first layer's first query and key head that starts as "look at the previous token".</summary>
    public double PreviousTokenHead { get; init; } = 0.8;

    /// <summary>Whether the second layer's first head starts with equal query and key weights, "look at what is like me".</summary>
    public bool MatchingHead { get; init; } = true;
}
