using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Citrus.Research.Clinic;

/// <summary>One mapping of a knowledge file: its fields, each read once, whatever is wrong noted with its line.</summary>
internal sealed class YamlFields
{
    private readonly string _what;
    private readonly KnowledgeNotes _notes;
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> _fields = new(StringComparer.Ordinal);

    public YamlFields(string file, YamlNode node, string what, KnowledgeNotes notes, string[] required, string[] optional)
    {
        (File, Line, _what, _notes) = (file, node.Start.Line, what, notes);
        if (node is not YamlMappingNode mapping)
        {
            notes.Add(file, Line, $"{what} must be a list of `field: value`");
            return;
        }

        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (required.Contains(name) || optional.Contains(name)) _fields[name] = (key, value);
            else notes.Add(file, key.Start.Line, $"{what} has an unknown field `{name}`; known are {string.Join(", ", required.Concat(optional))}");
        }

        foreach (var name in required)
        {
            if (!_fields.ContainsKey(name)) notes.Add(file, Line, $"{what} lacks the field `{name}`");
        }
    }

    public string File { get; }

    public long Line { get; }

    public long LineOf(string field) => _fields.TryGetValue(field, out var f) ? f.Key.Start.Line : Line;

    public YamlNode? Node(string field) => _fields.TryGetValue(field, out var f) ? f.Value : null;

    /// <summary>The text of a field; empty (and noted) where it is no text.</summary>
    public string Text(string field) => Node(field) is { } node ? Scalar(node, $"`{field}` of {_what}") : "";

    public double Number(string field) => Node(field) is { } node ? Number(node, $"`{field}` of {_what}") : 0;

    public double Number(YamlNode node, string what)
    {
        var text = Scalar(node, what);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)) return value;
        if (text.Length > 0) _notes.Add(File, node.Start.Line, $"{what} = {text} is no number");
        return double.NaN;
    }

    public double Probability(YamlNode node, string what)
    {
        var value = Number(node, what);
        if (value is < 0 or > 1) _notes.Add(File, node.Start.Line, string.Create(CultureInfo.InvariantCulture, $"{what} = {value} is outside 0..1"));
        return value;
    }

    public double Probability(string field, string what) => Node(field) is { } node ? Probability(node, what) : 0;

    public IReadOnlyList<YamlNode> List(string field)
    {
        switch (Node(field))
        {
            case null: return [];
            case YamlSequenceNode list: return [.. list.Children];
            case var node:
                _notes.Add(File, node.Start.Line, $"`{field}` of {_what} must be a list");
                return [];
        }
    }

    public IReadOnlyList<(string Text, long Line)> Texts(string field) =>
        [.. List(field).Select(n => (Scalar(n, $"`{field}` of {_what}"), n.Start.Line))];

    /// <summary>Names and values of a field that is itself a mapping.</summary>
    public IReadOnlyList<(string Name, YamlNode Value, long Line)> Entries(string field)
    {
        switch (Node(field))
        {
            case null: return [];
            case YamlMappingNode map: return [.. map.Children.Select(c => (Scalar(c.Key, $"`{field}` of {_what}"), c.Value, c.Key.Start.Line))];
            case var node:
                _notes.Add(File, node.Start.Line, $"`{field}` of {_what} must be a list of `name: value`");
                return [];
        }
    }

    private string Scalar(YamlNode node, string what)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } text }) return text;
        _notes.Add(File, node.Start.Line, $"{what} must be a text and not empty");
        return "";
    }
}
