using Citrus.Research.Experts;

namespace Citrus.Research.Pathways;

/// <summary>Which question a driver serves next.</summary>
/// <remarks>
/// While many questions wait to be begun, whoever has begun one goes on with it: traces finish early, and a run that is stopped or out of budget leaves whole ones. The last questions are begun
/// all together with those in progress, and from then on the least advanced goes first: all of them end at about the same time, instead of a few long ones after the others.
/// Safe from several threads.
/// </remarks>
/// <param name="waiting">Places of the questions to begin, in order.</param>
/// <param name="begin">The first move of a question.</param>
/// <param name="together">How many of the last questions are begun together.</param>
internal sealed class WalkQueue(IReadOnlyList<int> waiting, Func<int, PathwayMove> begin, int together)
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Walk, (int, int)> _open = new();
    private int _begun;

    /// <summary>A question in progress.</summary>
    public sealed record Walk(int Index, PathwayMove Move);

    /// <summary>The next question to serve; null where none is left to this caller: those in progress are in other hands.</summary>
    public Walk? Take()
    {
        lock (_lock)
        {
            if (_open.TryDequeue(out var walk, out _)) return walk;
            if (_begun == waiting.Count) return null;
            if (waiting.Count - _begun > together) return Begin();
            while (_begun < waiting.Count) Put(Begin());
            return _open.Dequeue();
        }
    }

    /// <summary>Whom to serve after a question moved on: the same one, or in the end the least advanced.</summary>
    public Walk Next(Walk walk)
    {
        lock (_lock)
        {
            if (_begun < waiting.Count && waiting.Count - _begun > together) return walk;
            while (_begun < waiting.Count) Put(Begin());
            Put(walk);
            return _open.Dequeue();
        }
    }

    private Walk Begin()
    {
        var index = waiting[_begun++];
        return new Walk(index, begin(index));
    }

    private void Put(Walk walk) => _open.Enqueue(walk, (Progress(walk.Move.State), walk.Index));

    private static int Progress(PathwayState state) =>
        (2 * state.Steps.Count(s => s is { Accepted: true, Role: ExpertRoles.Reasoning })) + (state.Proposed is null && state.Candidates.Count == 0 ? 0 : 1);
}
