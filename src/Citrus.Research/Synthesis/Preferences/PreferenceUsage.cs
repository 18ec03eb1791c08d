using Citrus.Research.Pathways;

namespace Citrus.Research.Synthesis;

/// <summary>What calls took.</summary>
/// <param name="Calls">How many.</param>
/// <param name="TokensIn">Input tokens; null where a call did not report them.</param>
/// <param name="TokensOut">Output tokens; null where a call did not report them.</param>
/// <param name="Cost">US dollars; null where the price of a call is unknown, never 0 for it.</param>
public sealed record PreferenceUsage(int Calls, long? TokensIn, long? TokensOut, double? Cost)
{
    public static PreferenceUsage None { get; } = new(0, 0, 0, 0);

    public static PreferenceUsage Of(ExpertReply reply) => new(1, reply.TokensIn, reply.TokensOut, reply.Cost);

    public static PreferenceUsage operator +(PreferenceUsage a, PreferenceUsage b) => new(a.Calls + b.Calls, a.TokensIn + b.TokensIn, a.TokensOut + b.TokensOut, a.Cost + b.Cost);
}
