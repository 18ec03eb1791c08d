namespace Citrus.Research.Questions.Benchmarks;

/// <summary>Whether a file is a published one.</summary>
/// <param name="State">What it is.</param>
/// <param name="Entry">The benchmark that it is or is meant to be; null where that is not known.</param>
/// <param name="Sha256">The file's hash in lower case hexadecimal.</param>
public sealed record BenchmarkCheck(BenchmarkState State, BenchmarkEntry? Entry, string Sha256)
{
    /// <summary>The finding in a sentence, for a card or a report.</summary>
    public override string ToString() => State switch
    {
        BenchmarkState.Known => $"{Entry!.Name}, byte for byte as published (sha256 {Sha256[..12]})",
        BenchmarkState.Differs => $"NOT the published {Entry!.Name}: sha256 is {Sha256[..12]}, that of the published file {Entry.Sha256[..12]}; do not compare with published numbers",
        _ when Entry is not null => $"{Entry.Name}, of which no hash is pinned (sha256 {Sha256[..12]})",
        _ => $"no published benchmark that is known (sha256 {Sha256[..12]})",
    };
}
