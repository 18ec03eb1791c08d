using Parquet;
using Parquet.Serialization;

namespace Citrus.Research.Examples;

/// <summary>Examples as a Parquet file (Snappy), for DuckDB, pandas, Hugging Face datasets and the like. Loss weights within a message are left to the JSON Lines file.</summary>
public static class ExampleParquet
{
    /// <summary>Writes the rows; the file appears whole or not at all.</summary>
    public static void Write(string path, IEnumerable<ExampleRow> rows)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var part = path + ".part";
        try
        {
            ParquetSerializer.SerializeAsync(rows, part, new ParquetOptions { RowGroupSize = 10_000, CompressionMethod = CompressionMethod.Snappy }).GetAwaiter().GetResult();
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>The rows of a file that <see cref="Write"/> wrote.</summary>
    public static IReadOnlyList<ExampleRow> Read(string path) => [.. ParquetSerializer.DeserializeAsync<ExampleRow>(path).GetAwaiter().GetResult().Data];
}
