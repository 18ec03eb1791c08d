using Citrus.Research.Experts;
using Citrus.Research.Questions;
using Citrus.Research.Tokenization;
using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>A decoder with its tokenizer: text in, text out, many at a time. Any checkpoint whose tokenizer is read, not only what was trained here.</summary>
/// <remarks>
/// Lists of questions (<see cref="Answer"/>, <see cref="Continue"/>) from several threads wait for each other; single requests (<see cref="AnswerAsync"/>) share one batch.
/// Owns the decoder.
/// </remarks>
public sealed class Student : IContinuationScorer, IDisposable
{
    private readonly Decoder _decoder;
    private readonly StudentTokenizer _tokenizer;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lazy<GenerationEngine> _engine;

    /// <param name="endIds">Token ids that end an answer; null is what the tokenizer's chat format names.</param>
    /// <param name="batchSize">Single requests that are answered at once.</param>
    public Student(Decoder decoder, StudentTokenizer tokenizer, IReadOnlyList<int>? endIds = null, int batchSize = 64)
    {
        (_decoder, _tokenizer, EndIds) = (decoder, tokenizer, endIds ?? EndTokens.Of(tokenizer));
        _engine = new Lazy<GenerationEngine>(() => new GenerationEngine(decoder, batchSize));
    }

    public Decoder Decoder => _decoder;

    public StudentTokenizer Tokenizer => _tokenizer;

    /// <summary>Token ids that end an answer where the options name none.</summary>
    public IReadOnlyList<int> EndIds { get; }

    /// <summary>Whether it speaks in the markup of students made here, in which thought and answer are one text.</summary>
    public bool IsOurs => _tokenizer.Roles.User is not null;

    /// <summary>Reads a checkpoint folder with its tokenizer.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or does not fit its tokenizer.</exception>
    public static Student Load(string folder, torch.Device? device = null)
    {
        var tokenizer = StudentTokenizer.Load(folder);
        var decoder = Checkpoint.Load(folder, device);
        try
        {
            if (tokenizer.VocabularySize > decoder.Config.VocabularySize)
                throw new InvalidDataException($"{folder}: the tokenizer has {tokenizer.VocabularySize} tokens, the model knows {decoder.Config.VocabularySize}. They are not of one checkpoint.");
            return new Student(decoder, tokenizer, EndTokens.Read(folder, tokenizer, decoder.Config.VocabularySize));
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <summary>Writes model and tokenizer as one Hugging Face folder; see <see cref="Checkpoint.Save"/>.</summary>
    public void Save(string folder) => Checkpoint.Save(_decoder, folder, _tokenizer.EndId, _tokenizer.PadId, _tokenizer.Save);

    /// <summary>The prompt of a conversation in the model's own chat format.</summary>
    /// <exception cref="TokenizerFormatException">The chat format is unknown; the message names those that are known.</exception>
    public IReadOnlyList<int> Prompt(IReadOnlyList<ChatTurn> turns) =>
        // A student's thoughts and answers are marked by tokens that earlier turns may spell; what others say in a foreign format stays text.
        IsOurs ? _tokenizer.Encode(_tokenizer.ChatFormat.Prompt(turns)) : _tokenizer.EncodePrompt(turns);

    /// <summary>Answers user messages, each in a conversation of its own.</summary>
    /// <param name="questions">What the user says.</param>
    /// <param name="options">Its stop tokens are <see cref="EndIds"/> where none is set.</param>
    /// <param name="landed">Called with each answer as it is finished, and its place in the list; not in order.</param>
    /// <returns>One answer a question, in order.</returns>
    public IReadOnlyList<StudentAnswer> Answer(
        IReadOnlyList<string> questions, GenerationOptions? options = null, Action<int>? progress = null, CancellationToken cancellation = default, Action<int, StudentAnswer>? landed = null) =>
        Write([.. questions.Select(q => Prompt([new ChatTurn(ChatFormat.User, q)]))], options, progress, cancellation, landed);

    /// <summary>Continues whole prompts, chat markup included.</summary>
    /// <inheritdoc cref="Answer"/>
    public IReadOnlyList<StudentAnswer> Continue(
        IReadOnlyList<string> prompts, GenerationOptions? options = null, Action<int>? progress = null, CancellationToken cancellation = default) =>
        Write([.. prompts.Select(_tokenizer.Encode)], options, progress, cancellation);

    /// <summary>Continues prompts that are token ids.</summary>
    /// <param name="streams">The random numbers of each prompt; null is by <see cref="GenerationOptions.Seed"/> and its place in the list.</param>
    /// <inheritdoc cref="Answer"/>
    public IReadOnlyList<StudentAnswer> Write(
        IReadOnlyList<IReadOnlyList<int>> prompts, GenerationOptions? options = null, Action<int>? progress = null, CancellationToken cancellation = default, Action<int, StudentAnswer>? landed = null,
        Func<int, SeededRandom>? streams = null)
    {
        var chosen = Ending(options);
        AnswerText[] texts = [.. prompts.Select(p => new AnswerText(_tokenizer, chosen, Thinks(p)))];
        var answers = new StudentAnswer[prompts.Count];
        _turn.Wait(cancellation);
        try
        {
            Generator.Generate(_decoder, prompts, chosen, texts, progress, cancellation, (i, written) =>
            {
                answers[i] = Told(prompts[i], texts[i], written);
                landed?.Invoke(i, answers[i]);
            }, streams);
        }
        finally
        {
            _turn.Release();
        }

        return answers;
    }

    /// <summary>Continues one prompt beside all others that are asked for at this time.</summary>
    /// <param name="prompt">Token ids; see <see cref="Prompt"/>.</param>
    /// <param name="told">Called with each piece of the text as it is written, on the engine's thread. Joined they are the answer's text; no part of a stop text is among them.</param>
    public async Task<StudentAnswer> AnswerAsync(IReadOnlyList<int> prompt, GenerationOptions? options = null, Action<string>? told = null, CancellationToken cancellation = default)
    {
        var chosen = Ending(options);
        var text = new AnswerText(_tokenizer, chosen, Thinks(prompt), told);
        return Told(prompt, text, await _engine.Value.RunAsync(prompt, chosen, text, cancellation).ConfigureAwait(false));
    }

    /// <summary>Scores many continuations in one go: summed natural log-probability and token count of each. A prompt that several share is read once.</summary>
    public IReadOnlyList<ContinuationScore> Score(IReadOnlyList<(string Prompt, string Continuation)> pairs, CancellationToken cancellation = default)
    {
        var encoded = pairs.Select(p =>
        {
            // Encoded together, so that a token across the border is the one that generation would have written.
            var joined = _tokenizer.EncodeWeighted([new Stretch(p.Prompt, 0), new Stretch(p.Continuation, 1)]);
            var border = joined.Weights.TakeWhile(w => w == 0).Count();
            return ((IReadOnlyList<int>)[.. joined.Ids.Take(border)], (IReadOnlyList<int>)[.. joined.Ids.Skip(border)]);
        }).ToArray();
        _turn.Wait(cancellation);
        try
        {
            return [.. Likelihood.PerToken(_decoder, encoded, cancellation: cancellation).Select(l => new ContinuationScore(l.Sum(x => (double)x), l.Length))];
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ContinuationScore>> ScoreAsync(string prompt, IReadOnlyList<string> continuations, CancellationToken cancellationToken = default) =>
        Task.Run(() => Score([.. continuations.Select(c => (prompt, c))], cancellationToken), cancellationToken);

    public void Dispose()
    {
        if (_engine.IsValueCreated) _engine.Value.Dispose();
        _decoder.Dispose();
        _turn.Dispose();
    }

    /// <summary>Whether a prompt ends inside a thought.</summary>
    internal bool Thinks(IReadOnlyList<int> prompt) => _tokenizer.Decode(prompt.Skip(Math.Max(0, prompt.Count - 8))).TrimEnd().EndsWith(SpecialTokens.Think, StringComparison.Ordinal);

    private GenerationOptions Ending(GenerationOptions? options)
    {
        var chosen = options ?? new GenerationOptions();
        chosen.Validate();
        return chosen.StopId is null && chosen.StopIds.Count == 0 ? chosen with { StopIds = EndIds } : chosen;
    }

    private static StudentAnswer Told(IReadOnlyList<int> prompt, AnswerText text, Generation written) =>
        new(text.Finish(written.End == GenerationEnd.StopText), prompt.Count, written.Ids.Length, written.Stopped)
        {
            End = written.End,
            LogProbability = written.LogProbability,
            ThinkingTokens = text.ThinkingTokens,
            ThoughtCut = text.ThoughtCut,
        };
}
