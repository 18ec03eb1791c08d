using System.Text.Json;
using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>A message as received, its signature checked.</summary>
/// <param name="Identities">The way back to the sender.</param>
/// <param name="HeaderBytes">The header as sent: what answers carry as their parent.</param>
/// <param name="Type">Such as <c>execute_request</c>.</param>
/// <param name="Content">What depends on the type.</param>
internal sealed record JupyterMessage(IReadOnlyList<byte[]> Identities, byte[] HeaderBytes, string Type, JsonObject Content)
{
    /// <summary>A text of the content; the fallback where it is missing.</summary>
    /// <exception cref="WireException">It is something else.</exception>
    public string Text(string name, string fallback = "") => Get(name, JsonValueKind.String)?.GetValue<string>() ?? fallback;

    /// <summary>A truth value of the content.</summary>
    public bool Flag(string name, bool fallback) => Content[name] switch
    {
        null => fallback,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        _ => throw new WireException($"{Type}: \"{name}\" must be true or false."),
    };

    /// <summary>A whole number of the content.</summary>
    public int Number(string name, int fallback) => Get(name, JsonValueKind.Number) is not { } value ? fallback
        : value.TryGetValue<int>(out var number) ? number
        : value.TryGetValue<double>(out var real) && real is >= int.MinValue and <= int.MaxValue ? (int)real
        : throw new WireException($"{Type}: \"{name}\" is out of range.");

    private JsonValue? Get(string name, JsonValueKind kind) => Content[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == kind => value,
        _ => throw new WireException($"{Type}: \"{name}\" must be a {(kind == JsonValueKind.String ? "text" : "number")}."),
    };
}
