using System.Globalization;

namespace Citrus.Research.Experts;

/// <summary>An expert written as one string: <c>kind[:target][?name=value&amp;name=value]</c>, e.g. <c>clinic?fallibility=0.3&amp;seed=7</c>.</summary>
public sealed class ExpertSpec
{
    private readonly SortedDictionary<string, string> _parameters;
    private readonly SortedSet<string> _asked = new(StringComparer.Ordinal);

    private ExpertSpec(string kind, string target, SortedDictionary<string, string> parameters) =>
        (Kind, Target, _parameters) = (kind, target, parameters);

    /// <summary>Which factory makes it, e.g. <c>clinic</c> or <c>student</c>.</summary>
    public string Kind { get; }

    /// <summary>What follows the colon, e.g. a folder; empty where there is none.</summary>
    public string Target { get; }

    public IReadOnlyDictionary<string, string> Parameters => _parameters;

    /// <exception cref="FormatException">The text has no kind, or a parameter without a value or given twice.</exception>
    public static ExpertSpec Parse(string text)
    {
        var question = text.IndexOf('?');
        var head = (question < 0 ? text : text[..question]).Trim();
        var colon = head.IndexOf(':');
        var kind = (colon < 0 ? head : head[..colon]).Trim();
        if (kind.Length == 0 || kind.Any(char.IsWhiteSpace))
            throw new FormatException($"'{text}' is no expert: expected kind[:target][?name=value&name=value], e.g. clinic?fallibility=0.3&seed=7.");
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in question < 0 ? [] : text[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            if (equals <= 0) throw new FormatException($"'{part}' in expert '{text}' is no name=value.");
            if (!parameters.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
                throw new FormatException($"Expert '{text}' gives '{part[..equals]}' twice.");
        }

        return new ExpertSpec(kind, colon < 0 ? "" : head[(colon + 1)..].Trim(), parameters);
    }

    /// <summary>A number between the two bounds, or the default where it is not given.</summary>
    /// <exception cref="FormatException">It is given but is no number in that range.</exception>
    public double Number(string name, double byDefault, double low, double high)
    {
        if (Text(name) is not { } text) return byDefault;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && x >= low && x <= high
            ? x
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name}={text} in expert '{this}': expected a number from {low} to {high}."));
    }

    /// <summary>A whole number, or the default where it is not given.</summary>
    /// <exception cref="FormatException">It is given but is no whole number.</exception>
    public long Integer(string name, long byDefault)
    {
        if (Text(name) is not { } text) return byDefault;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var x)
            ? x
            : throw new FormatException($"{name}={text} in expert '{this}': expected a whole number.");
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
            throw new FormatException($"Expert '{this}' knows no '{unknown}'; it knows {(_asked.Count == 0 ? "no parameters" : string.Join(", ", _asked))}.");
    }

    /// <summary>The canonical text: parameters in ordinal order.</summary>
    public override string ToString() =>
        Kind + (Target.Length == 0 ? "" : ":" + Target)
        + (_parameters.Count == 0 ? "" : "?" + string.Join('&', _parameters.Select(p => $"{p.Key}={p.Value}")));
}
