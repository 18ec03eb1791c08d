using System.Text.RegularExpressions;

namespace Citrus.Research.Notebooks.Packages;

/// <summary>A package that a cell asks for.</summary>
/// <param name="Id">The package's name.</param>
/// <param name="Version">A version, a range or a floating version as the SDK takes them (<c>1.2.3</c>, <c>[1.0,2.0)</c>, <c>1.*</c>); null takes the newest that is no preview.</param>
internal sealed partial record PackageRequest(string Id, string? Version)
{
    /// <summary>Whether the same request may be answered otherwise tomorrow.</summary>
    public bool Floats => Version is null || Version.Contains('*', StringComparison.Ordinal);

    /// <summary>Reads what follows <c>nuget:</c>.</summary>
    /// <exception cref="FormatException">No package name or no version.</exception>
    public static PackageRequest Parse(string text)
    {
        var parts = text.Split(',', 2, StringSplitOptions.TrimEntries);
        if (!Name().IsMatch(parts[0]))
            throw new FormatException($"\"{parts[0]}\" is no package name; write #r \"nuget: Name, Version\".");
        if (parts.Length == 1) return new PackageRequest(parts[0], null);
        if (!Versions().IsMatch(parts[1]))
            throw new FormatException($"\"{parts[1]}\" is no version; write for example #r \"nuget: {parts[0]}, 1.2.3\" or 1.*.");
        return new PackageRequest(parts[0], parts[1]);
    }

    /// <inheritdoc/>
    public override string ToString() => Version is null ? Id : $"{Id}, {Version}";

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.\-]{0,99}$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[\[\(]?[0-9A-Za-z.\-+*, ]{1,100}[\]\)]?$")]
    private static partial Regex Versions();
}
