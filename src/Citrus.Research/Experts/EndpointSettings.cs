using System.Globalization;

namespace Citrus.Research.Experts;

/// <summary>What a spec says about an endpoint; the same parameters for every kind of endpoint.</summary>
public sealed record EndpointSettings
{
    /// <summary>Every parameter of an endpoint's spec with what it means, for the help page.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Parameters { get; } =
    [
        ("temperature", "0 to 2; the server's default where not given"),
        ("top_p", "0 to 1; the server's default where not given"),
        ("max_tokens", "most tokens of a reply, a reasoning model's thinking included"),
        ("seed", "whole number; of several samples of one request, sample n is asked with seed + n"),
        ("timeout", "seconds that one attempt may take; 300 where not given"),
        ("rpm", "most requests a minute"),
        ("tpm", "most tokens a minute, input and output"),
        ("format", "schema: send the JSON Schema that a prompt declares for its reply as response_format"),
        ("stream", "true: receive replies as server-sent events, for gateways that cut off long silent calls"),
        ("key", "NAME of the environment variable that holds the key, where it is not the usual one"),
    ];

    /// <summary>The spec's canonical text.</summary>
    public required string Spec { get; init; }

    /// <summary>The model as the server knows it.</summary>
    public required string Model { get; init; }

    /// <summary>What makes two replies comparable: server and model. Part of the cache key.</summary>
    public required string Identity { get; init; }

    public float? Temperature { get; init; }

    public float? TopP { get; init; }

    public int? MaxTokens { get; init; }

    public long? Seed { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(300);

    public int? RequestsPerMinute { get; init; }

    public long? TokensPerMinute { get; init; }

    /// <summary>Whether the prompt's reply schema is sent as response format.</summary>
    public bool SendsSchema { get; init; }

    /// <summary>Whether replies are received as server-sent events.</summary>
    public bool Streams { get; init; }

    /// <summary>Name of the environment variable with the key, where the spec names one.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>Reads the parameters; refuses others.</summary>
    /// <exception cref="FormatException">One of them is unknown or out of its range.</exception>
    public static EndpointSettings Read(ExpertSpec spec, string model, string identity)
    {
        var settings = new EndpointSettings
        {
            Spec = spec.ToString(),
            Model = model.Length > 0 ? model : throw new FormatException($"Which model? Write {spec.Kind}:MODEL."),
            Identity = identity,
            Temperature = (float?)spec.Number("temperature", 0, 2),
            TopP = (float?)spec.Number("top_p", 0, 1),
            MaxTokens = (int?)spec.Integer("max_tokens", 1, 10_000_000),
            Seed = spec.Integer("seed", long.MinValue, long.MaxValue),
            Timeout = TimeSpan.FromSeconds(spec.Number("timeout", 300, 0.001, 86_400)),
            RequestsPerMinute = (int?)spec.Integer("rpm", 1, 10_000_000),
            TokensPerMinute = spec.Integer("tpm", 1, 100_000_000_000),
            SendsSchema = spec.Word("format", "schema") is not null,
            Streams = spec.Word("stream", "true", "false") == "true",
            KeyVariable = spec.Text("key"),
        };
        spec.RefuseOthers();
        return settings;
    }

    /// <summary>Seconds of the timeout, for messages.</summary>
    internal string TimeoutSeconds => Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
