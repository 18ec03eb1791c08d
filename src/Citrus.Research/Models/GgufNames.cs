using System.Text.RegularExpressions;

namespace Citrus.Research.Models;

/// <summary>What llama.cpp calls the weights.</summary>
internal static partial class GgufNames
{
    private static readonly Dictionary<string, string> Parts = new(StringComparer.Ordinal)
    {
        ["input_layernorm"] = "attn_norm",
        ["self_attn.q_proj"] = "attn_q",
        ["self_attn.k_proj"] = "attn_k",
        ["self_attn.v_proj"] = "attn_v",
        ["self_attn.o_proj"] = "attn_output",
        ["self_attn.q_norm"] = "attn_q_norm",
        ["self_attn.k_norm"] = "attn_k_norm",
        ["post_attention_layernorm"] = "ffn_norm",
        ["mlp.gate_proj"] = "ffn_gate",
        ["mlp.up_proj"] = "ffn_up",
        ["mlp.down_proj"] = "ffn_down",
    };

    /// <summary>The name of a tensor known by its Hugging Face name.</summary>
    public static string Of(string name)
    {
        switch (name)
        {
            case "model.embed_tokens.weight": return "token_embd.weight";
            case "model.norm.weight": return "output_norm.weight";
            case "lm_head.weight": return "output.weight";
        }

        var match = InLayer().Match(name);
        return match.Success && Parts.TryGetValue(match.Groups["part"].Value, out var part)
            ? $"blk.{match.Groups["layer"].Value}.{part}.{match.Groups["kind"].Value}"
            : throw new ArgumentException($"GGUF has no name for the tensor {name}.");
    }

    [GeneratedRegex(@"^model\.layers\.(?<layer>\d+)\.(?<part>.+)\.(?<kind>weight|bias)$", RegexOptions.CultureInvariant)]
    private static partial Regex InLayer();
}
