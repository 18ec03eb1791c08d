using System.Text.Json.Serialization;

namespace Citrus.Research.Models;

/// <summary>Shape of a decoder; names and meanings are those of Hugging Face's <c>config.json</c>.</summary>
/// <remarks>What was added after the first studies is not written where it has its default, so that their hashes stay.</remarks>
public sealed record DecoderConfig
{
    /// <summary>The family, which decides biases and norms; <c>model_type</c> in the file.</summary>
    [JsonIgnore]
    public DecoderArchitecture Architecture { get; init; }

    /// <summary>Number of token ids.</summary>
    [JsonPropertyName("vocab_size")]
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    [JsonPropertyName("hidden_size")]
    public required int HiddenSize { get; init; }

    /// <summary>Width of the gated feed-forward layer.</summary>
    [JsonPropertyName("intermediate_size")]
    public required int IntermediateSize { get; init; }

    [JsonPropertyName("num_hidden_layers")]
    public required int Layers { get; init; }

    /// <summary>Query heads.</summary>
    [JsonPropertyName("num_attention_heads")]
    public required int Heads { get; init; }

    /// <summary>Key and value heads; each serves <see cref="Heads"/> / <see cref="KeyValueHeads"/> query heads.</summary>
    [JsonPropertyName("num_key_value_heads")]
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one head; even, because rotary positions turn pairs.</summary>
    [JsonPropertyName("head_dim")]
    public required int HeadSize { get; init; }

    /// <summary>Base of the rotary wavelengths.</summary>
    [JsonPropertyName("rope_theta")]
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>Added to the mean square before its root is taken.</summary>
    [JsonPropertyName("rms_norm_eps")]
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>Whether the output layer is the embedding itself.</summary>
    [JsonPropertyName("tie_word_embeddings")]
    public bool TiedEmbeddings { get; init; }

    /// <summary>Longest sequence, in tokens.</summary>
    [JsonPropertyName("max_position_embeddings")]
    public int MaxPositions { get; init; } = 1024;

    /// <summary>Stretching of the rotary positions; null is none.</summary>
    [JsonIgnore]
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>Tokens that a query may look back on, itself included; null is all.</summary>
    [JsonIgnore]
    public int? SlidingWindow { get; init; }

    /// <summary>Layers from the first on that look at everything although <see cref="SlidingWindow"/> is set (Qwen's <c>max_window_layers</c>).</summary>
    [JsonIgnore]
    public int FullAttentionLayers { get; init; }

    /// <summary>Whether queries and keys are normed (Qwen3).</summary>
    [JsonIgnore]
    public bool HasQueryKeyNorm => Architecture == DecoderArchitecture.Qwen3;

    /// <summary>Whether query, key and value have biases (Qwen2).</summary>
    [JsonIgnore]
    public bool HasQueryKeyValueBias => Architecture == DecoderArchitecture.Qwen2;

    /// <summary>Parameters outside embedding and output layer.</summary>
    [JsonIgnore]
    public long NonEmbeddingParameters
    {
        get
        {
            long d = HiddenSize, heading = (Heads + 2L * KeyValueHeads) * HeadSize, attention = heading * d + (long)Heads * HeadSize * d;
            return Layers * (attention + (HasQueryKeyValueBias ? heading : 0) + 3L * d * IntermediateSize + 2 * d + (HasQueryKeyNorm ? 2L * HeadSize : 0)) + d;
        }
    }

    /// <summary>All parameters; a tied embedding counts once.</summary>
    [JsonIgnore]
    public long Parameters => NonEmbeddingParameters + (TiedEmbeddings ? 1L : 2L) * VocabularySize * HiddenSize;

    /// <summary>Tokens that a query of this layer looks back on, itself included; <see cref="int.MaxValue"/> is all.</summary>
    /// <param name="layer">From 0.</param>
    public int WindowOf(int layer) => SlidingWindow is { } window && layer >= FullAttentionLayers ? window : int.MaxValue;

    /// <summary>Throws with the field and its mend where the shape is impossible.</summary>
    /// <exception cref="ArgumentException" />
    public void Validate()
    {
        Check(VocabularySize > 0, "vocab_size", VocabularySize, "at least 1");
        Check(HiddenSize > 0, "hidden_size", HiddenSize, "at least 1");
        Check(IntermediateSize > 0, "intermediate_size", IntermediateSize, "at least 1");
        Check(Layers > 0, "num_hidden_layers", Layers, "at least 1");
        Check(Heads > 0, "num_attention_heads", Heads, "at least 1");
        Check(KeyValueHeads > 0 && Heads % KeyValueHeads == 0, "num_key_value_heads", KeyValueHeads, $"a divisor of num_attention_heads ({Heads})");
        Check(HeadSize > 0 && HeadSize % 2 == 0, "head_dim", HeadSize, "even and at least 2");
        Check(RopeTheta > 1 && double.IsFinite(RopeTheta), "rope_theta", RopeTheta, "above 1");
        Check(NormEpsilon is > 0 and < 1, "rms_norm_eps", NormEpsilon, "between 0 and 1");
        Check(MaxPositions > 0, "max_position_embeddings", MaxPositions, "at least 1");
        Check(Enum.IsDefined(Architecture), "model_type", Architecture, "one of the supported families");
        Check(SlidingWindow is null or > 0, "sliding_window", SlidingWindow ?? 0, "at least 1, or null for none");
        Check(FullAttentionLayers >= 0, "max_window_layers", FullAttentionLayers, "0 or more");
        if (RopeScaling is { } scaling)
        {
            Check(scaling.Factor >= 1 && double.IsFinite(scaling.Factor), "factor of rope_scaling", scaling.Factor, "1 or more");
            Check(scaling.LowFrequencyFactor > 0 && double.IsFinite(scaling.LowFrequencyFactor), "low_freq_factor of rope_scaling", scaling.LowFrequencyFactor, "above 0");
            Check(scaling.HighFrequencyFactor > scaling.LowFrequencyFactor && double.IsFinite(scaling.HighFrequencyFactor), "high_freq_factor of rope_scaling", scaling.HighFrequencyFactor, "above low_freq_factor");
            Check(scaling.OriginalMaxPositions > 0, "original_max_position_embeddings of rope_scaling", scaling.OriginalMaxPositions, "at least 1");
        }

        // What a file may ask for is bounded before anything is allocated, and no product below overflows.
        const long widest = 1 << 24;
        Check(Layers <= 1024, "num_hidden_layers", Layers, "at most 1024");
        Check(HiddenSize <= widest, "hidden_size", HiddenSize, $"at most {widest}");
        Check(VocabularySize <= widest, "vocab_size", VocabularySize, $"at most {widest}");
        Check(2L * IntermediateSize <= widest, "intermediate_size", IntermediateSize, $"at most {widest / 2}");
        Check((Heads + 2L * KeyValueHeads) * HeadSize <= widest, "head_dim", HeadSize, $"at most {widest} together with the heads ({Heads}, and {KeyValueHeads} for keys)");
        Check((long)MaxPositions * HeadSize <= 1L << 28, "max_position_embeddings", MaxPositions, $"at most {(1L << 28) / HeadSize} at this head_dim ({HeadSize})");
        static void Check(bool good, string field, object value, string mend)
        {
            if (!good) throw new ArgumentException(FormattableString.Invariant($"Decoder shape: {field} is {value}; it must be {mend}."));
        }
    }
}
