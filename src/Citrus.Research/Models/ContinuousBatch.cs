namespace Citrus.Research.Models;

/// <summary>Answers in flight side by side: with every step each goes on by a token, finished ones leave, and those that wait take their places at once.</summary>
/// <remarks>
/// A newcomer's prompt is read in pieces beside the others' next tokens, so that a long one holds nobody up for long. One whose beginning another in flight has read
/// already does not read it again. One caller at a time.
/// </remarks>
internal sealed class ContinuousBatch(IWriter writer, int capacity, long? cacheTokens = null) : IDisposable
{
    /// <summary>A common beginning that is worth sharing, in tokens.</summary>
    private const int WorthSharing = 32;

    private readonly Queue<Flight> _waiting = new();
    private readonly List<Flight> _flying = [];
    private readonly List<WriterInput> _inputs = [];
    private readonly List<Flight> _choosing = [];
    private readonly TokenSampler[] _samplers = [.. Enumerable.Range(0, writer.Threads).Select(_ => new TokenSampler())];
    private (int Id, float LogProbability)[] _chosen = [];
    private long _reserved;

    /// <summary>Answers that wait or are in flight.</summary>
    public int Count => _waiting.Count + _flying.Count;

    /// <summary>Answers in flight.</summary>
    public int Flying => _flying.Count;

    /// <summary>Tokens of prompts that were not read because another had read them.</summary>
    public long Shared { get; private set; }

    /// <exception cref="ArgumentException">The prompt is empty, too long, or holds a token that the model does not know.</exception>
    public void Add(Flight flight) => _waiting.Enqueue(flight);

    /// <summary>Takes all answers out.</summary>
    public void Clear()
    {
        _waiting.Clear();
        foreach (var flight in _flying.ToList()) Leave(flight);
    }

    /// <summary>One token more for everyone whose prompt is read.</summary>
    /// <param name="landed">Called for each answer that is finished now; it has left already.</param>
    public void Step(Action<Flight> landed)
    {
        foreach (var flight in _flying.Where(f => f.Abandoned).ToList()) Leave(flight);
        Admit();
        if (_flying.Count == 0) return;
        _inputs.Clear();
        _choosing.Clear();
        var left = writer.PromptPiece;
        foreach (var flight in _flying)
        {
            var prompt = flight.UnreadTokens > 1;
            if (prompt && left == 0) continue;
            var ids = flight.Unread(prompt ? left : 1);
            if (prompt) left -= ids.Length;
            var whole = ids.Length == flight.UnreadTokens;
            if (whole) _choosing.Add(flight);
            _inputs.Add(new WriterInput(flight.Text, ids, whole ? 1 : 0));
            flight.Read += ids.Length;
        }

        writer.Read(_inputs);
        if (_choosing.Count == 0) return;
        if (_chosen.Length < _choosing.Count) _chosen = new (int, float)[_choosing.Count];
        if (!_choosing.All(f => f.Options.IsGreedy) || !writer.Likeliest(_choosing.Count, _chosen))
        {
            writer.Predict(0, _choosing.Count);
            writer.Share(_choosing.Count, Choose);
        }

        for (var i = 0; i < _choosing.Count; i++)
        {
            var flight = _choosing[i];
            flight.Take(_chosen[i].Id, _chosen[i].LogProbability);
            if (flight.End is null) continue;
            Leave(flight);
            landed(flight);
        }
    }

    public void Dispose() => writer.Dispose();

    private void Choose(int row, int thread)
    {
        var flight = _choosing[row];
        var logits = writer.Logits(row);
        var id = _samplers[thread].Choose(logits, flight.Options, flight.Random);
        _chosen[row] = (id, (float)TokenSampler.LogProbability(logits, id));
    }

    private void Admit()
    {
        while (_flying.Count < capacity && _waiting.TryPeek(out var flight))
        {
            if (flight.Abandoned)
            {
                _waiting.Dequeue();
                continue;
            }

            // Who waits longest comes first, however long its prompt; where nothing else flies even one that is over the limit may.
            if (_flying.Count > 0 && _reserved + flight.Reserved > cacheTokens) return;
            var (giver, common) = Alike(flight);
            if (giver is not null && giver.Read < common) return; // it is being read just now
            _waiting.Dequeue();
            flight.Text = giver is null ? writer.Open() : writer.Fork(giver.Text, common);
            flight.Read = giver is null ? 0 : common;
            Shared += flight.Read;
            _reserved += flight.Reserved;
            _flying.Add(flight);
        }
    }

    /// <summary>Who in flight shares most of the prompt's beginning, and how much; the last token is read anew, for what comes after it.</summary>
    private (Flight? Giver, int Common) Alike(Flight flight)
    {
        var (giver, most) = ((Flight?)null, WorthSharing - 1);
        var mine = flight.Tokens[..^1];
        foreach (var other in _flying)
        {
            var common = mine.CommonPrefixLength(other.Tokens[..other.PromptTokens]);
            if (common > most) (giver, most) = (other, common);
        }

        return (giver, giver is null ? 0 : most);
    }

    private void Leave(Flight flight)
    {
        writer.Close(flight.Text);
        _reserved -= flight.Reserved;
        _flying.Remove(flight);
    }
}
