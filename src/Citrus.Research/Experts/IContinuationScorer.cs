namespace Citrus.Research.Experts;

/// <summary>
/// An expert that can say how likely a given continuation is. Asked for through <c>IChatClient.GetService</c>; experts that only
/// generate (most endpoints) have none.
/// </summary>
public interface IContinuationScorer
{
    /// <summary>Log-probability of each continuation after the prompt.</summary>
    /// <param name="prompt">The whole text before the continuation, chat markup included where the expert's format has any.</param>
    /// <param name="continuations">Candidates; each is scored on its own, as if it followed the prompt directly.</param>
    /// <returns>One score per continuation, in the order given.</returns>
    Task<IReadOnlyList<ContinuationScore>> ScoreAsync(string prompt, IReadOnlyList<string> continuations, CancellationToken cancellationToken = default);
}
