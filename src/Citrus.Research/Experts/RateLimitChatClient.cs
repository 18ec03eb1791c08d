using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>Asks no faster than allowed; a pause that the server asks one caller for holds all of them.</summary>
internal sealed class RateLimitChatClient(IChatClient inner, RateLimit limit, int? mostOut) : WholeReplyChatClient(inner)
{
    /// <summary>Output tokens expected of a call before any was made.</summary>
    private const long FirstGuess = 512;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private long _calls, _tokensOut;

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var list = Listed(messages);
        var calls = Interlocked.Read(ref _calls);
        var expected = TokenEstimate.Of(list) + Math.Min(calls == 0 ? FirstGuess : Interlocked.Read(ref _tokensOut) / calls, mostOut ?? long.MaxValue);
        var admission = await limit.EnterAsync(expected, cancellationToken).ConfigureAwait(false);
        try
        {
            var response = await base.GetResponseAsync(list, options, cancellationToken).ConfigureAwait(false);
            if (response.Usage is { InputTokenCount: { } tokensIn, OutputTokenCount: { } tokensOut })
            {
                limit.Correct(admission, tokensIn + tokensOut);
                Interlocked.Add(ref _tokensOut, tokensOut);
                Interlocked.Increment(ref _calls);
            }

            return response;
        }
        catch (ExpertException e) when (e is { Fault: ExpertFault.RateLimited or ExpertFault.ServerError, RetryAfter: { } asked })
        {
            limit.Pause(asked < LongestPause ? asked : LongestPause);
            throw;
        }
    }
}
