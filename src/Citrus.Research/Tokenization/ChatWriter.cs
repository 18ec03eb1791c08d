using System.Text;

namespace Citrus.Research.Tokenization;

/// <summary>Collects a conversation's stretches: the format's own marks, and what people said.</summary>
internal sealed class ChatWriter
{
    private readonly List<Stretch> _stretches = [];

    public IReadOnlyList<Stretch> Stretches => _stretches;

    public override string ToString() => _stretches.Aggregate(new StringBuilder(), (text, s) => text.Append(s.Text)).ToString();

    /// <summary>Marks of the format; they may name special tokens.</summary>
    public void Mark(string text, double weight = 0)
    {
        if (text.Length > 0) _stretches.Add(new Stretch(text, weight));
    }

    /// <summary>A part of what was said; an assistant's words weigh what its parts say, everybody else's nothing.</summary>
    public void Said(ChatTurn turn, int from, int to)
    {
        if (turn.Role != ChatFormat.Assistant)
        {
            Data(turn.Text[from..to], 0);
            return;
        }

        var at = 0;
        foreach (var part in turn.Parts ?? [new Stretch(turn.Text)])
        {
            var (start, end) = (Math.Max(from, at), Math.Min(to, at + part.Text.Length));
            if (start < end) Data(turn.Text[start..end], part.Weight);
            at += part.Text.Length;
        }
    }

    public void Said(ChatTurn turn) => Said(turn, 0, turn.Text.Length);

    /// <summary>What was said without the whitespace around it, as Jinja's <c>trim</c> leaves it.</summary>
    public void SaidTrimmed(ChatTurn turn)
    {
        var (from, to) = (0, turn.Text.Length);
        while (from < to && IsSpace(turn.Text[from])) from++;
        while (to > from && IsSpace(turn.Text[to - 1])) to--;
        Said(turn, from, to);
    }

    public void Data(string text, double weight)
    {
        if (text.Length > 0) _stretches.Add(new Stretch(text, weight) { IsData = true });
    }

    // Python's str.strip also takes the four information separators
    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F';
}
