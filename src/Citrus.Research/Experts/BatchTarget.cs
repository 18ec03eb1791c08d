using System.Text.RegularExpressions;

namespace Citrus.Research.Experts;

/// <summary>What an expert's spec means to a batch file: the model, how it samples and, where there is one, the server that takes batches.</summary>
/// <remarks>
/// <c>openai:MODEL</c>, <c>azure:DEPLOYMENT</c> and <c>http(s)://HOST/v1#MODEL</c> name a server; any other spec (<c>clinic</c>, <c>student:DIR</c>, ...) has none, and
/// its files are answered here. Options after <c>?</c>: temperature, top_p, max_tokens, seed, format=schema, key=NAME; those that only pace live calls
/// (timeout, rpm, tpm, stream) mean nothing here and are passed over.
/// </remarks>
public sealed partial record BatchTarget
{
    private const string OpenAi = "openai:";
    private const string Azure = "azure:";
    private const string AzureAddress = "AZURE_OPENAI_ENDPOINT";
    private static readonly string[] Known = ["temperature", "top_p", "max_tokens", "seed", "format", "key", "timeout", "rpm", "tpm", "stream"];

    private BatchTarget(string spec, string model, Uri? address) => (Spec, Model, Address) = (spec, model, address);

    /// <summary>The spec as it was written.</summary>
    public string Spec { get; }

    /// <summary>The <c>model</c> of every request.</summary>
    public string Model { get; }

    /// <summary>The API's root, e.g. <c>https://api.openai.com/v1</c>; null where no server takes batches.</summary>
    public Uri? Address { get; }

    /// <summary>Environment variable that holds the key.</summary>
    public string KeyVariable { get; private init; } = "";

    /// <summary>Whether the server refuses whoever has no key.</summary>
    public bool NeedsKey { get; private init; }

    public double? Temperature { get; private init; }

    public double? TopP { get; private init; }

    /// <summary>Most output tokens of a reply.</summary>
    public long? MaxTokens { get; private init; }

    public long? Seed { get; private init; }

    /// <summary>Whether the reply schema that a prompt declares is sent as response format.</summary>
    public bool SendsSchema { get; private init; }

    /// <summary>OpenAI's own models refuse <c>max_tokens</c>, other servers may not know its successor.</summary>
    public string MaxTokensField => Spec.StartsWith("http", StringComparison.Ordinal) ? "max_tokens" : "max_completion_tokens";

    /// <summary>The <c>url</c> of every request and <c>endpoint</c> of the batch; Azure's stands below its v1 root already.</summary>
    public string Endpoint => Spec.StartsWith(Azure, StringComparison.Ordinal) ? "/chat/completions" : "/v1/chat/completions";

    /// <summary>Reads a spec.</summary>
    /// <exception cref="FormatException">It names no model, a malformed address, or an option that a batch does not know. The message repeats no option's value.</exception>
    public static BatchTarget Of(string spec)
    {
        var head = spec.Split('?', 2)[0].Trim();
        if (head.StartsWith("http://", StringComparison.Ordinal) || head.StartsWith("https://", StringComparison.Ordinal))
        {
            var hash = head.IndexOf('#');
            if (hash < 0 || hash == head.Length - 1) throw new FormatException($"'{head}' names no model; write it behind a #, e.g. http://host:8000/v1#Qwen/Qwen2.5-7B-Instruct.");
            if (!Uri.TryCreate(head[..hash], UriKind.Absolute, out var address) || address.UserInfo.Length > 0)
                throw new FormatException("The address of an expert is malformed or holds a user name; expected e.g. http://host:8000/v1#MODEL. A key comes from the environment variable CITRUS_API_KEY.");
            return Sampled(new BatchTarget(spec, head[(hash + 1)..], address) { KeyVariable = "CITRUS_API_KEY" }, head);
        }

        if (head.StartsWith(OpenAi, StringComparison.Ordinal))
            return Sampled(new BatchTarget(spec, Named(head, OpenAi), new Uri("https://api.openai.com/v1")) { KeyVariable = "OPENAI_API_KEY", NeedsKey = true }, head);
        if (head.StartsWith(Azure, StringComparison.Ordinal))
        {
            // Without its address the files can still be written; sending them says what is missing.
            var root = Uri.TryCreate(Environment.GetEnvironmentVariable(AzureAddress)?.Trim(), UriKind.Absolute, out var given) ? new Uri(given.GetLeftPart(UriPartial.Authority) + "/openai/v1") : new Uri($"https://set-{AzureAddress}.invalid/openai/v1");
            return Sampled(new BatchTarget(spec, Named(head, Azure), root) { KeyVariable = "AZURE_OPENAI_API_KEY", NeedsKey = true }, head);
        }

        return new BatchTarget(spec, ExpertSpec.Parse(spec).Kind, null);
    }

    private static string Named(string head, string kind) =>
        head[kind.Length..].Trim() is { Length: > 0 } model ? model : throw new FormatException($"'{head}' names no model; write e.g. openai:gpt-4o.");

    private static BatchTarget Sampled(BatchTarget target, string head)
    {
        var options = ExpertSpec.Parse("batch" + (target.Spec.IndexOf('?') is >= 0 and var at ? target.Spec[at..] : ""));
        double? Number(string name, double high) => options.Parameters.ContainsKey(name) ? options.Number(name, 0, 0, high) : null;
        long? Whole(string name) => !options.Parameters.TryGetValue(name, out var text) ? null
            : long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var x) ? x : throw new FormatException($"{name} of expert '{head}' must be a whole number.");
        if (options.Parameters.Keys.FirstOrDefault(k => !Known.Contains(k)) is { } unknown)
            throw new FormatException($"'{unknown}' of expert '{head}' is not known; a batch knows temperature, top_p, max_tokens, seed, format and key.");
        var key = options.Parameters.GetValueOrDefault("key");
        if (key is not null && !VariableName().IsMatch(key)) throw new FormatException($"key= of expert '{head}' takes the NAME of an environment variable (capital letters, digits, _); a key itself never stands in a spec.");
        if (options.Parameters.TryGetValue("format", out var format) && format != "schema") throw new FormatException($"format of expert '{head}' can only be schema.");
        return target with
        {
            Temperature = Number("temperature", 2),
            TopP = Number("top_p", 1),
            MaxTokens = Whole("max_tokens"),
            Seed = Whole("seed"),
            SendsSchema = format is not null,
            KeyVariable = key ?? target.KeyVariable,
            NeedsKey = target.NeedsKey || key is not null,
        };
    }

    [GeneratedRegex("^[A-Z_][A-Z0-9_]*$")]
    private static partial Regex VariableName();
}
