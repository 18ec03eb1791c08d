using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Citrus.Research.Figures;

/// <summary>Where a figure's numbers come from. It holds no time of day, so that the same inputs on the same machine give the same bytes.</summary>
public sealed record FigureManifest
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The figure's id.</summary>
    public required string Figure { get; init; }

    /// <summary>The figure's title.</summary>
    public string Title { get; init; } = "";

    /// <summary>The figure's caption.</summary>
    public string Caption { get; init; } = "";

    /// <summary>Every seed that took part.</summary>
    public IReadOnlyList<ulong> Seeds { get; init; } = [];

    /// <summary>SHA-256 in hexadecimal of what went in, by name.</summary>
    public SortedDictionary<string, string> Inputs { get; init; } = new(StringComparer.Ordinal);

    /// <summary>SHA-256 in hexadecimal of the tables drawn, by file name.</summary>
    public SortedDictionary<string, string> Tables { get; init; } = new(StringComparer.Ordinal);

    /// <summary>SHA-256 in hexadecimal of the Plotly JSON.</summary>
    public string Drawing { get; init; } = "";

    /// <summary>SHA-256 in hexadecimal of the SVG and PNG that were drawn from it, by file name; empty where no browser was there.</summary>
    public SortedDictionary<string, string> Pictures { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Versions by name: this library, .NET, plotly.js.</summary>
    public SortedDictionary<string, string> Software { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The machine in a few words.</summary>
    public SortedDictionary<string, string> Hardware { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Anything else worth keeping: scale, arms, how often the test split was read.</summary>
    public SortedDictionary<string, string> Settings { get; init; } = new(StringComparer.Ordinal);

    /// <summary>A manifest of this process and machine.</summary>
    public static FigureManifest Capture(Figure figure, IEnumerable<ulong> seeds, IReadOnlyDictionary<string, string>? inputs = null, IReadOnlyDictionary<string, string>? settings = null) => new()
    {
        Figure = figure.Id,
        Title = figure.Title,
        Caption = figure.Caption,
        Seeds = [.. seeds.Distinct().Order()],
        Inputs = Sorted(inputs),
        Settings = Sorted(settings),
        Drawing = Hash(figure.ToJson()),
        Tables = Sorted(figure.Tables.ToDictionary(t => FigureFiles.TableName(figure, t), t => Hash(t.ToCsv()))),
        Software = new(StringComparer.Ordinal)
        {
            ["citrus"] = typeof(FigureManifest).Assembly.GetName().Version?.ToString(3) ?? "",
            ["dotnet"] = Environment.Version.ToString(),
            ["plotly.js"] = "2.28.0",
        },
        Hardware = new(StringComparer.Ordinal)
        {
            ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
            ["cores"] = Environment.ProcessorCount.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["os"] = RuntimeInformation.OSDescription,
        },
    };

    /// <summary>
    /// This manifest with the pictures that were drawn now; those of the manifest at <paramref name="path"/> stay where the drawing is the same and they were not drawn again.
    /// Where nothing differs but machine and versions, the one at <paramref name="path"/>.
    /// </summary>
    internal FigureManifest After(string path, StaticPicture picture)
    {
        FigureManifest? earlier;
        try
        {
            earlier = File.Exists(path) ? Load(path) : null;
        }
        catch (InvalidDataException)
        {
            earlier = null; // damaged: written anew
        }

        var pictures = earlier?.Drawing == Drawing ? Sorted(earlier.Pictures) : Sorted(null);
        if (picture.Svg is { } svg) pictures[Figure + ".svg"] = Hash(svg);
        if (picture.Png is { } png) pictures[Figure + ".png"] = Convert.ToHexStringLower(SHA256.HashData(png));
        var software = Sorted(Software);
        if (picture.Browser is { } browser) software["browser"] = browser;
        var now = this with { Pictures = pictures, Software = software };
        return earlier is not null && (now with { Software = earlier.Software, Hardware = earlier.Hardware }).ToJson() == earlier.ToJson() ? earlier : now;
    }

    /// <summary>SHA-256 of a text in UTF-8, in hexadecimal.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>SHA-256 of a file's bytes, in hexadecimal.</summary>
    public static string HashFile(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="InvalidDataException">The file is no manifest.</exception>
    public static FigureManifest Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<FigureManifest>(File.ReadAllText(path), Json) ?? throw new InvalidDataException($"{path}: empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: no figure manifest: {e.Message}", e);
        }
    }

    /// <summary>The manifest as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>Writes the JSON.</summary>
    public void Save(string path) => FigureFiles.Write(path, ToJson());

    private static SortedDictionary<string, string> Sorted(IReadOnlyDictionary<string, string>? values)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in values ?? new Dictionary<string, string>()) sorted[key] = value;
        return sorted;
    }
}
