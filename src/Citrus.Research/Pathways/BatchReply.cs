namespace Citrus.Research.Pathways;

/// <summary>One line of replies.jsonl: the reply to one call of one question. As pathways are pure, these lines alone say where every question is.</summary>
/// <param name="Question">Id of the question.</param>
/// <param name="Call">Which call of the question, from 0.</param>
/// <param name="Round">The round that brought it.</param>
/// <param name="Request">SHA-256 (hex, 16 digits) of the request, so that no reply is taken for another's.</param>
public sealed record BatchReply(string Question, int Call, int Round, string Request, string Text)
{
    public long? TokensIn { get; init; }

    public long? TokensOut { get; init; }

    public string? Reasoning { get; init; }

    public bool CutOff { get; init; }

    /// <summary>As the pathway takes it.</summary>
    public ExpertReply As(string spec) => new(Text, TokensIn, TokensOut, spec) { Reasoning = Reasoning, CutOff = CutOff };
}
