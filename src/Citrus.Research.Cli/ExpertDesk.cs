using System.CommandLine;
using System.Globalization;
using Citrus.Research.Clinic;
using Citrus.Research.Experts;

namespace Citrus.Research.Cli;

/// <summary>The options that every verb which asks experts has in common, and the session they make.</summary>
internal sealed class ExpertDesk
{
    private readonly Option<string?> _cache = new("--cache") { Description = "SQLite file of replies that were paid for; several runs may share one. Default: replies.sqlite in the run's folder." };
    private readonly Option<bool> _noCache = new("--no-cache") { Description = "Keep no replies. A resume then pays again for the traces that were in progress." };
    private readonly Option<long?> _tokens = new("--budget-tokens") { Description = "Most tokens, input and output, of this run and those before it in the same folder. Reached, the run ends in order; the same command with a larger budget goes on." };
    private readonly Option<string?> _dollars = new("--budget-usd") { Description = "Most US dollars, likewise. Every expert's price must be known (see `citrus experts`)." };
    private readonly Option<string?> _prices = new("--prices") { Description = "CSV of prices in place of the shipped one: model,input,output,source,date in US dollars for a million tokens." };
    private readonly Option<string?> _record = new("--record") { Description = "Folder that every exchange is recorded to; replay:DIR answers from it." };
    private readonly Option<int> _retries = new("--retries") { Description = "Further attempts at a call that failed for a passing reason.", DefaultValueFactory = _ => new ExpertSessionOptions().Retries };

    /// <summary>Add these to the verb's command.</summary>
    public IReadOnlyList<Option> Options => [_cache, _noCache, _tokens, _dollars, _prices, _record, _retries];

    /// <summary>The session of a run.</summary>
    /// <param name="folder">The run's folder: cache and ledger are kept there.</param>
    /// <exception cref="ArgumentException">An option cannot be meant.</exception>
    public ExpertSession Open(ParseResult parse, Knowledge knowledge, string folder)
    {
        if (parse.GetValue(_noCache) && parse.GetValue(_cache) is not null) throw new ArgumentException("--cache and --no-cache exclude each other; leave one out.");
        return new(Inputs.Experts(knowledge), new ExpertSessionOptions
        {
            Cache = parse.GetValue(_noCache) ? null : parse.GetValue(_cache) ?? Path.Combine(folder, "replies.sqlite"),
            Ledger = Path.Combine(folder, "ledger.jsonl"),
            TokenBudget = parse.GetValue(_tokens) is { } tokens ? tokens > 0 ? tokens : throw new ArgumentException($"--budget-tokens is {tokens}; it must be 1 or more.") : null,
            CostBudget = parse.GetValue(_dollars) is { } text ? Dollars(text) : null,
            Prices = parse.GetValue(_prices),
            Record = parse.GetValue(_record),
            Retries = Inputs.AtLeast(parse.GetValue(_retries), 0, "--retries"),
        });
    }

    /// <summary>What was spent, in a sentence for people.</summary>
    public static string Spent(LedgerSums sums) => string.Create(CultureInfo.InvariantCulture, $"{sums.Calls:N0} calls, {sums.TokensIn:N0} tokens in, {sums.TokensOut:N0} out, ")
        + (sums.UnknownCost == 0 ? Money(sums.Cost) : sums.UnknownCost == sums.Calls ? "cost unknown" : $"at least {Money(sums.Cost)} ({Inputs.N(sums.UnknownCost)} calls of unknown cost)")
        + (sums.Failures > 0 ? $"; {Inputs.N(sums.Failures)} calls gave no reply" : "")
        + (sums.Estimated > 0 ? $"; the tokens of {Inputs.N(sums.Estimated)} calls are estimated" : "");

    /// <summary>US dollars with as many digits as small sums need.</summary>
    public static string Money(decimal dollars) => dollars.ToString("0.00####", CultureInfo.InvariantCulture) + " US dollars";

    private static decimal Dollars(string text) => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars)
        ? dollars
        : throw new ArgumentException($"--budget-usd is '{text}'; expected US dollars, e.g. 12.50.");
}
