using System.Globalization;
using System.Text;

namespace Citrus.Research.Figures;

/// <summary>What all figures share: fonts, the colour-blind safe palette of Okabe and Ito (2008), symbols that tell lines apart without colour, and names for people.</summary>
internal static class FigureLook
{
    public const string Font = "Liberation Sans, Arial, Helvetica, sans-serif";
    public const string Ink = "#222222";
    public const string Faint = "#6B6B6B";
    public const string Grid = "#E6E6E6";
    public const string Band = "#F7F7F7";
    public const int TitleSize = 18;
    public const int TextSize = 13;
    public const int CaptionSize = 12;

    private static readonly string[] Palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];
    private static readonly string[] Symbols = ["circle", "square", "diamond", "triangle-up", "triangle-down", "pentagon", "hexagram"];

    private static readonly Dictionary<string, int> ArmStyles = new(StringComparer.Ordinal)
    {
        ["Direct"] = 6,
        ["PatternRecognition"] = 4,
        ["HypotheticoDeductive"] = 0,
        ["DualExpert"] = 1,
        ["TreeSearch"] = 3,
    };

    /// <summary>Colour and symbol of each name; pathways keep theirs in every figure.</summary>
    public static Dictionary<string, (string Color, string Symbol)> Styles(IEnumerable<string> names)
    {
        var list = names.Distinct(StringComparer.Ordinal).ToList();
        var taken = list.Where(ArmStyles.ContainsKey).Select(n => ArmStyles[n]).ToHashSet();
        var free = new Queue<int>(Enumerable.Range(0, Palette.Length).Where(i => !taken.Contains(i)));
        return list.ToDictionary(n => n, n =>
        {
            var i = ArmStyles.TryGetValue(n, out var own) ? own : free.Count > 0 ? free.Dequeue() : Palette.Length - 1;
            return (Palette[i], Symbols[i]);
        }, StringComparer.Ordinal);
    }

    /// <summary>Colour and symbol of the i-th of n ordered things, such as sizes: light to dark.</summary>
    public static (string Color, string Symbol) Ordered(int i, int n)
    {
        string[] scale = n switch
        {
            1 => ["#0072B2"],
            2 => ["#E69F00", "#0072B2"],
            3 => ["#E69F00", "#009E73", "#0072B2"],
            4 => ["#E69F00", "#56B4E9", "#009E73", "#0072B2"],
            _ => ["#E69F00", "#56B4E9", "#009E73", "#0072B2", "#000000", "#CC79A7", "#D55E00"],
        };
        return (scale[i % scale.Length], Symbols[i % Symbols.Length]);
    }

    /// <summary>A marker; triangles look smaller than they are.</summary>
    public static object Marker((string Color, string Symbol) style, int size = 9) =>
        new { color = style.Color, symbol = style.Symbol, size = Size(style.Symbol, size), line = new { color = "#FFFFFF", width = 0.8 } };

    /// <summary>The marker of a line of many points, of which it shows a few, so that lines are told apart without colour.</summary>
    public static object Marker((string Color, string Symbol) style, int size, int shown) =>
        shown == 0 ? Marker(style, size) : new { color = style.Color, symbol = style.Symbol, size = Size(style.Symbol, size), maxdisplayed = shown, line = new { color = "#FFFFFF", width = 0.8 } };

    private static int Size(string symbol, int size) => size + (symbol.StartsWith("triangle", StringComparison.Ordinal) ? 2 : 0);

    /// <summary>A colour dark enough for text.</summary>
    public static string TextColor(string color) => color switch { "#E69F00" => "#A87400", "#56B4E9" => "#1F7FB8", "#CC79A7" => "#A94F80", _ => color };

    /// <summary><c>PatternRecognition</c> becomes <c>Pattern recognition</c>; what has spaces already stays.</summary>
    public static string Label(string name)
    {
        if (name == "HypotheticoDeductive") return "Hypothetico-deductive";
        if (name.Length == 0 || name.Any(c => !char.IsLetterOrDigit(c))) return Capital(name);
        var words = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var starts = i > 0 && char.IsUpper(name[i]) && char.IsLower(name[i - 1]);
            if (starts) words.Append(' ');
            words.Append(starts ? char.ToLowerInvariant(name[i]) : name[i]);
        }

        return Capital(words.ToString());
    }

    /// <summary>A first letter in capitals.</summary>
    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>Text for Plotly, which reads a few HTML tags: broken into lines of at most so many characters.</summary>
    public static string Wrap(string text, int characters, out int lines)
    {
        var result = new StringBuilder();
        var length = 0;
        lines = 1;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (length > 0 && length + 1 + word.Length > characters)
            {
                result.Append("<br>");
                length = 0;
                lines++;
            }
            else if (length > 0)
            {
                result.Append(' ');
                length++;
            }

            result.Append(Escape(word));
            length += word.Length;
        }

        return result.ToString();
    }

    /// <summary>Text without meaning as HTML.</summary>
    public static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>A fraction as percent with one decimal.</summary>
    public static string Percent(double fraction) => (100 * fraction).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>Rows that Plotly's legend takes: one where all names fit, else columns as wide as the longest.</summary>
    public static int LegendRows(IReadOnlyList<string> names, int width)
    {
        static double Entry(string name) => 52 + (name.Length * 7.2);
        return names.Sum(Entry) <= width ? 1 : (int)Math.Ceiling(names.Count / Math.Max(1, Math.Floor(width / names.Max(Entry))));
    }

    /// <summary>One number or a range.</summary>
    public static string Range(IEnumerable<int> values)
    {
        var list = values.ToList();
        var (low, high) = (list.Min(), list.Max());
        return low == high ? low.ToString("N0", CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{low:N0}–{high:N0}");
    }
}
