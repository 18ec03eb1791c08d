using System.Globalization;
using Citrus.Research.Clinic;
using Citrus.Research.Examples;
using Citrus.Research.Models;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Studies;
using Citrus.Research.Synthesis;
using Citrus.Research.Training;

namespace Citrus.Research.Tests.Training;

/// <summary>The first steps of every stage, loss by loss: what a change of code must not change. Found by this test itself (libtorch 2.10, AVX-512), and repeated exactly on one machine.</summary>
public sealed class GoldenLossTests
{
    private const int Steps = 6;

    private static readonly StudyWorld World = StudyWorld.Open("clinic");

    private static readonly Lazy<IReadOnlyList<Example>> Narratives = new(() => [.. ChartSynthesis.Examples(
        World.Knowledge, World.Questions(new ExamOptions(), ExamSplit.Train, 1, 40).Select(q => q.Chart), PathwayNames.DualExpert, new ChartSynthesisOptions { Seed = 1 }).Examples]);

    [Theory]
    [InlineData("cpt", new[] { 0.0 })]
    [InlineData("sft", new[] { 0.0 })]
    [InlineData("preference", new[] { 0.0 })]
    [InlineData("dpo", new[] { 0.0 })]
    public void Every_stage_begins_as_it_always_did(string stage, double[] expected)
    {
        using var student = new Decoder(StudentSizes.Get("0.1M", World.Tokenizer.VocabularySize), seed: 1);
        var found = stage switch
        {
            "cpt" => Train(student, JoinedDocuments.Of(World.Tokenizer, Textbook.Passages(World.Knowledge, Register.Chart, 1).Take(60), 128).Take(4 * Steps), new OptimizerOptions()),
            "sft" => Train(student, new RecordEncoder(World.Tokenizer, TrainingRecipes.StudentSft.Encoding).Encode(Narratives.Value), new OptimizerOptions()),
            _ => Prefer(student, stage == "dpo" ? PreferenceOptions.Dpo : PreferenceOptions.CpoSimPo),
        };
        var told = string.Join(", ", found.Select(l => l.ToString("R", CultureInfo.InvariantCulture)));
        Assert.True(expected.Length == found.Count && expected.Zip(found).All(x => Math.Abs(x.First - x.Second) <= 1e-5 * Math.Abs(x.First)), $"{stage}: {told}");
    }

    private static List<double> Train(Decoder student, IEnumerable<TrainingSequence> sequences, OptimizerOptions optimizer)
    {
        var stream = BatchStreams.Shuffled([.. sequences], 4, 1);
        return Losses(Trainer.Train(student, stream.ToEnd(), new TrainingOptions { Steps = Steps, CurvePoints = Steps, WarmupSteps = 2, Optimizer = optimizer }, cancellation: TestContext.Current.CancellationToken));
    }

    /// <summary>Narratives against the next question's: not sense, but the same each time.</summary>
    private static List<double> Prefer(Decoder student, PreferenceOptions loss)
    {
        var encoder = new RecordEncoder(World.Tokenizer);
        IReadOnlyList<TrainingPair> pairs = [.. encoder.Encode(Narratives.Value.Zip(Narratives.Value.Skip(1), (a, b) => new Pair { Id = a.Id, Prompt = [a.Turns[0]], Chosen = a.Turns[1].Text, Rejected = b.Turns[1].Text }).Take(4 * Steps))];
        if (loss.Reference) pairs = ReferenceScores.Of(student, pairs, cancellation: TestContext.Current.CancellationToken);
        return Losses(Trainer.Prefer(student, BatchStreams.Shuffled(pairs, 4, 1).ToEnd(), loss, new TrainingOptions { Steps = Steps, CurvePoints = Steps, WarmupSteps = 2, Optimizer = new OptimizerOptions { Muon = false, AdamRate = 5e-4 } }, cancellation: TestContext.Current.CancellationToken));
    }

    private static List<double> Losses(TrainingSummary summary) => [.. summary.Curve.Select(p => p.Loss)];
}
