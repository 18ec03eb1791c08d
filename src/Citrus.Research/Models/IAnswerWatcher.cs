namespace Citrus.Research.Models;

/// <summary>Looks at an answer while it is written, and may end it or write on for the model.</summary>
internal interface IAnswerWatcher
{
    /// <summary>A new token, which is part of the answer.</summary>
    /// <param name="forced">Whether it was written for the model.</param>
    /// <returns>Whether the answer goes on.</returns>
    bool See(int id, float logProbability, bool forced);

    /// <summary>Tokens to be written for the model before it goes on; empty most of the time. Each is shown to <see cref="See"/>.</summary>
    IReadOnlyList<int> Forced();
}
