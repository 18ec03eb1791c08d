using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Citrus.Research.Questions;

namespace Citrus.Research.Pathways;

/// <summary>One question on its pathway, moved on by replies that may come rounds apart.</summary>
internal sealed class BatchWalk
{
    private const int LongestId = 200;
    private PathwayMove? _move;
    private int _attempts;

    private BatchWalk(Question question, string inputs) => (Question, Inputs) = (question, inputs);

    public Question Question { get; }

    /// <summary>What a driver would write into the trace.</summary>
    public string Inputs { get; }

    /// <summary>Which call is asked for, from 0.</summary>
    public int Call { get; private set; }

    /// <summary>The round that brought the last reply; 0 before the first.</summary>
    public int AnsweredIn { get; private set; }

    /// <summary>The round in which the call failed last; 0 where none did.</summary>
    public int FailedIn { get; private set; }

    /// <summary>Why the question was given up; null where it was not.</summary>
    public BatchFailure? Problem { get; private set; }

    public Trace? Trace { get; private set; }

    public bool IsPending => Trace is null && Problem is null;

    public ExpertRequest Request => _move!.Request!;

    /// <summary>Whether a round still has to say something about it.</summary>
    public bool IsAwaitedIn(int round) => IsPending && AnsweredIn < round && FailedIn < round;

    /// <summary>Begun, or finished where its trace is known.</summary>
    public static BatchWalk Begin(IPathway pathway, Question question, Register register, string inputs, Trace? known)
    {
        var walk = new BatchWalk(question, inputs) { Trace = known };
        if (known is null) walk._move = pathway.Begin(question, register);
        return walk;
    }

    public BatchReply Reply(ExpertReply reply, int round) => new(Question.Id, Call, round, HashOf(Request), reply.Text)
    {
        TokensIn = reply.TokensIn,
        TokensOut = reply.TokensOut,
        Reasoning = reply.Reasoning,
        CutOff = reply.CutOff,
    };

    /// <exception cref="InvalidDataException">The reply is to another request than the pathway makes.</exception>
    public void Take(IPathway pathway, BatchReply reply, string spec)
    {
        if (reply.Request != HashOf(Request))
            throw new InvalidDataException($"replies.jsonl: the reply to call {reply.Call} of question {reply.Question} is to another request than this version makes. Go on with the version that began, or begin in another folder with --out.");
        _move = pathway.Next(_move!.State, reply.As(spec));
        (Call, AnsweredIn, Problem, _attempts) = (Call + 1, reply.Round, null, 0);
        if (_move.Trace is { } trace) Trace = trace with { Inputs = Inputs };
    }

    public void Fail(BatchFailure failure, int attempts)
    {
        FailedIn = failure.Round;
        if (failure.EndsRun) return;
        if (!failure.IsTransient || ++_attempts >= attempts) Problem = failure;
    }

    /// <summary><c>question#call</c>; an id that is too long for a server stands by its hash.</summary>
    public static string CustomId(string question, int call) =>
        (question.Length <= LongestId ? question : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(question)))) + "#" + call.ToString(CultureInfo.InvariantCulture);

    private static string HashOf(ExpertRequest request) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Role}\n{request.System}\n{request.User}")))[..16];
}
