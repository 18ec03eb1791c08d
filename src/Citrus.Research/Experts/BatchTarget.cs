namespace Citrus.Research.Experts;

/// <summary>What an expert's spec means to a batch file: the model, how it samples and, where there is one, the server that takes batches.</summary>
/// <remarks>
/// <c>openai:MODEL</c> and <c>http(s)://HOST/v1#MODEL</c> name a server; any other spec (<c>clinic</c>, <c>student:DIR</c>, ...) has none, and its files are
/// answered here. Options after <c>?</c>: temperature, top_p, max_tokens, seed.
/// </remarks>
public sealed record BatchTarget
{
    private const string OpenAi = "openai:";

    private BatchTarget(string spec, string model, Uri? address, string? keyVariable) => (Spec, Model, Address, KeyVariable) = (spec, model, address, keyVariable);

    /// <summary>The spec as it was written.</summary>
    public string Spec { get; }

    /// <summary>The <c>model</c> of every request.</summary>
    public string Model { get; }

    /// <summary>The API's root, e.g. <c>https://api.openai.com/v1</c>; null where no server takes batches.</summary>
    public Uri? Address { get; }

    /// <summary>Environment variable that holds the key; null where there is no server.</summary>
    public string? KeyVariable { get; }

    public double? Temperature { get; private init; }

    public double? TopP { get; private init; }

    /// <summary>Most output tokens of a reply.</summary>
    public long? MaxTokens { get; private init; }

    public long? Seed { get; private init; }

    /// <summary>OpenAI's own models refuse <c>max_tokens</c>, other servers may not know its successor.</summary>
    public string MaxTokensField => Spec.StartsWith(OpenAi, StringComparison.Ordinal) ? "max_completion_tokens" : "max_tokens";

    /// <summary>Reads a spec.</summary>
    /// <exception cref="FormatException">It names no model, a malformed address, or an option that a batch does not know.</exception>
    public static BatchTarget Of(string spec)
    {
        var (head, isHttp) = (spec.Split('?', 2)[0].Trim(), spec.StartsWith("http://", StringComparison.Ordinal) || spec.StartsWith("https://", StringComparison.Ordinal));
        if (isHttp)
        {
            var hash = head.IndexOf('#');
            if (hash < 0 || hash == head.Length - 1) throw new FormatException($"'{spec}' names no model; write it behind a #, e.g. http://host:8000/v1#Qwen/Qwen2.5-7B-Instruct.");
            if (!Uri.TryCreate(head[..hash], UriKind.Absolute, out var address) || address.UserInfo.Length > 0)
                throw new FormatException($"'{head[..hash]}' in expert '{spec}' is no address of a server, e.g. http://host:8000/v1.");
            return Sampled(spec, head[(hash + 1)..], address, "OPENAI_COMPATIBLE_API_KEY");
        }

        if (head.StartsWith(OpenAi, StringComparison.Ordinal))
        {
            var model = head[OpenAi.Length..].Trim();
            if (model.Length == 0) throw new FormatException($"'{spec}' names no model; write e.g. openai:gpt-4o.");
            return Sampled(spec, model, new Uri("https://api.openai.com/v1"), "OPENAI_API_KEY");
        }

        return new BatchTarget(spec, ExpertSpec.Parse(spec).Kind, null, null);
    }

    private static BatchTarget Sampled(string spec, string model, Uri address, string keyVariable)
    {
        var options = ExpertSpec.Parse("batch" + (spec.IndexOf('?') is >= 0 and var at ? spec[at..] : ""));
        double? Number(string name, double high) => options.Parameters.ContainsKey(name) ? options.Number(name, 0, 0, high) : null;
        long? Whole(string name) => options.Parameters.ContainsKey(name) ? options.Integer(name, 0) : null;
        if (options.Parameters.Keys.FirstOrDefault(k => k is not ("temperature" or "top_p" or "max_tokens" or "seed")) is { } unknown)
            throw new FormatException($"'{unknown}' in expert '{spec}' means nothing in a batch; it knows temperature, top_p, max_tokens and seed.");
        return new BatchTarget(spec, model, address, keyVariable) { Temperature = Number("temperature", 2), TopP = Number("top_p", 1), MaxTokens = Whole("max_tokens"), Seed = Whole("seed") };
    }
}
