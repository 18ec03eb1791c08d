namespace Citrus.Research.Examples;

/// <summary>What a search for test questions in training data found.</summary>
public sealed record ContaminationReport
{
    /// <summary>Every row and question that match, in the order of the rows.</summary>
    public required IReadOnlyList<ContaminationMatch> Matches { get; init; }

    /// <summary>Training rows read.</summary>
    public required long Rows { get; init; }

    /// <summary>Texts in them.</summary>
    public required long Texts { get; init; }

    /// <summary>Runs that stand in too many test questions to be any one question's.</summary>
    public required int StockInTests { get; init; }

    /// <summary>Runs that stand under too many training prompts to be a repetition.</summary>
    public required int StockInExamples { get; init; }

    /// <summary>Places, in the list that was searched for, of the questions of which a run was found.</summary>
    public required IReadOnlySet<int> ByRun { get; init; }

    /// <summary>Places of the questions that were found nearly whole.</summary>
    public required IReadOnlySet<int> ByFuzzy { get; init; }

    /// <summary>Whether a question was found in either way.</summary>
    public bool IsContaminated(int place) => ByRun.Contains(place) || ByFuzzy.Contains(place);
}
