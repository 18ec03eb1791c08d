using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Citrus.Research.Studies;

/// <summary>Content addresses: equal inputs give an equal id on every machine.</summary>
public static class StepHash
{
    /// <summary>How options and results are written: camel case, enums by name, NaN as a string, no culture.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NewLine = "\n",
        IncludeFields = true, // value tuples
    };

    /// <summary>The id of a step.</summary>
    /// <param name="kind">What the step makes.</param>
    /// <param name="version">Raised by hand whenever the code of this kind of step changes what comes out.</param>
    /// <param name="inputs">Everything resolved that the step depends on, ids of earlier steps included.</param>
    public static StepId Of(string kind, int version, object inputs) =>
        new(kind, HexOf($"{kind}\n{version}\n{Canonical(inputs)}")[..16]);

    /// <summary>SHA-256 of a text's UTF-8 bytes, lower-case hex.</summary>
    public static string HexOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>SHA-256 over names and bytes of all files below a folder, in ordinal order of their relative paths.</summary>
    public static string HexOfFolder(string folder)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                     .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal))
        {
            sha.AppendData(Encoding.UTF8.GetBytes(file + "\n"));
            sha.AppendData(File.ReadAllBytes(Path.Combine(folder, file)));
        }

        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    /// <summary>JSON with sorted keys and no white space.</summary>
    public static string Canonical(object value) => Sorted(JsonSerializer.SerializeToNode(value, value.GetType(), Json))?.ToJsonString(Json) ?? "null";

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
