namespace Citrus.Research.Questions.Benchmarks;

/// <summary>What the name of a published file says of its questions, where the file itself does not.</summary>
internal static class BenchmarkName
{
    private static readonly string[] Splits = ["train", "dev", "val", "valid", "validation", "test"];

    /// <summary>The subject and the split of <c>college_medicine_test.csv</c>; the split is empty where the name ends in none.</summary>
    public static (string Subject, string Split) Of(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var cut = name.LastIndexOf('_');
        var ending = cut > 0 ? name[(cut + 1)..].ToLowerInvariant() : "";
        return Splits.Contains(ending) ? (name[..cut], ending.StartsWith("val", StringComparison.Ordinal) ? "dev" : ending) : (name, "");
    }

    /// <summary>A word of lower case letters, digits and hyphens, as names of benchmarks are.</summary>
    public static string Word(string text) => string.Join('-', text.ToLowerInvariant().Split([' ', '_', '-', '.', '/'], StringSplitOptions.RemoveEmptyEntries));
}
