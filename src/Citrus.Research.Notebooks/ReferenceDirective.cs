namespace Citrus.Research.Notebooks;

/// <summary>An <c>#r</c> or <c>#i</c> line.</summary>
/// <param name="IsSource">True for <c>#i</c>.</param>
/// <param name="Value">What stands between the quotes.</param>
/// <param name="Line">Its line in the cell, from 1.</param>
internal sealed record ReferenceDirective(bool IsSource, string Value, int Line)
{
    private const string Scheme = "nuget:";

    /// <summary>Whether it speaks of NuGet, and what it says then.</summary>
    public bool IsPackage(out string rest)
    {
        var is_ = Value.TrimStart().StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        rest = is_ ? Value.TrimStart()[Scheme.Length..].Trim() : "";
        return is_;
    }

    /// <inheritdoc/>
    public override string ToString() => $"#{(IsSource ? 'i' : 'r')} \"{Value}\"";
}
