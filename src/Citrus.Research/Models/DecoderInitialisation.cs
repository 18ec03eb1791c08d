namespace Citrus.Research.Models;

/// <summary>How a fresh decoder's weights are drawn. Standard deviations; 0 is all zeros.</summary>
/// <remarks>
/// The defaults are what tiny students learned best with: matrices that read the residual stream normal with deviation 1/sqrt(inputs), those that write to it
/// zero, so that every layer begins as the identity (Zhang et al. 2019, Fixup; Yang et al. 2022, Tensor Programs V).
/// </remarks>
public sealed record DecoderInitialisation
{
    /// <summary>Deviation of the embedding where the output layer is separate.</summary>
    public double Embedding { get; init; } = 1;

    /// <summary>Deviation of an embedding that is also the output layer.</summary>
    public double TiedEmbedding { get; init; } = 0.02;

    /// <summary>Deviation of a separate output layer.</summary>
    public double Head { get; init; }

    /// <summary>Factor of 1/sqrt(inputs) for query, key, value, gate and up matrices.</summary>
    public double Inner { get; init; } = 1;

    /// <summary>Factor of 1/sqrt(inputs) for attention output and down matrices.</summary>
    public double Outward { get; init; }

    /// <summary>First value of the query norm's gains; attention logits start within plus or minus this times sqrt(head_dim).</summary>
    public double QueryGain { get; init; } = 3;
}
