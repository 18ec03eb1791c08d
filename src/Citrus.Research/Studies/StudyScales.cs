using Citrus.Research.Clinic;
using Citrus.Research.Pathways;

namespace Citrus.Research.Studies;

/// <summary>The shipped studies at their scales.</summary>
public static class StudyScales
{
    public const string Pathways = "pathways", Scaling = "scaling", Stages = "stages", StagesAndData = "stages-and-data", DdxPlus = "ddxplus", VerdictWeight = "verdict-weight", WalkDrills = "walk-drills";

    public static IReadOnlyList<string> Scales { get; } = ["smoke", "default", "full", "gpu"];

    public static IReadOnlyList<string> Studies { get; } = [Pathways, Scaling, Stages, StagesAndData, VerdictWeight, WalkDrills, DdxPlus];

    private static readonly string[] FourArms = [PathwayNames.Direct, PathwayNames.PatternRecognition, PathwayNames.HypotheticoDeductive, PathwayNames.DualExpert];

    /// <summary>The plan of a shipped study.</summary>
    /// <param name="world">Overrides the study's world; the <c>ddxplus</c> study needs it, as the folder is not shipped.</param>
    /// <exception cref="StudyException">Unknown study or scale.</exception>
    public static StudyPlan Plan(string study, string scale, string? world = null)
    {
        if (!Scales.Contains(scale)) throw new StudyException($"Unknown scale {scale}; there are {string.Join(", ", Scales)}.");
        var plan = study switch
        {
            Pathways => PathwaysAt(scale),
            Scaling => ScalingAt(scale),
            Stages => StagesAt(scale),
            StagesAndData => StagesAndDataAt(scale),
            VerdictWeight => AidsAt(scale, study, walks: true),
            WalkDrills => AidsAt(scale, study, walks: false),
            DdxPlus => DdxPlusAt(scale, world ?? throw new StudyException("The ddxplus study needs --world ddxplus:DIR, a folder with DDXPlus's release files.")),
            _ => throw new StudyException($"Unknown study {study}; there are {string.Join(", ", Studies)}."),
        };
        return world is null ? plan : plan with { World = world };
    }

    private static StudyPlan PathwaysAt(string scale) => scale switch
    {
        "smoke" => Smoke(Pathways),
        "default" => Base(Pathways, scale) with { Arms = FourArms, Sizes = ["0.1M", "0.4M"], Seeds = [1], ScoredQuestions = 600 },
        "full" => Base(Pathways, scale) with
        {
            Arms = [.. Arm.All.Select(a => a.Name)],
            Sizes = ["0.1M", "0.4M"],
            Seeds = [1, 2, 3],
            Budgets = [Budget.EqualExamples, Budget.EqualTokens],
            ScoredQuestions = 1000,
        },
        _ => Base(Pathways, scale) with
        {
            Arms = [.. Arm.All.Select(a => a.Name)],
            Sizes = ["1M", "10M"],
            Seeds = [1, 2, 3],
            Budgets = [Budget.EqualExamples, Budget.EqualTokens],
            ScoredQuestions = 2000,
        },
    };

    private static StudyPlan ScalingAt(string scale) => scale switch
    {
        // The same students as in the pathway study: nothing is trained twice.
        "smoke" => Smoke(Scaling),
        "default" => PathwaysAt(scale) with { Name = Scaling },
        "full" => PathwaysAt(scale) with
        {
            Name = Scaling,
            Arms = [PathwayNames.Direct, PathwayNames.HypotheticoDeductive],
            Sizes = ["0.1M", "0.2M", "0.4M", "1M", "4M"],
            Budgets = [Budget.EqualExamples],
        },
        _ => PathwaysAt(scale) with
        {
            Name = Scaling,
            Arms = [PathwayNames.Direct, PathwayNames.HypotheticoDeductive],
            Sizes = ["1M", "4M", "10M", "25M", "100M"],
            Budgets = [Budget.EqualExamples],
        },
    };

    private static StudyPlan StagesAt(string scale) => (scale == "smoke" ? Smoke(Stages) : PathwaysAt(scale)) with
    {
        Name = Stages,
        Arms = [PathwayNames.Direct, PathwayNames.DualExpert],
        Sizes = [scale is "gpu" ? "10M" : "0.1M"],
        Budgets = [Budget.EqualExamples],
        Stages = [Stage.FineTunedOnly, Stage.WithTextbook, Stage.WithMoreFineTuning, Stage.WithRejectionSampling, Stage.WithPaperPreference, Stage.WithPreference],
    };

    /// <summary>The paper's Table 5 in the clinic: stages 1 and 2, stage 3 at three data sizes and with a share of non-medical data, preference at two sizes; and stage 3 alone, as a control.</summary>
    private static StudyPlan StagesAndDataAt(string scale) => (scale == "smoke" ? Smoke(StagesAndData) : PathwaysAt(scale)) with
    {
        Name = StagesAndData,
        Arms = [PathwayNames.DualExpert],
        Sizes = [scale is "gpu" ? "10M" : "0.1M"],
        Budgets = [Budget.EqualExamples],
        Stages = [Stage.General, Stage.Complex, Stage.ReasoningAlone, Stage.ReasoningSmall, Stage.ReasoningSmallLonger, Stage.ReasoningMedium, Stage.ReasoningLarge, Stage.ReasoningWithGeneral, Stage.PreferenceSmall, Stage.PreferenceLarge],
        Ladder = scale == "smoke" ? new LadderRecipe { GeneralExamples = 320, ComplexExamples = 320, Questions = [60, 120, 240], Pairs = [32, 64] } : new LadderRecipe(),
    };

    /// <summary>Controls of the pathway study: without the higher loss weight of verdicts, which only System 2's narratives have, and without the drills in their layout too.</summary>
    private static StudyPlan AidsAt(string scale, string name, bool walks)
    {
        var plan = scale == "smoke" ? Smoke(name) : PathwaysAt(scale);
        return plan with
        {
            Name = name,
            Arms = [PathwayNames.Direct, PathwayNames.HypotheticoDeductive],
            Sizes = scale is "gpu" ? ["10M"] : scale is "full" && !walks ? ["0.1M", "0.4M"] : ["0.1M"],
            Budgets = [Budget.EqualExamples],
            Base = walks ? plan.Base : plan.Base with { WalkShare = 0 },
            FineTune = plan.FineTune with { VerdictWeight = 1, WalkShare = walks ? plan.FineTune.WalkShare : 0 },
        };
    }

    private static StudyPlan DdxPlusAt(string scale, string world) => (scale == "smoke" ? Smoke(DdxPlus) : PathwaysAt(scale)) with
    {
        Name = DdxPlus,
        World = world,
        Arms = FourArms,
        Sizes = [scale is "gpu" ? "10M" : "0.1M"],
        Budgets = [Budget.EqualExamples],
    };

    private static StudyPlan Base(string study, string scale) => new() { Name = study, Scale = scale, Arms = FourArms, Sizes = ["0.1M"], Seeds = [1] };

    /// <summary>Shows that everything runs; its accuracies are near chance and mean nothing.</summary>
    private static StudyPlan Smoke(string study) => Base(study, "smoke") with
    {
        Exam = new ExamOptions(),
        ScoredQuestions = 60,
        Base = new BaseRecipe { ShortDrillSteps = 60, MostShortDrillSteps = 60, MixedSteps = 100 },
        FineTune = new FineTuneRecipe { Questions = 300, Examples = 800 },
        Preference = new PreferenceRecipe { Sampling = new PreferenceSamplingOptions { Questions = 30, Samples = 4 }, Pairs = 64 },
    };
}
