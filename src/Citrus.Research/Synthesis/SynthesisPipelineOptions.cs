using System.Text.Json.Serialization;
using Citrus.Research.Clinic;
using Citrus.Research.Pathways;

namespace Citrus.Research.Synthesis;

/// <summary>How a data set is made. Written beside it as <c>run.json</c>, which the single stages read.</summary>
public sealed record SynthesisPipelineOptions
{
    /// <summary>Folder of the run: journals, data files and card. Must be given.</summary>
    [JsonIgnore]
    public string Folder { get; init; } = "";

    /// <summary>One of <see cref="PathwayNames.All"/>.</summary>
    public string Pathway { get; init; } = PathwayNames.DualExpert;

    /// <summary>Bounds of the pathway.</summary>
    public PathwayOptions Walk { get; init; } = new();

    /// <summary>Spec of the reasoning expert.</summary>
    public string Expert { get; init; } = "clinic";

    /// <summary>Spec of the reflection expert and judge; the reasoning expert where null.</summary>
    public string? Reflector { get; init; }

    /// <summary>Whether to label: open-ended stems, and difficulty where there is a weak answerer.</summary>
    public bool Label { get; init; }

    /// <summary>Spec of the open-ended rewriter; the reasoning expert where null.</summary>
    public string? Rewriter { get; init; }

    /// <summary>Spec of the weak answerer; null measures no difficulty.</summary>
    public string? Weak { get; init; }

    /// <summary>Spec of the strong answerer; the reasoning expert where null.</summary>
    public string? Strong { get; init; }

    /// <summary>Samples per answerer, 1 or more.</summary>
    public int LabelSamples { get; init; } = 1;

    /// <summary>Spec of the answer checker for free answers; the reflection expert where null.</summary>
    public string? Checker { get; init; }

    /// <summary>Spec of the narrator; null tells by rule.</summary>
    public string? Narrator { get; init; }

    /// <summary>How often an unusable reply of a rewriter, answerer, checker or narrator is asked for again, 0 or more.</summary>
    public int Retries { get; init; } = 2;

    public NarrativeFilterOptions Filters { get; init; } = new();

    /// <summary>Question files that no example may overlap.</summary>
    public IReadOnlyList<string> Against { get; init; } = [];

    /// <summary>Further files beside examples.jsonl: any of <see cref="DatasetWriter.Formats"/>.</summary>
    public IReadOnlyList<string> Formats { get; init; } = [DatasetWriter.Parquet];

    /// <summary>Under which licence the data set is handed on; null is said as not stated.</summary>
    public string? Licence { get; init; }

    /// <summary>Where the questions came from, for the card.</summary>
    public string QuestionsFile { get; init; } = "";

    /// <summary>SHA-256 (hex) of that file.</summary>
    public string QuestionsSha256 { get; init; } = "";

    /// <summary>Lines of that file that could not be read and were left out.</summary>
    public int SkippedLines { get; init; }

    /// <summary>Questions in flight at once, 1 or more.</summary>
    [JsonIgnore]
    public int Concurrency { get; init; } = 8;

    /// <summary>Told after every finished question, from whichever thread finished it.</summary>
    [JsonIgnore]
    public IProgress<SynthesisProgress>? Progress { get; init; }

    /// <summary>Against which claims are checked, for questions of its own world; null checks none.</summary>
    [JsonIgnore]
    public Knowledge? Knowledge { get; init; }
}
