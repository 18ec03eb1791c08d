using System.Diagnostics;
using Citrus.Research.Evaluation;
using Citrus.Research.Examples;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;
using Citrus.Research.Training;
using Microsoft.Data.Analysis;

namespace Citrus.Research.Studies;

/// <summary>One student on its way through training stages: trained in memory, examined after each stage on the same questions, every stage remembered.</summary>
/// <remarks>Made for notebooks, where a stage takes a minute. A run that must survive a kill is `citrus train` or a study.</remarks>
public sealed class StudentCourse : IDisposable
{
    private readonly IReadOnlyList<Question> _exam;
    private readonly List<StageOutcome> _stages;
    private readonly Action<string>? _say;
    private readonly int _answerTokens;

    /// <param name="student">Trained in place, and owned.</param>
    /// <param name="exam">Questions of dev as charts, asked after every stage.</param>
    /// <param name="say">Gets a line of progress with the time left every 15 seconds of training.</param>
    /// <param name="answerTokens">Most tokens of an answer; 60 are enough for pattern recognition, 200 for any pathway.</param>
    public StudentCourse(Student student, IReadOnlyList<Question> exam, Action<string>? say = null, int answerTokens = 60)
        : this(student, exam, say, answerTokens, [])
    {
    }

    private StudentCourse(Student student, IReadOnlyList<Question> exam, Action<string>? say, int answerTokens, List<StageOutcome> stages) =>
        (Student, _exam, _say, _answerTokens, _stages) = (student, exam, say, answerTokens, stages);

    public Student Student { get; }

    /// <summary>What happened so far, branches included.</summary>
    public IReadOnlyList<StageOutcome> Stages => _stages;

    /// <summary>Examines the student as it is.</summary>
    /// <param name="stage">What it is called among the stages.</param>
    public StageOutcome Examine(string stage = "untrained") => Add(new StageOutcome(stage, "", null, Sit()));

    /// <summary>Continued pre-training: every token of the passages is learned.</summary>
    public StageOutcome Read(IEnumerable<Passage> passages, TrainingRecipe recipe)
    {
        var pages = passages.Select(p => TrainingEncoder.Encode(Student.Tokenizer, p)).ToList();
        return Train(recipe, "textbook (nats per token)", pages);
    }

    /// <summary>Supervised fine-tuning: answers are learned, prompts are read.</summary>
    public StageOutcome Learn(IEnumerable<Example> examples, TrainingRecipe recipe) => Train(recipe, "answers (nats per token)", Encode(examples, recipe));

    /// <summary>Preference training by the recipe's loss.</summary>
    /// <param name="replay">Examples of the stage before, learned beside the pairs by recipes that learn from where two answers part.</param>
    public StageOutcome Prefer(IEnumerable<Pair> pairs, TrainingRecipe recipe, IEnumerable<Example>? replay = null)
    {
        var judged = new RecordEncoder(Student.Tokenizer, recipe.Encoding with { MaxTokens = null }).Encode(pairs).ToList();
        var loss = recipe.Loss ?? throw new ArgumentException($"The recipe {recipe.Name} has no preference loss; take one of stage {nameof(TrainingStage.Preference)}.", nameof(recipe));
        var beside = replay is not null && recipe.Encoding.FromDivergence ? TrainingBatches.Shuffled(Encode(replay, TrainingRecipes.StudentSft), recipe.Training.BatchSize, 1) : null;
        var summary = Trainer.Prefer(Student.Decoder, TrainingBatches.Shuffled(judged, recipe.Training.BatchSize, 0), loss, recipe.For(judged.Count) with { CurvePoints = 10 }, beside, Progress(recipe));
        return Add(new StageOutcome(recipe.Name, "preference loss", summary, Sit()));
    }

    /// <summary>The student's own answers to training questions, right where they name the right option; those that say nothing are left out.</summary>
    public IReadOnlyList<SampledAnswer> Sample(IReadOnlyList<Question> questions, int samples = 4) =>
        [.. PreferenceSampling.Of(Student.Decoder, Student.Tokenizer, questions, new PreferenceSamplingOptions { Samples = samples, Temperature = 1, MaxNewTokens = _answerTokens }, 0)
            .Where(s => !string.IsNullOrWhiteSpace(s.Output)).Select(s => s with { Correct = AnswerExtraction.Extract(s.Output, s.Question.Options).Named == s.Question.Answer })];

    /// <summary>Writes the student as a Hugging Face folder.</summary>
    public void Save(string folder) => Student.Save(folder);

    /// <summary>Another student from a folder of this course, with the same exam; its stages are told among these.</summary>
    public StudentCourse Branch(string folder) => new(Student.Load(folder), _exam, _say, _answerTokens, _stages);

    /// <summary>The stages as a table: losses, speed, and the exam after each.</summary>
    public DataFrame Table() => CsvTables.ToDataFrame(_stages.Select(s => new
    {
        s.Stage,
        s.Summary?.Steps,
        s.Summary?.Tokens,
        TokensPerSecond = s.Summary is { } done ? Math.Round(done.Tokens / done.Seconds) : (double?)null,
        FirstLoss = s.Summary?.Curve[0].Loss,
        LastLoss = s.Summary?.FinalLoss,
        Questions = s.Exam.N,
        Named = s.Exam.ByName.Fraction,
        NamedLow = s.Exam.ByName.Interval.Low,
        NamedHigh = s.Exam.ByName.Interval.High,
        Letter = s.Exam.ByLetter.Fraction,
    }));

    public void Dispose() => Student.Dispose();

    private List<TrainingSequence> Encode(IEnumerable<Example> examples, TrainingRecipe recipe) => [.. new RecordEncoder(Student.Tokenizer, recipe.Encoding).Encode(examples)];

    private StageOutcome Train(TrainingRecipe recipe, string unit, List<TrainingSequence> sequences)
    {
        if (sequences.Count == 0) throw new ArgumentException($"There is nothing to learn in stage {recipe.Name}: no record fits it.", nameof(sequences));
        var summary = Trainer.Train(Student.Decoder, TrainingBatches.Shuffled(sequences, recipe.Training.BatchSize, 0), recipe.For(sequences.Count) with { CurvePoints = 40 }, Progress(recipe));
        return Add(new StageOutcome(recipe.Name, unit, summary, Sit()));
    }

    private Score Sit() => StudentExam.Sit(Student, _exam, _answerTokens);

    private StageOutcome Add(StageOutcome outcome)
    {
        _stages.Add(outcome);
        return outcome;
    }

    private Action<TrainingProgress>? Progress(TrainingRecipe recipe)
    {
        if (_say is not { } say) return null;
        var watch = Stopwatch.StartNew();
        return p =>
        {
            if (watch.Elapsed < TimeSpan.FromSeconds(15)) return;
            watch.Restart();
            say(FormattableString.Invariant($"{recipe.Name}: {100 * p.Fraction:0}%, loss {p.Loss:0.00}, {(p.Remaining is { } left ? $"{left:m\\:ss} left" : "time left not known yet")}"));
        };
    }
}
