using Citrus.Research.Clinic;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Pathways;

/// <summary>Small things that tests of experts and pathways need.</summary>
internal static class Some
{
    private static readonly Lazy<Knowledge> Shipped = new(() => KnowledgeReader.Read(KnowledgeFolder.Default));

    public static Knowledge Knowledge => Shipped.Value;

    /// <summary>Asthma is right.</summary>
    public static Question Question(string id = "q1") => new()
    {
        Id = id,
        Stem = "A 30-year-old woman wheezes at night. What is the most likely diagnosis?",
        Options = [new("A", "Pulmonary embolism"), new("B", "Asthma"), new("C", "Pneumonia")],
        Answers = ["B"],
    };

    public static IReadOnlyList<Question> Exam(int count, Register register = Register.Chart, long seed = 5) =>
        [.. ClinicExam.Generate(Knowledge, new ExamOptions(), ExamSplit.Train, seed).Take(count).Select(q => q.In(register))];

    /// <summary>One question along a pathway, the reasoning expert reflecting on itself where no other is given.</summary>
    public static Trace Walk(string pathway, Question question, IChatClient reasoning, IChatClient? reflection = null) =>
        new PathwayDriver(reasoning, reflection).RunAsync(PathwayNames.Create(pathway), question, ChartSynthesis.RegisterOf(question), TestContext.Current.CancellationToken).GetAwaiter().GetResult();

    public static SynthesisResult Made(IEnumerable<Question> questions, string pathway, ChartSynthesisOptions? options = null, int count = int.MaxValue) =>
        ChartSynthesis.Examples(Knowledge, questions, pathway, options, count, TestContext.Current.CancellationToken);

    /// <summary>Plays a conversation; fails where the pathway asks someone else than the script expects.</summary>
    public static (Trace Trace, IReadOnlyList<ExpertRequest> Requests) Play(IPathway pathway, Question question, Register register, params (string Role, string Reply)[] script)
    {
        var requests = new List<ExpertRequest>();
        var move = pathway.Begin(question, register);
        foreach (var (role, reply) in script)
        {
            Assert.NotNull(move.Request);
            Assert.Equal(role, move.Request.Role);
            requests.Add(move.Request);
            move = pathway.Next(move.State, new ExpertReply(reply, 10, 2, "script"));
        }

        Assert.Null(move.Request);
        return (move.Trace!, requests);
    }
}
