using Citrus.Research.Training;

namespace Citrus.Research.Studies;

/// <summary>What the stages of the stages-and-data study are made of, after the paper's Table 5: instructions, narratives at three data sizes, pairs at two, a share of non-medical data.</summary>
public sealed record LadderRecipe
{
    /// <summary>Examples of stage 1, each seen once.</summary>
    public long GeneralExamples { get; init; } = 8000;

    /// <summary>Examples of stage 2, each seen once.</summary>
    public long ComplexExamples { get; init; } = 8000;

    /// <summary>Training questions whose narratives make stage 3: few, more, most.</summary>
    public IReadOnlyList<int> Questions { get; init; } = [500, 1000, 4000];

    /// <summary>How often stage 3 sees each; the same at every data size, so that more data is also longer training, as in the paper (<see cref="Stage.ReasoningSmallLonger"/> is the control).</summary>
    public int Epochs { get; init; } = 4;

    /// <summary>Share of stage 3's batches that are instructions without medical content (<see cref="Clinic.StageData.Tasks"/>) where a stage has them; on top of the narratives.</summary>
    public double GeneralShare { get; init; } = 0.2;

    /// <summary>Pairs learned from in preference training: few, many. The loss is <see cref="StudyPlan.Preference"/>'s.</summary>
    public IReadOnlyList<long> Pairs { get; init; } = [1000, 8000];

    /// <summary>Part of stages 1 and 2, at the end of each, over which the rate falls.</summary>
    public double DecayFraction { get; init; } = 0.5;

    /// <summary>Sequences per batch in stages 1 and 2.</summary>
    public int BatchSize { get; init; } = 16;

    public OptimizerOptions Optimizer { get; init; } = new() { MuonRate = 0.01 };

    /// <summary>The steps that are compared: what each adds to the one before it.</summary>
    public static IReadOnlyList<(Stage After, Stage Before)> Rungs { get; } =
    [
        (Stage.Complex, Stage.General),
        (Stage.ReasoningSmall, Stage.Complex),
        (Stage.ReasoningMedium, Stage.ReasoningSmall),
        (Stage.ReasoningLarge, Stage.ReasoningMedium),
        (Stage.ReasoningLarge, Stage.ReasoningSmallLonger),
        (Stage.ReasoningLarge, Stage.ReasoningAlone),
        (Stage.ReasoningWithGeneral, Stage.ReasoningLarge),
        (Stage.PreferenceSmall, Stage.ReasoningLarge),
        (Stage.PreferenceLarge, Stage.PreferenceSmall),
        (Stage.PreferenceLarge, Stage.ReasoningLarge),
    ];

    /// <summary>Whether a stage belongs to this ladder.</summary>
    public static bool Holds(Stage stage) => stage >= Stage.General;

    /// <summary>Whether a stage ends before any case is seen.</summary>
    public static bool IsInstruction(Stage stage) => stage is Stage.General or Stage.Complex;

    /// <summary>Narratives' questions of a stage.</summary>
    public int QuestionsOf(Stage stage) => stage switch
    {
        Stage.ReasoningSmall or Stage.ReasoningSmallLonger => Questions[0],
        Stage.ReasoningMedium => Questions[1],
        _ => Questions[^1],
    };

    /// <summary>Examples that stage 3 sees, repetitions counted.</summary>
    public long ExamplesOf(Stage stage) => (long)Epochs * (stage == Stage.ReasoningSmallLonger ? Questions[^1] : QuestionsOf(stage));

    /// <exception cref="StudyException">A value is out of range.</exception>
    public void Validate()
    {
        if (Questions.Count != 3 || Questions.Any(q => q < 1)) throw new StudyException("The ladder needs three numbers of questions, each at least 1.");
        if (Pairs.Count != 2 || Pairs.Any(p => p < 1)) throw new StudyException("The ladder needs two numbers of pairs, each at least 1.");
        if (GeneralExamples < 1 || ComplexExamples < 1 || Epochs < 1 || BatchSize < 1) throw new StudyException("The ladder's examples, epochs and batch size must be at least 1.");
        if (!(GeneralShare is >= 0 and < 1)) throw new StudyException("The ladder's share of general instructions must be in [0, 1).");
    }
}
