using System.Globalization;
using System.Text.RegularExpressions;

namespace Citrus.Research.Experts;

/// <summary>
/// An expert written as one string: <c>kind[:target][?name=value&amp;name=value]</c>, e.g. <c>clinic?fallibility=0.3&amp;seed=7</c>, or the
/// address of a server with the model after <c>#</c>: <c>http://host:8000/v1#model?temperature=0.7</c>. The text never holds a key.
/// </summary>
public sealed partial class ExpertSpec
{
    private readonly SortedDictionary<string, string> _parameters;
    private readonly SortedSet<string> _asked = new(StringComparer.Ordinal);

    private ExpertSpec(string kind, string target, SortedDictionary<string, string> parameters) =>
        (Kind, Target, _parameters) = (kind, target, parameters);

    /// <summary>Which factory makes it, e.g. <c>clinic</c> or <c>student</c>; <c>http</c> or <c>https</c> for an address.</summary>
    public string Kind { get; }

    /// <summary>What follows the colon, e.g. a folder, or <c>//host:8000/v1#model</c> of an address; empty where there is none.</summary>
    public string Target { get; }

    public IReadOnlyDictionary<string, string> Parameters => _parameters;

    /// <summary>Kind and target without the parameters.</summary>
    public string Head => Kind + (Target.Length == 0 ? "" : ":" + Target);

    /// <exception cref="FormatException">The text has no kind, a parameter without a value or given twice, an address without a model, or something that may be a secret (which the message does not repeat).</exception>
    public static ExpertSpec Parse(string text)
    {
        text = text.Trim();
        // A replay's target may itself be a spec with parameters: replay:DIR#openai:gpt-4o?temperature=0.
        if (text.StartsWith("replay:", StringComparison.Ordinal)) return new ExpertSpec("replay", text[7..].Trim(), new(StringComparer.Ordinal));
        var address = IsAddress(text);
        var question = address ? AfterModel(text) : text.IndexOf('?');
        var head = (question < 0 ? text : text[..question]).Trim();
        var colon = head.IndexOf(':');
        var kind = (colon < 0 ? head : head[..colon]).Trim();
        if (kind.Length == 0 || kind.Any(char.IsWhiteSpace))
            throw new FormatException($"'{Short(head)}' is no expert: expected kind[:target][?name=value&name=value], e.g. clinic?fallibility=0.3&seed=7.");
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal);
        // Messages say the head and a parameter's name, not its value: somebody may have put a key there.
        foreach (var part in question < 0 ? [] : text[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            if (equals <= 0) throw new FormatException($"What follows '?' in expert '{Short(head)}' is no name=value.");
            var name = part[..equals].Trim();
            if (name == "key" && !VariableName().IsMatch(part[(equals + 1)..].Trim()))
                throw new FormatException($"key= in expert '{Short(head)}' takes the NAME of an environment variable (capital letters, digits, _), e.g. key=MY_LAB_KEY; a key itself never stands in a spec.");
            if (!parameters.TryAdd(name, part[(equals + 1)..].Trim()))
                throw new FormatException($"Expert '{Short(head)}' gives '{name}' twice.");
        }

        return new ExpertSpec(address ? kind.ToLowerInvariant() : kind, colon < 0 ? "" : head[(colon + 1)..].Trim(), parameters);
    }

    /// <summary>A number between the two bounds, or the default where it is not given.</summary>
    /// <exception cref="FormatException">It is given but is no number in that range.</exception>
    public double Number(string name, double byDefault, double low, double high) => Number(name, low, high) ?? byDefault;

    /// <summary>A number between the two bounds; null where it is not given.</summary>
    /// <exception cref="FormatException">It is given but is no number in that range.</exception>
    public double? Number(string name, double low, double high)
    {
        if (Text(name) is not { } text) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && x >= low && x <= high
            ? x
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name}={Short(text)} in expert '{Head}': expected a number from {low} to {high}."));
    }

    /// <summary>A whole number, or the default where it is not given.</summary>
    /// <exception cref="FormatException">It is given but is no whole number.</exception>
    public long Integer(string name, long byDefault) => Integer(name, long.MinValue, long.MaxValue) ?? byDefault;

    /// <summary>A whole number between the two bounds; null where it is not given.</summary>
    /// <exception cref="FormatException">It is given but is no whole number in that range.</exception>
    public long? Integer(string name, long low, long high)
    {
        if (Text(name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var x) && x >= low && x <= high
            ? x
            : throw new FormatException($"{name}={Short(text)} in expert '{Head}': expected a whole number{(low > long.MinValue ? $" from {low} to {high}" : "")}.");
    }

    /// <summary>One of the words given; null where it is not given.</summary>
    /// <exception cref="FormatException">It is given but is another word.</exception>
    public string? Word(string name, params ReadOnlySpan<string> words)
    {
        if (Text(name) is not { } text) return null;
        return words.Contains(text) ? text : throw new FormatException($"{name}={Short(text)} in expert '{Head}': expected {string.Join(" or ", words.ToArray())}.");
    }

    /// <summary>The parameter as it was written; null where it is not given.</summary>
    public string? Text(string name)
    {
        _asked.Add(name);
        return _parameters.GetValueOrDefault(name);
    }

    /// <summary>For a factory to call last: a parameter that nobody asked for is a typing error, not a default.</summary>
    /// <exception cref="FormatException">There is one.</exception>
    public void RefuseOthers()
    {
        if (_parameters.Keys.FirstOrDefault(k => !_asked.Contains(k)) is { } unknown)
            throw new FormatException($"Expert '{Head}' knows no '{Short(unknown)}'; it knows {(_asked.Count == 0 ? "no parameters" : string.Join(", ", _asked))}.");
    }

    /// <summary>The canonical text: parameters in ordinal order.</summary>
    public override string ToString() =>
        Head + (_parameters.Count == 0 ? "" : "?" + string.Join('&', _parameters.Select(p => $"{p.Key}={p.Value}")));

    private static bool IsAddress(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where an address's parameters begin, -1 where it has none.</summary>
    private static int AfterModel(string text)
    {
        var hash = text.IndexOf('#');
        var url = hash < 0 ? text : text[..hash];
        if (url.Contains('@')) throw new FormatException("The address of an expert holds a user name or password (before '@'). Leave it out; a key comes from the environment variable CITRUS_API_KEY, or the one that key=NAME names.");
        if (url.Contains('?')) throw new FormatException($"The address '{Short(url[..url.IndexOf('?')])}' is followed by '?' before any '#'. Write http://host:8000/v1#model?name=value: the model first, then the options.");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0) throw new FormatException($"'{Short(url)}' is no address; expected e.g. http://host:8000/v1#model.");
        var question = hash < 0 ? -1 : text.IndexOf('?', hash);
        var model = hash < 0 ? "" : (question < 0 ? text[(hash + 1)..] : text[(hash + 1)..question]).Trim();
        return model.Length > 0 ? question : throw new FormatException($"Which model of {Short(url)}? Write it after '#', e.g. {Short(url)}#model-name; GET {Short(url.TrimEnd('/'))}/models tells what there is.");
    }

    private static string Short(string text) => text.Length <= 120 ? text : text[..120] + "...";

    [GeneratedRegex("^[A-Z_][A-Z0-9_]{0,63}$")]
    private static partial Regex VariableName();
}
