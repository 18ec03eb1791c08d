using System.Globalization;

namespace Citrus.Research.Evaluation.Protocols;

/// <summary>A protocol written as one string: <c>name[?option=value&amp;option=value]</c>. A protocol asks for its options by name; one that nobody asked for is an error.</summary>
public sealed class ProtocolSpec
{
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];

    /// <exception cref="FormatException">The text is no such string.</exception>
    public ProtocolSpec(string text)
    {
        var mark = text.IndexOf('?', StringComparison.Ordinal);
        Name = (mark < 0 ? text : text[..mark]).Trim();
        foreach (var part in mark < 0 ? [] : text[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new FormatException($"What follows '?' in protocol '{Short(Name)}' is option=value, joined by '&', not '{Short(part)}'.");
            if (!_given.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim())) throw new FormatException($"Protocol '{Short(Name)}' is given '{Short(part[..equals])}' twice.");
        }
    }

    /// <summary>The protocol's name.</summary>
    public string Name { get; }

    /// <summary>An option as it was written; null where it is not given.</summary>
    public string? Text(string option)
    {
        _asked.Add(option);
        return _given.TryGetValue(option, out var value) && value.Length > 0 ? value : null;
    }

    /// <summary>A whole number.</summary>
    /// <exception cref="FormatException">It is none, or out of its range.</exception>
    public int? Integer(string option, int low, int high) => Text(option) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high ? value
        : throw Wrong(option, text, $"a whole number from {low} to {high}");

    /// <summary>A number.</summary>
    /// <exception cref="FormatException">It is none, or out of its range.</exception>
    public double? Number(string option, double low, double high) => Text(option) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high ? value
        : throw Wrong(option, text, string.Create(CultureInfo.InvariantCulture, $"a number from {low} to {high}"));

    /// <summary>One of some words.</summary>
    /// <exception cref="FormatException">It is another.</exception>
    public string? Word(string option, params string[] words) => Text(option) is not { } text ? null
        : words.Contains(text, StringComparer.Ordinal) ? text : throw Wrong(option, text, string.Join(" or ", words));

    /// <summary>How a question is put; null where the protocol does not say.</summary>
    public PromptStyle? Style() => Word("prompt", "bare", "expert", "plain") switch { "bare" => PromptStyle.Bare, "expert" => PromptStyle.Expert, "plain" => PromptStyle.Plain, _ => null };

    /// <summary>An error of an option's value.</summary>
    public FormatException Wrong(string option, string value, string right) => new($"{option}={Short(value)} in protocol '{Name}': expected {right}.");

    /// <summary>Call last: an option that was not asked for is a typing error.</summary>
    /// <exception cref="FormatException">There is one.</exception>
    public void RefuseOthers()
    {
        if (_given.Keys.FirstOrDefault(k => !_asked.Contains(k)) is { } unknown)
            throw new FormatException($"Protocol '{Name}' knows no '{Short(unknown)}'; it knows {(_asked.Count == 0 ? "no options" : string.Join(", ", _asked.Distinct(StringComparer.Ordinal)))}.");
    }

    internal static string Write(string name, params (string Option, object? Value)[] options)
    {
        var given = options.Where(o => o.Value is not null).Select(o => $"{o.Option}={Convert.ToString(o.Value, CultureInfo.InvariantCulture)}").ToList();
        return given.Count == 0 ? name : $"{name}?{string.Join('&', given)}";
    }

    private static string Short(string text) => text.Length > 60 ? text[..60] + "..." : text;
}
