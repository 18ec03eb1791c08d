using System.Text.Json;
using System.Text.Json.Nodes;

namespace Citrus.Research.Models;

/// <summary>Sliding windows in a <c>config.json</c>: Mistral's one for all layers, Qwen's for the layers from <c>max_window_layers</c> on, and <c>layer_types</c>.</summary>
internal static class WindowFields
{
    private const int DefaultWindow = 4096, QwenFullLayers = 28;

    /// <returns>The window, null where no layer has one; and the number of layers from the first on without.</returns>
    public static (int? Window, int FullLayers) Read(ConfigFields fields, DecoderArchitecture family, int layers)
    {
        int? window = null;
        var full = 0;
        switch (family)
        {
            case DecoderArchitecture.Llama:
                // Transformers' Llama has no windows and ignores these fields.
                break;
            case DecoderArchitecture.Mistral:
                if (fields.Has("sliding_window")) window = fields.Whole("sliding_window");
                else if (!fields.Mentions("sliding_window")) window = DefaultWindow;
                break;
            default:
                if (fields.Flag("use_sliding_window", false) && (fields.Has("sliding_window") || !fields.Mentions("sliding_window")))
                {
                    window = fields.Whole("sliding_window", DefaultWindow);
                    full = fields.Whole("max_window_layers", QwenFullLayers);
                }

                break;
        }

        if (fields.Node("layer_types") is { } types) full = FullLayers(fields, types, layers, ref window);
        if (window is null || full >= layers) return (null, 0);
        return (window, full);
    }

    private static int FullLayers(ConfigFields fields, JsonNode types, int layers, ref int? window)
    {
        const string all = "full_attention", sliding = "sliding_attention";
        if (types is not JsonArray list || list.Count != layers) throw fields.Bad("layer_types", $"must be a list of {layers} entries, one a layer");
        var names = list.Select(n => n is JsonValue && n.GetValueKind() == JsonValueKind.String ? n.GetValue<string>() : "").ToList();
        if (names.Find(n => n is not (all or sliding)) is { } strange) throw fields.Bad("layer_types", $"holds '{strange}'; supported are {all} and {sliding}");
        var first = names.IndexOf(sliding);
        if (first < 0)
        {
            window = null;
            return 0;
        }

        if (names.LastIndexOf(all) > first) throw fields.Bad("layer_types", $"mixes {all} and {sliding}; supported are {sliding} layers after all {all} layers");
        if (window is null) throw fields.Bad("layer_types", $"holds {sliding}, but no window is set (sliding_window{(fields.Has("use_sliding_window") ? ", use_sliding_window" : "")})");
        return first;
    }
}
