using System.Text.Json.Nodes;

namespace Citrus.Research.Models;

/// <summary>The rotary positions in a <c>config.json</c>: <c>rope_theta</c> and <c>rope_scaling</c>, or <c>rope_parameters</c> as Transformers 5 writes them.</summary>
internal static class RopeFields
{
    private const double DefaultTheta = 10_000;

    private static readonly string[] Stretch = ["factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings"];

    public static (double Theta, RopeScaling? Scaling) Read(ConfigFields fields, DecoderArchitecture family)
    {
        var theta = fields.Number("rope_theta", double.NaN);
        RopeScaling? scaling = null;
        foreach (var name in new[] { "rope_scaling", "rope_parameters" })
        {
            if (!fields.Has(name)) continue;
            if (fields.Node(name) is not JsonObject rope) throw fields.Bad(name, $"is {ConfigFields.Short(fields.Node(name)!)}; it must be an object or null");
            if (rope["rope_theta"] is { } inner)
            {
                var found = fields.AsNumber(inner, name + ".rope_theta");
                if (!double.IsNaN(theta) && theta != found) throw fields.Bad("rope_theta", FormattableString.Invariant($"is {theta}, but {name} says {found}"));
                theta = found;
            }

            var mine = Scaling(fields, name, rope, family);
            if (scaling is not null && mine is not null && scaling != mine) throw fields.Bad("rope_scaling", "and rope_parameters contradict each other");
            scaling ??= mine;
        }

        return (double.IsNaN(theta) ? DefaultTheta : theta, scaling);
    }

    private static RopeScaling? Scaling(ConfigFields fields, string name, JsonObject rope, DecoderArchitecture family)
    {
        var kind = rope["rope_type"] ?? rope["type"];
        var text = kind is null ? "default" : ConfigFields.Short(kind).Trim('\'');
        if (text is not ("default" or "llama3"))
            throw fields.Bad(name, $"is of type '{text}'; supported are default and llama3 (rotary positions as they are, and as Llama 3.1 stretches them)");
        if (text == "llama3" && family != DecoderArchitecture.Llama) throw fields.Bad(name, "is of type 'llama3'; this is supported for model_type llama only");
        foreach (var (field, value) in rope)
        {
            if (field is "rope_type" or "type" or "rope_theta" || value is null || (text == "llama3" && Stretch.Contains(field))) continue;
            if (field == "partial_rotary_factor" && fields.AsNumber(value, $"{name}.{field}") == 1) continue;
            throw fields.Bad($"{name}.{field}", $"is {ConfigFields.Short(value)}; with type {text} it is not supported");
        }

        if (text == "default") return null;
        double Of(string field) => fields.AsNumber(rope[field] ?? throw fields.Bad($"{name}.{field}", "is missing; type llama3 needs it"), $"{name}.{field}");
        var original = Of("original_max_position_embeddings");
        if (original is < 1 or > int.MaxValue || original != Math.Floor(original)) throw fields.Bad(name + ".original_max_position_embeddings", "must be a whole number above 0");
        return new RopeScaling(Of("factor"), Of("low_freq_factor"), Of("high_freq_factor"), (int)original);
    }
}
