using System.Text.Json.Serialization;
using Citrus.Research.Pathways;

namespace Citrus.Research.Synthesis;

/// <summary>What calls to experts took. A cost or a token count that nobody told is counted as unknown, never as 0.</summary>
/// <param name="Calls">Calls that gave a reply.</param>
/// <param name="TokensIn">Input tokens of the calls that told them.</param>
/// <param name="TokensOut">Output tokens of the calls that told them.</param>
/// <param name="UnknownTokens">Calls that told no token counts.</param>
/// <param name="Cost">US dollars of the calls whose price is known.</param>
/// <param name="UnknownCost">Calls whose price is not known.</param>
public sealed record ExpertUse(long Calls = 0, long TokensIn = 0, long TokensOut = 0, long UnknownTokens = 0, double Cost = 0, long UnknownCost = 0)
{
    public static ExpertUse None { get; } = new();

    /// <summary>The whole cost in US dollars; null where some call's price is not known.</summary>
    [JsonIgnore]
    public double? WholeCost => UnknownCost == 0 ? Cost : null;

    public static ExpertUse Of(ExpertReply reply) => Of(reply.TokensIn, reply.TokensOut, reply.Cost);

    /// <summary>Sum over a trace's steps. A further step of the same call has 0 tokens and 0 cost and is no call of its own; a call that left no step (an abstention, a reply that could not be read) is one of unknown tokens and cost.</summary>
    public static ExpertUse Of(Trace trace)
    {
        var told = trace.Steps.Where(s => s is not { TokensIn: 0, TokensOut: 0, Cost: 0 }).Aggregate(None, (sum, s) => sum + Of(s.TokensIn, s.TokensOut, s.Cost));
        var untold = Math.Max(0, trace.Calls - told.Calls);
        return told + new ExpertUse(untold, UnknownTokens: untold, UnknownCost: untold);
    }

    public static ExpertUse operator +(ExpertUse a, ExpertUse b) =>
        new(a.Calls + b.Calls, a.TokensIn + b.TokensIn, a.TokensOut + b.TokensOut, a.UnknownTokens + b.UnknownTokens, a.Cost + b.Cost, a.UnknownCost + b.UnknownCost);

    private static ExpertUse Of(long? tokensIn, long? tokensOut, double? cost) =>
        new(1, tokensIn ?? 0, tokensOut ?? 0, tokensIn is null || tokensOut is null ? 1 : 0, cost ?? 0, cost is null ? 1 : 0);
}
