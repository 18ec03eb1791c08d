using System.Collections.Concurrent;
using System.Diagnostics;
using Citrus.Research.Clinic;
using Citrus.Research.Examples;
using Citrus.Research.Models;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;
using Citrus.Research.Training;

namespace Citrus.Research.Studies;

/// <summary>The steps behind one student: base, fine-tuning, preference, score. Each step's id holds all that decides its result.</summary>
/// <remarks>Raise a step's version below whenever a change of code changes its numbers: old records are then no longer found.</remarks>
internal sealed class StudentSteps(StudyPlan plan, StudyWorld world, RunStore store)
{
    private const int BaseVersion = 1, InstructedVersion = 1, StudentVersion = 1, PreferenceVersion = 1, ScoreVersion = 2, LikelihoodVersion = 2;

    /// <summary>Seed of dev and test questions: every student of every study is asked the same ones.</summary>
    private const long ExamSeed = 0;

    /// <summary>Training questions of preference sampling come from another stream than those of fine-tuning.</summary>
    private const long PreferenceStream = 1_000_000;

    private readonly StudentData _data = new(plan, world);
    private readonly Lock _examGate = new();
    private IReadOnlyList<ClinicQuestion>? _exam;

    private readonly ConcurrentDictionary<(StepId Student, PreferenceSamplingOptions Sampling), Lazy<IReadOnlyList<SampledAnswer>>> _samples = new();

    /// <summary>Under which readings of the scored split are noted.</summary>
    public string Purpose => $"{plan.Name} ({plan.Scale})";

    /// <summary>The decoder of a size.</summary>
    public DecoderConfig Shape(string size) => StudentSizes.Get(size, world.Tokenizer.VocabularySize);

    /// <summary>Students from 1M on are trained with products in bfloat16: half the time. Below, rounding would cost what it saves.</summary>
    private ComputePrecision Precision(string size) => Shape(size).HiddenSize >= 128 ? ComputePrecision.BFloat16 : ComputePrecision.Float32;

    /// <summary>For the hash of a base, and so of all that grows from it; null, which a hash leaves out, is float32.</summary>
    private string? RoundedPrecision(string size) => Precision(size) == ComputePrecision.Float32 ? null : "bfloat16";

    public StepId BaseId(StudyCell cell) => StepHash.Of("base", BaseVersion, new
    {
        world = world.Hash,
        shape = Shape(cell.Size),
        recipe = cell.Stage == Stage.FineTunedOnly ? plan.Base with { Textbook = false } : plan.Base,
        seed = cell.Seed,
        precision = RoundedPrecision(cell.Size),
    });

    /// <summary>The student that is scored: after preference training where the stage has it.</summary>
    public StepId StudentId(StudyCell cell) => LadderRecipe.IsInstruction(cell.Stage) ? InstructedId(cell, cell.Stage) : Prefers(cell.Stage) ? PreferenceId(cell) : FineTunedId(cell);

    /// <summary>After the instructions of stage 1, or of both stages.</summary>
    private StepId InstructedId(StudyCell cell, Stage upTo) => StepHash.Of("instructed", InstructedVersion, new
    {
        start = (upTo == Stage.General ? BaseId(cell) : InstructedId(cell, Stage.General)).ToString(),
        stage = upTo,
        examples = ExamplesOf(upTo),
        Ladder.DecayFraction,
        Ladder.BatchSize,
        Ladder.Optimizer,
        seed = cell.Seed,
    });

    /// <summary>What fine-tuning on narratives starts from.</summary>
    private StepId StartId(StudyCell cell) => LadderRecipe.Holds(cell.Stage) && cell.Stage != Stage.ReasoningAlone ? InstructedId(cell, Stage.Complex) : BaseId(cell);

    private LadderRecipe Ladder => plan.Ladder ?? throw new StudyException($"The study {plan.Name} has stages of a ladder but no recipe for it.");

    private long ExamplesOf(Stage instruction) => instruction == Stage.General ? Ladder.GeneralExamples : Ladder.ComplexExamples;

    private FineTuneRecipe FineTuneOf(Stage stage) => !LadderRecipe.Holds(stage) ? plan.FineTune : plan.FineTune with
    {
        Questions = Ladder.QuestionsOf(stage),
        Examples = Ladder.ExamplesOf(stage),
        DrillShare = 0,
    };

    /// <summary>Share of general instructions in stage 3; null, which a hash leaves out, is none.</summary>
    private double? GeneralShare(Stage stage) => stage == Stage.ReasoningWithGeneral && Ladder.GeneralShare > 0 ? Ladder.GeneralShare : null;

    public StepId FineTunedId(StudyCell cell) => StepHash.Of("student", StudentVersion, new
    {
        @base = StartId(cell).ToString(),
        arm = cell.Arm,
        budget = BudgetOf(cell),
        exam = plan.Exam,
        recipe = FineTuneOf(cell.Stage),
        general = GeneralShare(cell.Stage),
        prompts = PromptsOf(cell.Arm),
        seed = cell.Seed,
    });

    /// <summary>Hash of the prompts that an arm's data are made with: what the chart's set held when the first studies were run, so that their records still count.</summary>
    private static string PromptsOf(Arm arm) => PromptCatalog.Default[PromptSet.Chart].HashOf(
        arm.Pathway == PathwayNames.TreeSearch ? ["branch", "score", "sufficiency"] : ["direct", "examiner", "narrator", "pattern", "reflection", "step", "sufficiency"]);

    public StepId PreferenceId(StudyCell cell) => StepHash.Of("preference", PreferenceVersion, new
    {
        student = FineTunedId(cell).ToString(),
        recipe = PreferenceOf(cell.Stage),
        exam = plan.Exam,
        seed = cell.Seed,
    });

    public StepId ScoreId(StudyCell cell) => ExamId("score", ScoreVersion, cell, StudentExam.Protocol);

    public StepId LikelihoodId(StudyCell cell) => ExamId("likelihood", LikelihoodVersion, cell, StudentExam.LikelihoodProtocol);

    private StepId ExamId(string kind, int version, StudyCell cell, string protocol) => StepHash.Of(kind, version, new
    {
        student = StudentId(cell).ToString(),
        exam = plan.Exam,
        split = plan.Split,
        questions = plan.ScoredQuestions,
        protocol,
    });

    /// <summary>HypotheticoDeductive sets the token budget and the controls are made to match it: under equal tokens they are the students of equal examples.</summary>
    private static Budget BudgetOf(StudyCell cell) => cell.Arm.Pathway == PathwayNames.HypotheticoDeductive || cell.Arm.ExtraTextbook ? Budget.EqualExamples : cell.Budget;

    /// <summary>All steps of a cell, first to last.</summary>
    public IEnumerable<StepId> StepsOf(StudyCell cell) =>
        new[] { BaseId(cell) }.Concat(TrainingsOf(cell)).Concat([ScoreId(cell), LikelihoodId(cell)]);

    /// <summary>What a student went through after its base, first to last.</summary>
    private IEnumerable<StepId> TrainingsOf(StudyCell cell)
    {
        IEnumerable<StepId> instructed = StartId(cell) == BaseId(cell) ? [] : [InstructedId(cell, Stage.General), InstructedId(cell, Stage.Complex)];
        return (LadderRecipe.IsInstruction(cell.Stage) ? instructed.TakeWhile(i => i != StudentId(cell)).Append(StudentId(cell)) : instructed.Concat([FineTunedId(cell), StudentId(cell)])).Distinct();
    }

    /// <summary>Adds to <paramref name="jobs"/> what is missing for a cell's score.</summary>
    public void Plan(StudyCell cell, Dictionary<StepId, Job> jobs)
    {
        var (start, origin, tuned, student) = (BaseId(cell), StartId(cell), FineTunedId(cell), StudentId(cell));
        double size = Shape(cell.Size).NonEmbeddingParameters + 40_000; // small students pay for the number of operations, not their size
        var fineTune = size * FineTuneOf(cell.Stage).Examples * (BudgetOf(cell) == Budget.EqualTokens ? 100 : 30 + WordsOf(cell.Arm));
        if (store.Artifact(student) is null)
        {
            if (LadderRecipe.IsInstruction(cell.Stage))
            {
                AddInstructed(cell.Stage);
            }
            else
            {
                if (student != tuned)
                {
                    Add(student, $"{cell.Name}: preference", [tuned], size * ((PreferenceOf(cell.Stage).Pairs * 2 * (30 + WordsOf(cell.Arm))) + (plan.Preference.Sampling.Questions * plan.Preference.Sampling.Samples * (10 + WordsOf(cell.Arm)) / 12.0)), (p, c) => Prefer(cell, p, c));
                }

                if (store.Artifact(tuned) is null)
                {
                    if (origin == start) AddBase();
                    else AddInstructed(Stage.Complex);
                    Add(tuned, (cell with { Stage = TunedStage(cell.Stage) }).Name, [origin], fineTune, (p, c) => FineTune(cell, p, c));
                }
            }
        }

        if (store.Find(ScoreId(cell)) is null) Add(ScoreId(cell), $"{cell.Name}: exam", [student], size * plan.ScoredQuestions * (10 + WordsOf(cell.Arm)) / 4, (p, c) => Examine(cell, p, c));
        if (store.Find(LikelihoodId(cell)) is null) Add(LikelihoodId(cell), $"{cell.Name}: likelihood", [student], size * plan.ScoredQuestions * 40, (p, c) => ScoreLikelihood(cell, p, c));

        void AddBase()
        {
            if (store.Artifact(start) is null)
                Add(start, $"base {cell.Size} seed {cell.Seed}{(cell.Stage == Stage.FineTunedOnly ? " without textbook" : "")}", [], size * 16 * 100 * (plan.Base.ShortDrillSteps + plan.Base.MixedSteps), (p, c) => TrainBase(cell, p, c));
        }

        void AddInstructed(Stage upTo)
        {
            var id = InstructedId(cell, upTo);
            if (store.Artifact(id) is not null) return;
            if (upTo == Stage.General) AddBase();
            else AddInstructed(Stage.General);
            Add(id, $"{cell.Size} seed {cell.Seed}: {upTo}", [upTo == Stage.General ? start : InstructedId(cell, Stage.General)], size * ExamplesOf(upTo) * 60, (p, c) => Instruct(cell, upTo, p, c));
        }

        void Add(StepId id, string name, IReadOnlyList<StepId> needs, double cost, Action<Action<double>, CancellationToken> run) =>
            jobs.TryAdd(id, new Job(id, name, needs, cost, run));
    }

    /// <summary>Rough words of a narrative, for the ETA only.</summary>
    private static int WordsOf(Arm arm) => arm.ExtraTextbook ? 70 : arm.Pathway switch
    {
        PathwayNames.Direct => 5,
        PathwayNames.PatternRecognition => 15,
        _ => 70,
    };

    private void TrainBase(StudyCell cell, Action<double> progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var id = BaseId(cell);
        var recipe = plan.Base with { Textbook = plan.Base.Textbook && cell.Stage != Stage.FineTunedOnly };
        using var student = new Decoder(Shape(cell.Size), cell.Seed, recipe.Start);
        var seed = SeedOf(cell, "base");
        var brief = _data.Sequences(BindingDrills.Generate(world.Knowledge, seed, brief: 1), recipe.BatchSize);
        var binding = _data.Sequences(BindingDrills.Generate(world.Knowledge, seed + 1, recipe.BriefShare), recipe.BatchSize);
        var walks = _data.Sequences(WalkDrills.Generate(world.Knowledge, seed + 2), recipe.BatchSize);
        var drills = binding.MixedWith(walks, recipe.WalkShare, seed + 3);
        var textbook = TrainingBatches.InOrder(Textbook.Passages(world.Knowledge, Register.Chart, seed + 4).Select(p => _data.TextbookPage(p, recipe.FindingNameWeight)), recipe.BatchSize);
        var mixed = recipe.Textbook ? textbook.MixedWith(drills, recipe.DrillShare, seed + 5) : drills;
        var rounds = new List<TrainingSummary>();
        using var drillSource = brief.GetEnumerator();
        int Spent() => (int)rounds.Sum(r => r.Steps);
        IEnumerable<IReadOnlyList<TrainingSequence>> Next()
        {
            while (drillSource.MoveNext()) yield return drillSource.Current;
        }

        void Round(IEnumerable<IReadOnlyList<TrainingSequence>> batches, int steps, double decay)
        {
            double before = Spent(), all = Math.Max(before + steps, recipe.ShortDrillSteps) + (ReferenceEquals(batches, mixed) ? 0 : recipe.MixedSteps);
            rounds.Add(Trainer.Train(student, batches, new TrainingOptions { BatchSize = recipe.BatchSize, Steps = steps, DecayFraction = decay, Optimizer = recipe.Optimizer, Precision = Precision(cell.Size) },
                p => progress((before + (p.Fraction * steps)) / all), cancellation));
        }

        Round(Next(), recipe.ShortDrillSteps, 0);
        while (rounds[^1].Curve.TakeLast(Math.Max(1, rounds[^1].Curve.Count / 20)).Average(p => p.Loss) > recipe.BoundLoss && Spent() + recipe.MoreShortDrillSteps <= recipe.MostShortDrillSteps)
            Round(Next(), recipe.MoreShortDrillSteps, 0);
        var shortSteps = Spent();
        Round(mixed, recipe.MixedSteps, recipe.DecayFraction);
        var summary = rounds[^1] with { Steps = Spent(), Examples = rounds.Sum(r => r.Examples), Tokens = rounds.Sum(r => r.Tokens), LossTokens = rounds.Sum(r => r.LossTokens), Seconds = 0 };
        // The record first: one without its checkpoint is made again, a checkpoint without its record would never get one.
        store.Keep(id, $"base {cell.Size} seed {cell.Seed}", new { cell.Size, cell.Seed, recipe, shortSteps, world = world.Spec.Split(':')[0] }, summary, clock.Elapsed.TotalSeconds);
        store.KeepArtifact(id, folder => Save(student, folder));
    }

    /// <summary>Stage 1 (general instructions) or stage 2 (complex ones), each example seen once.</summary>
    private void Instruct(StudyCell cell, Stage upTo, Action<double> progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var general = upTo == Stage.General;
        using var student = Load(general ? BaseId(cell) : InstructedId(cell, Stage.General));
        var seed = SeedOf(cell, upTo.ToString());
        var batches = _data.Sequences(general ? StageData.General(world.Knowledge, seed) : StageData.Complex(world.Knowledge, seed), Ladder.BatchSize);
        var summary = Trainer.Train(student, batches, new TrainingOptions
        {
            BatchSize = Ladder.BatchSize,
            Examples = ExamplesOf(upTo),
            DecayFraction = Ladder.DecayFraction,
            Optimizer = Ladder.Optimizer,
            Precision = Precision(cell.Size),
        }, p => progress(p.Fraction), cancellation);
        var id = InstructedId(cell, upTo);
        store.Keep(id, $"{cell.Size} seed {cell.Seed}: {upTo}", new { cell.Size, cell.Seed, stage = upTo, recipe = Ladder }, summary with { Seconds = 0 }, clock.Elapsed.TotalSeconds);
        store.KeepArtifact(id, folder => Save(student, folder));
    }

    private void FineTune(StudyCell cell, Action<double> progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var id = FineTunedId(cell);
        var recipe = FineTuneOf(cell.Stage);
        var data = _data.Of(cell.Arm, cell.Seed, recipe.Questions);
        using var student = Load(StartId(cell));
        var seed = SeedOf(cell, "order");
        var batches = TrainingBatches.Shuffled(data.Sequences, recipe.BatchSize, seed);
        var drills = _data.Sequences(BindingDrills.Generate(world.Knowledge, seed + 1, brief: 0), recipe.BatchSize)
            .MixedWith(_data.Sequences(WalkDrills.Generate(world.Knowledge, seed + 5), recipe.BatchSize), recipe.WalkShare, seed + 6);
        var drillExamples = recipe.DrillShare <= 0 ? 0 : (long)(recipe.Examples * recipe.DrillShare / (1 - recipe.DrillShare));
        var share = recipe.DrillShare;
        long? examples = recipe.Examples + drillExamples, tokens = null;
        if (BudgetOf(cell) == Budget.EqualTokens)
        {
            examples = null;
            tokens = EqualTokens(cell.Seed, drillExamples);
        }
        else if (cell.Arm.ExtraTextbook)
        {
            // As many tokens as HypotheticoDeductive reads: the rest is textbook.
            var passages = Textbook.Passages(world.Knowledge, Register.Chart, seed + 2).Select(p => _data.TextbookPage(p, plan.Base.FindingNameWeight));
            var perPassage = passages.Take(200).Average(p => p.Ids.Length);
            var more = (long)Math.Max(0, (EqualTokens(cell.Seed, drillExamples) - (recipe.Examples * data.MeanTokens) - (drillExamples * DrillTokens())) / perPassage);
            batches = batches.MixedWith(TrainingBatches.InOrder(passages, recipe.BatchSize), (double)more / (more + recipe.Examples), seed + 3);
            examples += more;
            share = (double)drillExamples / examples.Value;
        }

        if (share > 0) batches = batches.MixedWith(drills, share, seed + 4);
        if (GeneralShare(cell.Stage) is { } general)
        {
            batches = batches.MixedWith(_data.Sequences(StageData.Tasks(world.Knowledge, seed + 7), recipe.BatchSize), general, seed + 8);
            examples = (long)(recipe.Examples / (1 - general));
        }

        var summary = Trainer.Train(student, batches, new TrainingOptions
        {
            BatchSize = recipe.BatchSize,
            Examples = examples,
            Tokens = tokens,
            DecayFraction = recipe.DecayFraction,
            Optimizer = recipe.Optimizer,
            Precision = Precision(cell.Size),
        }, p => progress(p.Fraction), cancellation);
        store.Keep(id, cell.Name, new { cell, recipe, data = data.Report }, summary with { Seconds = 0 }, clock.Elapsed.TotalSeconds);
        store.KeepArtifact(id, folder => Save(student, folder));
    }

    /// <summary>Tokens that HypotheticoDeductive reads under equal examples, drills included.</summary>
    private long EqualTokens(int seed, long drillExamples) =>
        (long)((plan.FineTune.Examples * _data.Of(Arm.Of(PathwayNames.HypotheticoDeductive), seed, plan.FineTune.Questions).MeanTokens) + (drillExamples * DrillTokens()));

    private double DrillTokens()
    {
        double Mean(IEnumerable<Example> drills) => drills.Take(200).Average(e => TrainingEncoder.Encode(world.Tokenizer, e).Ids.Length);
        var walks = plan.FineTune.WalkShare;
        return ((1 - walks) * Mean(BindingDrills.Generate(world.Knowledge, 0, brief: 0))) + (walks * Mean(WalkDrills.Generate(world.Knowledge, 0)));
    }

    private void Prefer(StudyCell cell, Action<double> progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var id = PreferenceId(cell);
        var recipe = PreferenceOf(cell.Stage);
        using var student = Load(FineTunedId(cell));
        // The stages that learn from a student's samples learn from the same ones.
        var replaysAlone = recipe.Objective == PreferenceObjective.ReplayAlone;
        IReadOnlyList<SampledAnswer> samples = replaysAlone ? [] : _samples.GetOrAdd((FineTunedId(cell), recipe.Sampling), key => new Lazy<IReadOnlyList<SampledAnswer>>(() => PreferenceSampling.Of(
            student, world.Tokenizer, [.. world.Questions(plan.Exam, ExamSplit.Train, PreferenceStream + cell.Seed, key.Sampling.Questions).Select(q => q.Chart)], key.Sampling, SeedOf(cell, "sampling"),
            f => progress(f / 2), cancellation))).Value;
        var pairs = PreferencePairs.From(samples, SeedOf(cell, "sampling"), closest: recipe.Objective != PreferenceObjective.WholeAnswers);
        if (pairs.Count == 0 && !replaysAlone) throw new StudyException("No question had both a right and a wrong sample, so there is nothing to prefer; raise the temperature or the number of samples.");
        var encoded = pairs.Select(p => TrainingEncoder.Encode(world.Tokenizer, p, recipe.Objective != PreferenceObjective.WholeAnswers)).ToList();
        var options = new TrainingOptions
        {
            BatchSize = recipe.BatchSize,
            Examples = recipe.Pairs,
            DecayFraction = recipe.DecayFraction,
            Optimizer = recipe.Optimizer,
            Precision = Precision(cell.Size),
        };
        void Show(TrainingProgress p) => progress(0.5 + (p.Fraction / 2));
        var replay = recipe.Replay ? TrainingBatches.Shuffled(_data.Of(cell.Arm, cell.Seed, FineTuneOf(cell.Stage).Questions).Sequences, recipe.BatchSize, SeedOf(cell, "replay")) : null;
        var loss = recipe.Objective == PreferenceObjective.ChosenAlone ? recipe.Loss with { Contrast = false } : recipe.Loss;
        var summary = replaysAlone
            ? Trainer.Train(student, replay!, options, Show, cancellation)
            : Trainer.Prefer(student, TrainingBatches.Shuffled(encoded, recipe.BatchSize, SeedOf(cell, "pairs")), loss, options, replay, Show, cancellation);
        store.Keep(id, cell.Name, new { cell, recipe, pairs = pairs.Count, sampleAccuracy = samples.Count == 0 ? (double?)null : samples.Average(s => s.Correct ? 1.0 : 0) }, summary with { Seconds = 0 }, clock.Elapsed.TotalSeconds);
        store.KeepArtifact(id, folder => Save(student, folder));
    }

    private static bool Prefers(Stage stage) => stage is Stage.WithPreference or Stage.WithPaperPreference or Stage.WithRejectionSampling or Stage.WithMoreFineTuning or Stage.PreferenceSmall or Stage.PreferenceLarge;

    /// <summary>The stage that a stage's fine-tuned student is scored in itself.</summary>
    private static Stage TunedStage(Stage stage) => !Prefers(stage) ? stage : LadderRecipe.Holds(stage) ? Stage.ReasoningLarge : Stage.WithTextbook;

    private PreferenceRecipe PreferenceOf(Stage stage) => stage switch
    {
        Stage.WithPaperPreference => plan.Preference.AsInThePaper(),
        Stage.WithRejectionSampling => plan.Preference.ChosenAlone(),
        Stage.WithMoreFineTuning => plan.Preference.ReplayAlone(),
        Stage.PreferenceSmall => plan.Preference with { Pairs = Ladder.Pairs[0] },
        Stage.PreferenceLarge => plan.Preference with { Pairs = Ladder.Pairs[1] },
        _ => plan.Preference,
    };

    private void Examine(StudyCell cell, Action<double> progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var exam = Exam();
        using var student = Load(StudentId(cell));
        TrainingSummary Training(StepId id) => store.Result<TrainingSummary>(id) ?? throw new StudyException($"The training record of {cell.Name} is gone; delete its folder {store.Artifact(id)} and run again.");
        var trainings = TrainingsOf(cell).Select(Training).ToList();
        var result = StudentExam.Take(student, world, exam, progress, cancellation) with
        {
            TrainingExamples = trainings.Sum(t => t.Examples),
            TrainingTokens = trainings.Sum(t => t.Tokens),
        };
        store.Keep(ScoreId(cell), cell.Name, new { cell, plan.Split, world = world.Spec.Split(':')[0] }, result, clock.Elapsed.TotalSeconds);
    }

    private void ScoreLikelihood(StudyCell cell, Action<double> progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var exam = Exam();
        using var student = Load(StudentId(cell));
        store.Keep(LikelihoodId(cell), cell.Name, new { cell, plan.Split, world = world.Spec.Split(':')[0] }, StudentExam.Likeliest(student, world, exam, progress, cancellation), clock.Elapsed.TotalSeconds);
    }

    /// <summary>The scored questions, read once a run and noted in the ledger.</summary>
    private IReadOnlyList<ClinicQuestion> Exam()
    {
        lock (_examGate)
        {
            if (_exam is not null) return _exam;
            var questions = world.Questions(plan.Exam, plan.Split, ExamSeed, plan.ScoredQuestions);
            // On disk before anyone sees a question: a run that is killed has read it all the same.
            store.NoteRead(new SplitRead(plan.Split, Purpose, questions.Count, StudyWorld.HashOf(questions)));
            return _exam = questions;
        }
    }

    /// <summary>A student's checkpoint; from here on this thread computes alone, whether or not a training came before: sums in another order could turn a near-tie.</summary>
    private Decoder Load(StepId step)
    {
        var student = Checkpoint.Load(store.Artifact(step) ?? throw new StudyException($"The checkpoint of {step} is gone."));
        TorchSharp.torch.set_num_threads(1);
        return student;
    }

    private void Save(Decoder student, string folder) =>
        Checkpoint.Save(student, folder, world.Tokenizer.EndId, world.Tokenizer.PadId, world.Tokenizer.Save);

    private static long SeedOf(StudyCell cell, string purpose) => (long)(SeededRandom.For(cell.Seed, purpose).NextUInt64() >> 24);
}
