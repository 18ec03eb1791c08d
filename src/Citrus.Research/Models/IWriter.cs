namespace Citrus.Research.Models;

/// <summary>Reads prompts, then one token after the other of each, remembering what it read.</summary>
internal interface IWriter : IDisposable
{
    /// <summary>Begins a batch.</summary>
    /// <param name="prompts">Token ids, at least one each.</param>
    /// <param name="room">Most tokens that will follow a prompt.</param>
    /// <returns>Logits of each prompt's next token, <c>[prompts, vocab]</c>.</returns>
    float[] Begin(IReadOnlyList<IReadOnlyList<int>> prompts, int room);

    /// <summary>Reads one more token of each row that is kept; the others are forgotten.</summary>
    /// <param name="kept">Rows of the batch as it is, ascending; they become rows 0, 1, 2 ...</param>
    /// <param name="ids">The token for each of them.</param>
    /// <returns>Logits of the tokens after these.</returns>
    float[] Next(IReadOnlyList<int> kept, IReadOnlyList<int> ids);
}
