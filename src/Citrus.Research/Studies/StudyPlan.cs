using Citrus.Research.Clinic;

namespace Citrus.Research.Studies;

/// <summary>A study in full: everything that decides its numbers.</summary>
public sealed record StudyPlan
{
    /// <summary>Name of the study, e.g. <c>pathways</c>; also its results folder.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the scale, e.g. <c>smoke</c>, <c>default</c>, <c>full</c>.</summary>
    public required string Scale { get; init; }

    /// <summary><c>clinic</c>, <c>clinic:DIR</c> or <c>ddxplus:DIR</c>.</summary>
    public string World { get; init; } = "clinic";

    public ExamOptions Exam { get; init; } = new();

    /// <summary>The split that students are scored on. Choices are made on <c>dev</c>; <c>test</c> is read once per run of a study.</summary>
    public string Split { get; init; } = ExamSplit.Test;

    /// <summary>Questions scored on: the same ones for every student of the study.</summary>
    public int ScoredQuestions { get; init; } = 1000;

    public required IReadOnlyList<string> Arms { get; init; }

    /// <summary>Names in <see cref="Models.StudentSizes"/>.</summary>
    public required IReadOnlyList<string> Sizes { get; init; }

    /// <summary>Each seed draws its own training questions, order and initial weights.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    public IReadOnlyList<Budget> Budgets { get; init; } = [Budget.EqualExamples];

    public BaseRecipe Base { get; init; } = new();

    public FineTuneRecipe FineTune { get; init; } = new();

    /// <summary>Stages to compare (see <see cref="Stage"/>); a study of arms has the one that all students go through.</summary>
    public IReadOnlyList<Stage> Stages { get; init; } = [Stage.WithTextbook];

    public PreferenceRecipe Preference { get; init; } = new();

    /// <summary>For studies with stages of a ladder; null for those without.</summary>
    public LadderRecipe? Ladder { get; init; }
}
