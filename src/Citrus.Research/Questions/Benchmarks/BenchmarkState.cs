using System.Text.Json.Serialization;

namespace Citrus.Research.Questions.Benchmarks;

/// <summary>What a file is to the manifest of published benchmarks.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BenchmarkState>))]
public enum BenchmarkState
{
    /// <summary>Byte for byte a published file.</summary>
    Known,

    /// <summary>Meant to be a published file, but with other bytes: numbers from it are not to be compared with published ones before it is known why.</summary>
    Differs,

    /// <summary>No published file, or one of which no copy was at hand when the manifest was written.</summary>
    Unknown,
}
