namespace Citrus.Research.Studies;

/// <summary>One student of a study.</summary>
public sealed record StudyCell(Arm Arm, string Size, int Seed, Budget Budget, Stage Stage)
{
    public string Name => $"{Arm.Name} {Size} seed {Seed}" + (Budget == Budget.EqualTokens ? " equal tokens" : "")
        + Stage switch { Stage.FineTunedOnly => " without textbook", Stage.WithPreference => " with preference", Stage.WithPaperPreference => " with the paper's preference", Stage.WithRejectionSampling => " with rejection sampling", Stage.WithMoreFineTuning => " with more fine-tuning", _ when LadderRecipe.Holds(Stage) => $" {Stage}", _ => "" };
}
