using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>
/// The experts of one run: made from specs, with one ledger, budget and cache among them.
/// </summary>
/// <remarks>
/// What a call passes through, outermost first (<see cref="Order"/>): the spec's default options, so that all below see what is really asked;
/// record, so that a recording is whole even where replies come from the cache; cache, so that a kept reply costs nothing; budget, which holds
/// back what would go past it; ledger, one line for each paid call; retry; rate limit, which every attempt passes; the endpoint with its
/// timeout, which turns what goes wrong into an <see cref="ExpertException"/>. Experts of this machine (clinic, students) have budget and
/// ledger only, and a cache where they have an <see cref="ExpertIdentity"/>; a replay has nothing, for it costs nothing.
/// A reply that is asked for as a stream is awaited whole first.
/// </remarks>
public sealed class ExpertSession : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ExpertRegistry _registry;
    private readonly Dictionary<string, IChatClient> _open = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly ExpertBudget _budget;
    private readonly Recording? _recording;
    private PriceTable? _prices;
    private ReplyCache? _cache;
    private long _hits;

    /// <exception cref="FormatException">The price table cannot be read.</exception>
    /// <exception cref="InvalidDataException">Ledger, recording or cache are not what they should be.</exception>
    /// <exception cref="IOException">Another process writes to the ledger or recording.</exception>
    public ExpertSession(ExpertRegistry registry, ExpertSessionOptions? options = null)
    {
        (_registry, Options) = (registry, options ?? new());
        if (Options.Retries < 0) throw new ArgumentException($"{Options.Retries} retries; expected 0 or more.");
        if (Options.TokenBudget is <= 0) throw new ArgumentException($"A budget of {Options.TokenBudget} tokens; expected 1 or more, or none.");
        if (Options.CostBudget is < 0) throw new ArgumentException($"A budget of {Options.CostBudget} US dollars; expected 0 or more, or none.");
        _time = Options.Time ?? TimeProvider.System;
        if (Options.Prices is not null) _prices = PriceTable.Read(Options.Prices);
        Ledger = new ExpertLedger(Options.Ledger);
        _budget = new ExpertBudget(Ledger, Options.TokenBudget, Options.CostBudget);
        try
        {
            _recording = Options.Record is { } folder ? new Recording(folder) : null;
        }
        catch
        {
            Ledger.Dispose();
            throw;
        }
    }

    /// <summary>The decorators of an endpoint, outermost first.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Order { get; } =
    [
        ("defaults", "the spec's options where the request says nothing; seed + n for sample n"),
        ("record", "every exchange into --record DIR"),
        ("cache", "a kept reply is handed out for nothing, exactly as it was; identical requests in flight share one call"),
        ("budget", "holds back what would go past --budget-tokens or --budget-usd, calls in flight counted"),
        ("ledger", "one line for each paid call: tokens, cost, latency, attempts, fault"),
        ("retry", "transient faults only, exponential with jitter, as late as Retry-After asks"),
        ("rate limit", "rpm and tpm of the spec; a Retry-After holds all callers"),
        ("endpoint", "timeout, and every fault by its name"),
    ];

    public ExpertSessionOptions Options { get; }

    /// <summary>Paid calls and their sums.</summary>
    public ExpertLedger Ledger { get; }

    /// <summary>Replies that were there already.</summary>
    public long CacheHits => Interlocked.Read(ref _hits);

    /// <summary>The prices in use.</summary>
    public PriceTable Prices => _prices ??= PriceTable.Read(Options.Prices);

    /// <summary>The expert of a spec; the same one where it is asked for twice. The session disposes of it.</summary>
    /// <exception cref="FormatException">The spec is malformed, or the money budget cannot be kept because the expert's price is unknown.</exception>
    /// <exception cref="ExpertException">The key is missing.</exception>
    public IChatClient Open(string spec)
    {
        lock (_lock)
        {
            var parsed = ExpertSpec.Parse(spec);
            var canonical = parsed.ToString();
            if (!_open.TryGetValue(canonical, out var expert)) _open.Add(canonical, expert = Decorate(_registry.Create(spec), parsed));
            return expert;
        }
    }

    public void Dispose()
    {
        foreach (var expert in _open.Values) expert.Dispose();
        _cache?.Dispose();
        _recording?.Dispose();
        Ledger.Dispose();
    }

    private IChatClient Decorate(IChatClient expert, ExpertSpec spec)
    {
        if (expert is ReplayChatClient) return expert;
        try
        {
            var price = Prices.Find(spec.Head);
            if (price is null && Options.CostBudget is not null)
                throw new FormatException($"A budget in US dollars needs the price of {spec.Head}, and {Prices.File} has no row for it. Add one to a copy (model {spec.Head}) and name it with --prices FILE, or bound the tokens with --budget-tokens.");
            var settings = expert.GetService<EndpointSettings>();
            if (settings is not null)
            {
                expert = new RateLimitChatClient(expert, new RateLimit(settings.RequestsPerMinute, settings.TokensPerMinute, _time), settings.MaxTokens);
                expert = new RetryChatClient(expert, Options.Retries, Options.RetryDelay, _time);
            }

            expert = new LedgerChatClient(expert, spec.ToString(), Ledger, price, _time);
            if (_budget.IsBounded) expert = new BudgetChatClient(expert, _budget, price);
            if (Options.Cache is { } file && expert.GetService<ExpertIdentity>() is { } identity)
                expert = new CacheChatClient(expert, _cache ??= ReplyCache.Open(file), identity.Text, () => Interlocked.Increment(ref _hits));
            if (_recording is not null) expert = new RecordChatClient(expert, spec.ToString(), _recording);
            return settings is null ? expert : new SpecDefaultsChatClient(expert, settings);
        }
        catch
        {
            expert.Dispose();
            throw;
        }
    }
}
