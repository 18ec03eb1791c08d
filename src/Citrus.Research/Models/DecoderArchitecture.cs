namespace Citrus.Research.Models;

/// <summary>The decoder families that are read, trained and written; all norm with RMSNorm, turn with rotary positions and gate with SiLU.</summary>
public enum DecoderArchitecture
{
    /// <summary>Qwen3: normed queries and keys, no biases. What students made here are.</summary>
    Qwen3,

    /// <summary>Qwen2 and Qwen2.5: biases on query, key and value.</summary>
    Qwen2,

    /// <summary>Llama 2, 3, 3.1 and 3.2: no biases, no norms of queries and keys.</summary>
    Llama,

    /// <summary>Mistral: as Llama, with a sliding window where its config names one.</summary>
    Mistral,
}
