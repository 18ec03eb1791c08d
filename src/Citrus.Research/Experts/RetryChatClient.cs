using System.Globalization;
using Microsoft.Extensions.AI;
using Polly;
using Polly.Retry;

namespace Citrus.Research.Experts;

/// <summary>Asks again after a transient fault, a bounded number of times, waiting longer each time and as long as the server asks for.</summary>
internal sealed class RetryChatClient : WholeReplyChatClient
{
    /// <summary>A server that asks for more than this is asked again after this.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly ResiliencePipeline _pipeline;

    /// <param name="retries">Further attempts, 0 or more.</param>
    /// <param name="delay">Median wait before the first of them; doubles each time, with jitter.</param>
    public RetryChatClient(IChatClient inner, int retries, TimeSpan delay, TimeProvider time)
        : base(inner)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if (retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<ExpertException>(e => e.IsTransient),
                MaxRetryAttempts = retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = delay,
                MaxDelay = Longest,
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(arguments.Outcome.Exception is ExpertException { RetryAfter: { } asked }
                    // A little later than asked, not all at once.
                    ? TimeSpan.FromMilliseconds(Math.Min(asked.TotalMilliseconds, Longest.TotalMilliseconds) + (Random.Shared.NextDouble() * delay.TotalMilliseconds))
                    : null),
            });
        }

        _pipeline = builder.Build();
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var meter = CallMeter.Of(options);
        var attempts = 0;
        try
        {
            return await _pipeline.ExecuteAsync(
                async token =>
                {
                    attempts++;
                    if (meter is not null) meter.Attempts = attempts;
                    return await base.GetResponseAsync(messages, options, token).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (ExpertException e) when (e.IsTransient)
        {
            throw new ExpertException(e.Fault, string.Create(CultureInfo.InvariantCulture, $"{e.Message} ({e.Fault}, given up after {attempts} {(attempts == 1 ? "attempt" : "attempts")})")) { RetryAfter = e.RetryAfter };
        }
    }
}
