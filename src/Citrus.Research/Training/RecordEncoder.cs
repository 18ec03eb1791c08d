using Citrus.Research.Examples;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Training;

/// <summary>Turns a file's examples or pairs into token sequences in a model's chat format: any number of turns, loss on answers only, nothing shortened or left out without being counted.</summary>
/// <remarks>A student's single-turn records give the same tokens and weights as <see cref="TrainingEncoder"/>.</remarks>
public sealed class RecordEncoder
{
    private const string TooLong = "too long", PromptTooLong = "too long even with its prompt cut", AnswerTooLong = "its prompt leaves room for less than half of the answer", NothingToLearn = "no token to learn";
    private const int Named = 3;

    private readonly StudentTokenizer _tokenizer;
    private readonly EncodingOptions _options;
    private readonly string _file;
    private readonly SortedDictionary<string, int> _dropped = new(StringComparer.Ordinal);
    private readonly List<string> _touched = [];
    private int _records, _kept, _promptsCut, _answersCut, _longest;
    private long _tokens, _lossTokens;

    /// <param name="tokenizer">The model's.</param>
    /// <param name="options">The defaults where null.</param>
    /// <param name="file">Named in errors and in the report.</param>
    public RecordEncoder(StudentTokenizer tokenizer, EncodingOptions? options = null, string file = "")
    {
        (_tokenizer, _options, _file) = (tokenizer, options ?? new(), file);
        _options.Validate();
    }

    /// <summary>What was done so far.</summary>
    public EncodingReport Report => new()
    {
        File = _file,
        Records = _records,
        Kept = _kept,
        PromptsCut = _promptsCut,
        AnswersCut = _answersCut,
        Dropped = new Dictionary<string, int>(_dropped),
        Touched = [.. _touched],
        Tokens = _tokens,
        LossTokens = _lossTokens,
        Longest = _longest,
    };

    /// <summary>The sequences of a file's examples, streaming.</summary>
    /// <exception cref="InvalidDataException">A record cannot be encoded as the options ask; the message names file, record and mend.</exception>
    public IEnumerable<TrainingSequence> Encode(IEnumerable<Example> examples) => examples.Select(Encode).OfType<TrainingSequence>();

    /// <summary>The pairs of a file, streaming.</summary>
    /// <inheritdoc cref="Encode(IEnumerable{Example})"/>
    public IEnumerable<TrainingPair> Encode(IEnumerable<Pair> pairs) => pairs.Select(Encode).OfType<TrainingPair>();

    /// <summary>One example; null where it is left out.</summary>
    /// <inheritdoc cref="Encode(IEnumerable{Example})"/>
    public TrainingSequence? Encode(Example example) => Encoded(example.Id, [example.Turns]) is [var only] ? only : null;

    /// <summary>One pair; null where it is left out.</summary>
    /// <inheritdoc cref="Encode(IEnumerable{Example})"/>
    public TrainingPair? Encode(Pair pair) =>
        Encoded(pair.Id, [[.. pair.Prompt, new Turn("assistant", pair.Chosen)], [.. pair.Prompt, new Turn("assistant", pair.Rejected)]]) is [var chosen, var rejected] ? new TrainingPair(chosen, rejected) : null;

    /// <summary>Conversations that share everything but the last turn, shortened alike.</summary>
    private TrainingSequence[]? Encoded(string id, IReadOnlyList<IReadOnlyList<Turn>> conversations)
    {
        _records++;
        if (conversations.Any(c => c is [.., { Role: "assistant" }] && !HasAnswer(c))) return Unlearnable(id);
        var sequences = Made(id, conversations);
        if (_options.MaxTokens is { } most && sequences.Any(s => s.Ids.Length > most))
        {
            switch (_options.Overlong)
            {
                case Overlong.Refuse:
                    throw Error(id, $"{sequences.Max(s => s.Ids.Length)} tokens; at most {most} are read. Raise the limit, leave the record out, or say what to cut ({nameof(Overlong)}: {nameof(Overlong.Drop)}, {nameof(Overlong.CutPrompt)} or {nameof(Overlong.CutAnswer)}).");
                case Overlong.Drop:
                    return Drop(id, TooLong);
                case Overlong.CutPrompt:
                    if (WithPromptCut(id, conversations, most) is not { } shorter) return Drop(id, PromptTooLong);
                    sequences = shorter;
                    _promptsCut++;
                    break;
                default:
                    if (WithAnswerCut(sequences, most) is not { } ended) return Drop(id, AnswerTooLong);
                    sequences = ended;
                    _answersCut++;
                    break;
            }

            Touch(id);
        }

        if (sequences is [var chosen, var rejected] && (_options.FromDivergence || chosen.Ids.AsSpan().SequenceEqual(rejected.Ids)))
        {
            var shared = chosen.Ids.AsSpan().CommonPrefixLength(rejected.Ids);
            if (shared == chosen.Ids.Length && shared == rejected.Ids.Length) return _options.SkipUnlearnable ? Drop(id, "both answers are the same") : throw Error(id, "chosen and rejected are the same, token for token; a pair needs two different answers.");
            chosen.Weights.AsSpan(0, shared).Clear();
            rejected.Weights.AsSpan(0, shared).Clear();
        }

        if (sequences.Any(s => !s.Weights.AsSpan(1).ContainsAnyExcept(0f))) return Unlearnable(id);
        _kept++;
        foreach (var sequence in sequences)
        {
            _tokens += sequence.Ids.Length;
            _lossTokens += sequence.Weights.AsSpan(1).ToArray().Count(w => w > 0);
            _longest = Math.Max(_longest, sequence.Ids.Length);
        }

        return sequences;
    }

    /// <summary>Whether there are words to learn; the end of a turn alone is none.</summary>
    private bool HasAnswer(IReadOnlyList<Turn> turns) =>
        (_options.LastAnswerOnly ? turns.TakeLast(1) : turns).Any(t => t.Role == "assistant" && t.Segments.Any(s => s.Weight > 0 && !string.IsNullOrWhiteSpace(s.Text)));

    private TrainingSequence[]? Unlearnable(string id) => _options.SkipUnlearnable
        ? Drop(id, NothingToLearn)
        : throw Error(id, "no token to learn: every assistant turn is empty or has the weight 0. Mend the record or leave it out.");

    private TrainingSequence[] Made(string id, IReadOnlyList<IReadOnlyList<Turn>> conversations)
    {
        try
        {
            return [.. conversations.Select(Made)];
        }
        catch (Exception e) when (e is ArgumentException or TokenizerFormatException or InvalidOperationException)
        {
            throw Error(id, e.Message, e);
        }
    }

    private TrainingSequence Made(IReadOnlyList<Turn> turns)
    {
        if (turns is [.., { Role: not "assistant" } last]) throw new ArgumentException($"the last turn is the {last.Role}'s; it must be the assistant's, for that is what is learned.");
        var format = _options.Format ?? _tokenizer.ChatFormat;
        // A student's question and answer as they always were, special tokens in them included.
        if (format.Name == "student" && turns is [{ Role: "user" }, { Role: "assistant" }]) return TrainingEncoder.Encode(_tokenizer, new Example { Id = "", Turns = turns }, _options.AnswerWeight);

        List<ChatTurn> chat = [.. turns.Select(t => new ChatTurn(t.Role, t.Text) { Parts = t.Role == "assistant" ? Weighed(t) : null })];
        var stretches = format.Stretches(chat);
        if (_options.LastAnswerOnly)
        {
            // What the prompt says too is no part of the last answer.
            var prompt = string.Concat(format.PromptStretches(chat[..^1]).Select(s => s.Text));
            var before = prompt.AsSpan().CommonPrefixLength(string.Concat(stretches.Select(s => s.Text)));
            var at = 0;
            stretches = [.. stretches.Select(s => (at += s.Text.Length) <= before ? s with { Weight = 0 } : s)];
        }

        var encoded = _tokenizer.EncodeWeighted(stretches);
        return new TrainingSequence([.. encoded.Ids], [.. encoded.Weights.Select(w => (float)w)]);
    }

    /// <summary>A turn's segments, those between the answer tags weighed; by text, for few vocabularies have the tags as tokens.</summary>
    private List<Stretch> Weighed(Turn turn)
    {
        if (_options.AnswerWeight == 1) return [.. turn.Segments.Select(s => new Stretch(s.Text, s.Weight))];
        var (text, parts, at) = (turn.Text, new List<Stretch>(), 0);
        foreach (var segment in turn.Segments)
        {
            for (var end = at + segment.Text.Length; at < end;)
            {
                var open = at == 0 ? -1 : text.LastIndexOf(SpecialTokens.Answer, at - 1, StringComparison.Ordinal);
                var from = open < 0 ? -1 : open + SpecialTokens.Answer.Length;
                var close = from < 0 ? -1 : text.IndexOf(SpecialTokens.EndAnswer, from, StringComparison.Ordinal);
                var inside = from >= 0 && at >= from && (close < 0 || at < close);
                var next = inside ? (close < 0 ? end : close) : from > at ? from : text.IndexOf(SpecialTokens.Answer, at, StringComparison.Ordinal) is var o and >= 0 ? o + SpecialTokens.Answer.Length : end;
                next = Math.Min(end, next);
                parts.Add(new Stretch(text[at..next], segment.Weight * (inside ? _options.AnswerWeight : 1)));
                at = next;
            }
        }

        return parts;
    }

    private TrainingSequence[]? WithPromptCut(string id, IReadOnlyList<IReadOnlyList<Turn>> conversations, int most)
    {
        var prompt = conversations[0].SkipLast(1).Select((t, i) => (t, i)).Where(x => x.t.Role != "assistant").ToList();
        if (prompt.Count == 0) return null;
        var (longest, place) = prompt.MaxBy(x => x.t.Text.Length);
        var text = longest.Text;
        // The most characters that fit: one more is one too many.
        TrainingSequence[]? best = null;
        for (int low = text.Length / 4, high = text.Length - 1; low <= high;)
        {
            var keep = (low + high) / 2;
            var cut = Cut(text, keep);
            var made = Made(id, [.. conversations.Select(c => (IReadOnlyList<Turn>)[.. c.Select((t, i) => i == place ? new Turn(t.Role, cut) : t)])]);
            if (made.All(s => s.Ids.Length <= most)) (best, low) = (made, keep + 1);
            else high = keep - 1;
        }

        return best;
    }

    /// <summary>The beginning and the end of a text, as much of each, at whole words where there are some near.</summary>
    private static string Cut(string text, int keep)
    {
        var (head, tail) = (keep / 2, text.Length - (keep - (keep / 2)));
        var (back, forward) = (head, tail);
        while (back > Math.Max(1, head - 20) && !char.IsWhiteSpace(text[back])) back--;
        while (forward < Math.Min(text.Length - 1, tail + 20) && !char.IsWhiteSpace(text[forward])) forward++;
        if (char.IsWhiteSpace(text[back])) head = back;
        if (char.IsWhiteSpace(text[forward])) tail = forward + 1;
        if (head > 0 && char.IsHighSurrogate(text[head - 1])) head--;
        if (tail < text.Length && char.IsLowSurrogate(text[tail])) tail++;
        return $"{text[..head]} ... {text[tail..]}";
    }

    private static TrainingSequence[]? WithAnswerCut(TrainingSequence[] sequences, int most)
    {
        var cut = new List<TrainingSequence>();
        foreach (var sequence in sequences)
        {
            if (sequence.Ids.Length <= most)
            {
                cut.Add(sequence);
                continue;
            }

            // The last answer: from the last token without weight on that has learned ones behind it; a stretch of weight 0 inside the answer makes it look shorter, never longer.
            var end = Array.FindLastIndex(sequence.Weights, w => w > 0) + 1;
            var begin = end;
            while (begin > 0 && sequence.Weights[begin - 1] > 0) begin--;
            if (2 * (most - begin) < end - begin) return null;
            cut.Add(new TrainingSequence(sequence.Ids[..most], sequence.Weights[..most]));
        }

        return [.. cut];
    }

    private TrainingSequence[]? Drop(string id, string why)
    {
        _dropped[why] = _dropped.GetValueOrDefault(why) + 1;
        Touch(id);
        return null;
    }

    private void Touch(string id)
    {
        if (_touched.Count < Named && !_touched.Contains(id)) _touched.Add(id);
    }

    private InvalidDataException Error(string id, string problem, Exception? inner = null) => new($"{(_file.Length > 0 ? _file + ", " : "")}{id}: {problem}", inner);
}
