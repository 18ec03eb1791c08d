namespace Citrus.Research.Questions.Benchmarks;

/// <summary>One published benchmark file: what it is, where it is published and which bytes it has.</summary>
public sealed record BenchmarkEntry
{
    /// <summary>What it is called here, e.g. <c>medqa-us-4</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in a line.</summary>
    public required string What { get; init; }

    /// <summary>The form in which it is read (<see cref="QuestionFiles.Forms"/>); empty for a file that holds no questions.</summary>
    public string Form { get; init; } = "";

    /// <summary>The part of the file that is meant, e.g. a category of MMLU-Pro; null where it is all of it.</summary>
    public string? Part { get; init; }

    /// <summary><c>train</c>, <c>dev</c>, <c>test</c> or empty.</summary>
    public string Split { get; init; } = "";

    /// <summary>Page on which the authors publish it.</summary>
    public required string Published { get; init; }

    /// <summary>Address of the file itself; empty where it comes in an archive or behind a form, and <see cref="How"/> says how to get it.</summary>
    public string Url { get; init; } = "";

    /// <summary>How to get it by hand; empty where <see cref="Url"/> does.</summary>
    public string How { get; init; } = "";

    /// <summary>Place in the data folder, with / between folders.</summary>
    public required string File { get; init; }

    public required string Licence { get; init; }

    /// <summary>Size in bytes; null where no copy was at hand.</summary>
    public long? Bytes { get; init; }

    /// <summary>SHA-256 in lower case hexadecimal; empty where no copy was at hand.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Records in the file; null where not known.</summary>
    public int? Rows { get; init; }

    /// <summary>Questions that the authors test with; null where not known.</summary>
    public int? Test { get; init; }
}
