using System.Text;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Models;

/// <summary>An answer's text while its tokens come: told piece by piece, ended at a stop text, its thought ended at a limit.</summary>
/// <remarks>What is told never changes later: half a character waits for its other bytes, and the beginning of what may become a stop text for what follows.</remarks>
internal sealed class AnswerText : IAnswerWatcher
{
    private readonly StudentTokenizer _tokenizer;
    private readonly GenerationOptions _options;
    private readonly Action<string>? _told;
    private readonly List<int> _ids = [];
    private readonly StringBuilder _text = new();
    private readonly int _longestStop;
    private int _from, _read, _tellable, _lookedAt;
    private bool _open, _closed;

    /// <param name="thinks">Whether the prompt has opened a thought already.</param>
    /// <param name="told">Called with each new piece of text.</param>
    public AnswerText(StudentTokenizer tokenizer, GenerationOptions options, bool thinks, Action<string>? told = null)
    {
        (_tokenizer, _options, _open, _told) = (tokenizer, options, thinks, told);
        _longestStop = options.StopTexts.Count == 0 ? 0 : options.StopTexts.Max(s => s.Length);
    }

    /// <summary>Tokens of the thought so far, its tags excluded where they are tokens of their own.</summary>
    public int ThinkingTokens { get; private set; }

    /// <summary>Whether the end of the thought was written for the model.</summary>
    public bool ThoughtCut { get; private set; }

    public bool See(int id, float logProbability, bool forced)
    {
        _ids.Add(id);
        var before = Decode(_from, _read);
        var now = Decode(_from, _ids.Count);
        if (now.Length > before.Length && !now.EndsWith('\uFFFD') && now.StartsWith(before, StringComparison.Ordinal))
        {
            _text.Append(now, before.Length, now.Length - before.Length);
            // What follows is decoded after something that shows, so that a space between words is not lost.
            if (Decode(_read, _ids.Count).Length > 0) _from = _read;
            _read = _ids.Count;
        }

        FollowThought();
        if (!Stops()) return true;
        Tell(_text.Length);
        return false;
    }

    public IReadOnlyList<int> Forced()
    {
        if (!_open || _closed || _options.MaxThinkingTokens is not { } most || ThinkingTokens < most) return [];
        (ThoughtCut, _closed) = (true, true);
        return _tokenizer.Encode(EndOfThought);
    }

    /// <summary>The whole text, once no token follows.</summary>
    /// <param name="stopped">Whether a stop text ended it.</param>
    public string Finish(bool stopped)
    {
        if (!stopped)
        {
            var (before, now) = (Decode(_from, _read), Decode(_from, _ids.Count));
            if (now.StartsWith(before, StringComparison.Ordinal)) _text.Append(now, before.Length, now.Length - before.Length);
        }

        Tell(_text.Length);
        return _text.ToString();
    }

    /// <summary>As the model itself would end it: on a line of its own, except for a student, which knows words only.</summary>
    private string EndOfThought => _tokenizer is WordTokenizer ? SpecialTokens.EndThink : $"\n{SpecialTokens.EndThink}\n\n";

    private string Decode(int from, int to) => _tokenizer.Decode(_ids.GetRange(from, to - from), skipSpecial: true);

    private void FollowThought()
    {
        if (_closed) return;
        if (_open) ThinkingTokens++;
        // From where a tag that is not yet whole may begin.
        var tag = _open ? SpecialTokens.EndThink : SpecialTokens.Think;
        var start = Math.Max(0, _lookedAt - tag.Length + 1);
        _lookedAt = _text.Length;
        if (!_text.ToString(start, _text.Length - start).Contains(tag, StringComparison.Ordinal)) return;
        if (_open)
        {
            _closed = true;
            ThinkingTokens--;
        }
        else
        {
            _open = true;
        }
    }

    /// <summary>Cuts the text at the first stop text, and tells what can be told.</summary>
    private bool Stops()
    {
        var start = Math.Max(0, _tellable);
        var rest = _text.ToString(start, _text.Length - start);
        var cut = -1;
        foreach (var stop in _options.StopTexts)
        {
            var at = rest.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && (cut < 0 || at < cut)) cut = at;
        }

        if (cut >= 0)
        {
            _text.Length = start + cut;
            return true;
        }

        var held = 0;
        for (var length = Math.Min(_longestStop - 1, rest.Length); length > 0 && held == 0; length--)
        {
            var tail = rest.AsSpan(rest.Length - length);
            foreach (var stop in _options.StopTexts)
                if (stop.Length > length && stop.AsSpan(0, length).SequenceEqual(tail)) held = length;
        }

        Tell(_text.Length - held);
        return false;
    }

    private void Tell(int end)
    {
        if (end <= _tellable) return;
        var piece = _text.ToString(_tellable, end - _tellable);
        _tellable = end;
        _told?.Invoke(piece);
    }
}
