using Citrus.Research.Questions;

namespace Citrus.Research.Models;

/// <summary>One answer on its way.</summary>
/// <param name="index">The caller's number for it.</param>
/// <param name="prompt">Token ids, at least one.</param>
/// <param name="positions">Tokens that the model reads at most.</param>
internal sealed class Flight(int index, IReadOnlyList<int> prompt, GenerationOptions options, int positions, SeededRandom random, IAnswerWatcher? watcher = null)
{
    private readonly int[] _all = Room(prompt, options, positions);
    private readonly List<float> _logProbabilities = [];
    private int _length = prompt.Count;
    private double _sum;

    public int Index => index;

    public GenerationOptions Options => options;

    public SeededRandom Random => random;

    public int PromptTokens => prompt.Count;

    /// <summary>The text's number in the writer; -1 before it has one.</summary>
    public int Text { get; set; } = -1;

    /// <summary>Tokens that the writer has read.</summary>
    public int Read { get; set; }

    /// <summary>Whether nobody waits for it any more.</summary>
    public bool Abandoned { get; set; }

    /// <summary>Why it ended; null while it has not.</summary>
    public GenerationEnd? End { get; private set; }

    /// <summary>Prompt and answer so far.</summary>
    public ReadOnlySpan<int> Tokens => _all.AsSpan(0, _length);

    /// <summary>What is written but not read, at most so much.</summary>
    public ReadOnlyMemory<int> Unread(int most) => _all.AsMemory(Read, Math.Min(most, _length - Read));

    public int UnreadTokens => _length - Read;

    /// <summary>Tokens of the cache that it may come to need. What is written last is never read.</summary>
    public long Reserved => _all.Length;

    /// <summary>What the model chose.</summary>
    public void Take(int id, float logProbability)
    {
        _sum += logProbability;
        if (id == options.StopId || options.StopIds.Contains(id)) End = GenerationEnd.StopToken;
        else Write(id, logProbability, forced: false);
        if (watcher is null || End is not null) return;
        foreach (var forced in watcher.Forced())
        {
            if (End is not null) return;
            Write(forced, 0, forced: true);
        }
    }

    public Generation Landed() => new([.. Tokens[prompt.Count..]], End is GenerationEnd.StopToken or GenerationEnd.StopText, _sum) { End = End ?? GenerationEnd.Length, LogProbabilities = [.. _logProbabilities] };

    private void Write(int id, float logProbability, bool forced)
    {
        _all[_length++] = id;
        _logProbabilities.Add(logProbability);
        if (watcher?.See(id, logProbability, forced) == false) End = GenerationEnd.StopText;
        else if (_length - prompt.Count == options.MaxNewTokens) End = GenerationEnd.Length;
        else if (_length >= positions) End = GenerationEnd.Positions;
    }

    private static int[] Room(IReadOnlyList<int> prompt, GenerationOptions options, int positions)
    {
        var all = new int[(int)Math.Min(positions, (long)prompt.Count + options.MaxNewTokens)];
        for (var i = 0; i < prompt.Count; i++) all[i] = prompt[i];
        return all;
    }
}
