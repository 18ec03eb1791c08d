using System.Text.Json;
using System.Text.Json.Nodes;

namespace Citrus.Research.Benchmarks;

/// <summary>What a benchmark found: one line to the terminal, and a file.</summary>
internal static class BenchmarkFile
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(JsonObject result, string? path)
    {
        Console.WriteLine(result.ToJsonString());
        if (path is null) return;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, result.ToJsonString(Readable) + "\n");
        Console.Error.WriteLine($"Written to {path}");
    }
}
