using System.CommandLine;
using Citrus.Research.Clinic;
using Citrus.Research.Experts;

namespace Citrus.Research.Cli;

/// <summary>The options that every verb which asks experts has in common, and the session they make.</summary>
internal sealed class ExpertDesk
{
    private readonly Option<bool> _noCache = new("--no-cache") { Description = "Keep no replies. A resume then pays again for the traces that were in progress." };

    /// <summary>Add these to the verb's command.</summary>
    public IReadOnlyList<Option> Options => [_noCache];

    /// <summary>The session of a run.</summary>
    /// <param name="folder">The run's folder: cache and ledger are kept there.</param>
    public ExpertSession Open(ParseResult parse, Knowledge knowledge, string folder) => new(Inputs.Experts(knowledge), new ExpertSessionOptions
    {
        Cache = parse.GetValue(_noCache) ? null : Path.Combine(folder, "replies.sqlite"),
        Ledger = Path.Combine(folder, "ledger.jsonl"),
    });
}
