using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation.Protocols;

/// <summary>A way to examine a model: what it is asked, and so what its number means. How outputs are read and votes are counted is the same for all; see <see cref="Ballot"/>.</summary>
public abstract record ExamProtocol
{
    /// <summary>What is printed beside every number: name and version, the options that matter in the name.</summary>
    public abstract Protocol Label { get; }

    /// <summary>Whether options are scored as continuations, which needs a model that can; else the model writes.</summary>
    public virtual bool ScoresOptions => false;

    /// <summary>Requests of one question; in a sweep, of one of its values.</summary>
    public virtual int Count(Question question) => 1;

    /// <summary>What is asked about one question.</summary>
    public abstract IReadOnlyList<ExamAsk> Asks(Question question);

    /// <summary>The protocol as it is written for <c>--protocol</c>, every option that was resolved said.</summary>
    public abstract override string ToString();
}
