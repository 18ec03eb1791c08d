using System.Collections.Concurrent;
using Citrus.Research.Clinic;
using Citrus.Research.Examples;
using Citrus.Research.Synthesis;
using Citrus.Research.Training;

namespace Citrus.Research.Studies;

/// <summary>What the students of a study read, as token sequences with loss weights.</summary>
internal sealed class StudentData(StudyPlan plan, StudyWorld world)
{
    private readonly ConcurrentDictionary<(string, bool, int, int), Lazy<ArmData>> _arms = new();

    /// <summary>An arm's narratives of the first <paramref name="count"/> training questions; made once and kept.</summary>
    public ArmData Of(Arm arm, int seed, int count) =>
        _arms.GetOrAdd((arm.Pathway, arm.Swapped, seed, count), _ => new Lazy<ArmData>(() =>
        {
            var questions = world.Questions(plan.Exam, ExamSplit.Train, seed, count);
            var made = ChartSynthesis.Examples(world.Knowledge, questions.Select(q => q.Chart), arm.Pathway, new ChartSynthesisOptions
            {
                Seed = seed,
                Fallibility = plan.FineTune.Fallibility,
            });
            var examples = arm.Swapped ? ReasoningSwap.Of(made.Items, seed) : made.Examples;
            var sequences = examples.Select(e => Weighed(TrainingEncoder.Encode(world.Tokenizer, e, plan.FineTune.AnswerWeight))).ToList();
            return new ArmData(sequences, sequences.Average(s => s.Ids.Length), made.Report);
        })).Value;

    /// <summary>A textbook passage, the names of findings (which come in random order) weighed down.</summary>
    public TrainingSequence TextbookPage(Passage passage, double findingNameWeight)
    {
        var (ids, weights) = TrainingEncoder.Encode(world.Tokenizer, passage);
        var (plus, minus) = (world.Tokenizer.IdOf("+"), world.Tokenizer.IdOf("-"));
        for (var i = 0; i + 1 < ids.Length; i++)
            if (ids[i + 1] == plus || ids[i + 1] == minus) weights[i] = (float)findingNameWeight;
        return new TrainingSequence(ids, weights);
    }

    /// <summary>An example with the weight of its treatment verdicts raised: the marks after <c>avoid</c>, and <c>ok</c> or <c>stop</c>.</summary>
    private TrainingSequence Weighed(TrainingSequence example)
    {
        var (avoid, ok, stop) = (world.Tokenizer.IdOf("avoid"), world.Tokenizer.IdOf("ok"), world.Tokenizer.IdOf("stop"));
        var (plus, minus) = (world.Tokenizer.IdOf("+"), world.Tokenizer.IdOf("-"));
        var inside = false;
        for (var i = 0; i < example.Ids.Length; i++)
        {
            var id = example.Ids[i];
            inside |= id == avoid;
            if (inside && (id == plus || id == minus || id == ok || id == stop)) example.Weights[i] *= (float)plan.FineTune.VerdictWeight;
            if (id == ok || id == stop) inside = false;
        }

        return example;
    }

    /// <summary>A source of examples as batches, in its order.</summary>
    public IEnumerable<IReadOnlyList<TrainingSequence>> Sequences(IEnumerable<Example> examples, int batchSize) =>
        TrainingBatches.InOrder(examples.Select(e => TrainingEncoder.Encode(world.Tokenizer, e)), batchSize);
}
