using Citrus.Research.Tokenization;

namespace Citrus.Research.Models;

/// <summary>Parts a text that comes in pieces into the thought at its beginning (between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c>) and the answer after it.</summary>
/// <param name="thinks">Whether the text begins inside a thought.</param>
internal sealed class ThoughtSplitter(bool thinks)
{
    private string _held = "";
    private bool _begun = thinks, _thought = thinks, _blank = thinks;

    /// <summary>What can be said of the next piece of the text.</summary>
    /// <param name="last">Whether nothing follows.</param>
    public IEnumerable<(bool IsThought, string Text)> Take(string piece, bool last = false)
    {
        _held += piece;
        if (!_begun)
        {
            var shown = _held.TrimStart();
            if (shown.Length < SpecialTokens.Think.Length && SpecialTokens.Think.StartsWith(shown, StringComparison.Ordinal) && !last) yield break;
            _begun = true;
            if (shown.StartsWith(SpecialTokens.Think, StringComparison.Ordinal)) (_thought, _blank, _held) = (true, true, shown[SpecialTokens.Think.Length..]);
        }

        if (_thought && _held.IndexOf(SpecialTokens.EndThink, StringComparison.Ordinal) is >= 0 and var end)
        {
            var (thought, rest) = (Shown(_held[..end]).TrimEnd(), _held[(end + SpecialTokens.EndThink.Length)..]);
            if (thought.Length > 0) yield return (true, thought);
            (_thought, _blank, _held) = (false, true, rest);
        }

        // A tag that may be half there, and white space that may be the thought's last.
        var free = _held.Length;
        if (_thought && !last)
        {
            for (var length = Math.Min(SpecialTokens.EndThink.Length - 1, _held.Length); length > 0 && free == _held.Length; length--)
                if (_held.EndsWith(SpecialTokens.EndThink[..length], StringComparison.Ordinal)) free = _held.Length - length;
            while (free > 0 && char.IsWhiteSpace(_held[free - 1])) free--;
        }

        var text = Shown(_held[..free]);
        _held = _held[free..];
        if (text.Length > 0) yield return (_thought, text);
    }

    /// <summary>Without the white space at the beginning of a thought, or of the answer after one.</summary>
    private string Shown(string text)
    {
        if (!_blank) return text;
        text = text.TrimStart();
        _blank = text.Length == 0;
        return text;
    }
}
