using Citrus.Research.Experts;
using Citrus.Research.Tokenization;
using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>A decoder with its tokenizer: text in, text out, many at a time.</summary>
/// <remarks>Calls from several threads wait for each other. Owns the decoder.</remarks>
public sealed class Student(Decoder decoder, StudentTokenizer tokenizer) : IContinuationScorer, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public Decoder Decoder => decoder;

    public StudentTokenizer Tokenizer => tokenizer;

    /// <summary>Reads a checkpoint folder with its tokenizer.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or does not fit its tokenizer.</exception>
    public static Student Load(string folder, torch.Device? device = null)
    {
        var tokenizer = StudentTokenizer.Load(folder);
        var decoder = Checkpoint.Load(folder, device);
        if (tokenizer.VocabularySize <= decoder.Config.VocabularySize) return new Student(decoder, tokenizer);
        decoder.Dispose();
        throw new InvalidDataException($"{folder}: the tokenizer has {tokenizer.VocabularySize} tokens, the model knows {decoder.Config.VocabularySize}. They are not of one checkpoint.");
    }

    /// <summary>Writes model and tokenizer as one Hugging Face folder; see <see cref="Checkpoint.Save"/>.</summary>
    public void Save(string folder) => Checkpoint.Save(decoder, folder, tokenizer.EndId, tokenizer.PadId, tokenizer.Save);

    /// <summary>Answers user messages, each in a conversation of its own.</summary>
    /// <param name="questions">What the user says.</param>
    /// <param name="options">Its stop token is the tokenizer's end of turn where none is set.</param>
    /// <returns>One answer a question, in order.</returns>
    public IReadOnlyList<StudentAnswer> Answer(
        IReadOnlyList<string> questions, GenerationOptions? options = null, Action<int>? progress = null, CancellationToken cancellation = default) =>
        Continue([.. questions.Select(ChatTemplate.Prompt)], options, progress, cancellation);

    /// <summary>Continues whole prompts, chat markup included.</summary>
    /// <inheritdoc cref="Answer"/>
    public IReadOnlyList<StudentAnswer> Continue(
        IReadOnlyList<string> prompts, GenerationOptions? options = null, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        var chosen = options ?? new GenerationOptions();
        var encoded = prompts.Select(tokenizer.Encode).ToArray();
        _turn.Wait(cancellation);
        try
        {
            var written = Generator.Generate(decoder, encoded, chosen with { StopId = chosen.StopId ?? tokenizer.EndId }, progress, cancellation);
            return [.. written.Select((w, i) => new StudentAnswer(tokenizer.Decode(w.Ids, skipSpecial: true), encoded[i].Count, w.Ids.Length, w.Stopped))];
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Scores many continuations in one go: summed natural log-probability and token count of each.</summary>
    public IReadOnlyList<ContinuationScore> Score(IReadOnlyList<(string Prompt, string Continuation)> pairs, CancellationToken cancellation = default)
    {
        var encoded = pairs.Select(p =>
        {
            // Encoded together, so that a token across the border is the one that generation would have written.
            var joined = tokenizer.EncodeWeighted([new Stretch(p.Prompt, 0), new Stretch(p.Continuation, 1)]);
            var border = joined.Weights.TakeWhile(w => w == 0).Count();
            return ((IReadOnlyList<int>)[.. joined.Ids.Take(border)], (IReadOnlyList<int>)[.. joined.Ids.Skip(border)]);
        }).ToArray();
        _turn.Wait(cancellation);
        try
        {
            return [.. Likelihood.PerToken(decoder, encoded, cancellation: cancellation).Select(l => new ContinuationScore(l.Sum(x => (double)x), l.Length))];
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
        decoder.Dispose();
        _turn.Dispose();
    }
}
