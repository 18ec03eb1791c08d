using System.Text.Json;
using Citrus.Research.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Citrus.Research.Training;

/// <summary>A training kept in a folder, so that it can be stopped at any moment and goes on where it was.</summary>
/// <remarks>
/// <para><c>run.json</c> says what the run is; <c>checkpoints/step-N</c> hold weights, optimiser, running average, counts and the place in the data; <c>log.jsonl</c> and <c>events</c> are the log;
/// <c>failed</c> holds the batch that broke a run. Checkpoints appear by rename: killing the process at any moment costs the steps since the last one.</para>
/// <para>Nothing in training is drawn at random but the batches, which are known by their place: place and step are all the random state there is. On a CPU with one thread a resumed run ends with the
/// same weights, bit for bit, as one that was never stopped.</para>
/// </remarks>
public sealed class TrainingRun : IDisposable
{
    private const string Card = "run.json", CheckpointFolder = "checkpoints", FailedFolder = "failed";
    private const int Format = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { WriteIndented = true };

    private readonly FileStream _lock;
    private readonly string _id;

    private TrainingRun(string folder, RunOptions options, FileStream held, string id) => (Folder, Options, _lock, _id) = (folder, options, held, id);

    public string Folder { get; }

    public RunOptions Options { get; }

    private string Checkpoints => Path.Combine(Folder, CheckpointFolder);

    /// <summary>Opens a run's folder, or begins one, and holds it for this process alone.</summary>
    /// <exception cref="RunException">It is in use, holds something else, or was begun with other settings; the message names the first that differs.</exception>
    public static TrainingRun Open(string folder, RunOptions options)
    {
        options.Validate();
        folder = Path.GetFullPath(folder);
        var card = Path.Combine(folder, Card);
        if (!File.Exists(card) && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).FirstOrDefault(n => n is not "lock") is { } other)
            throw new RunException($"{folder} is not a training run: it has no {Card} but other files ({other}). Name a new or empty folder.");
        Directory.CreateDirectory(folder);
        var held = Hold(Path.Combine(folder, "lock"), folder);
        try
        {
            return new TrainingRun(folder, options, held, Identify(card, options));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The log of a run's folder, in order.</summary>
    public static IReadOnlyList<LogLine> ReadLog(string folder) => TrainingLog.Read(folder);

    /// <summary>Steps and scores of the checkpoints there are, oldest first; torn and foreign ones are not among them.</summary>
    public IReadOnlyList<(long Step, double? Score)> Saved() => [.. Found(_ => { }).Select(c => (c.State.Tally.Steps, c.State.Score)).Reverse()];

    /// <summary>Puts the weights of the checkpoint with the best score into the decoder: their running average where one is kept. The earliest of equals.</summary>
    /// <returns>Its step and score; null where none has a score.</returns>
    public (long Step, double Score)? LoadBest(Decoder decoder)
    {
        foreach (var (path, state) in Found(Notice).Where(c => c.State.Score is not null).OrderByDescending(c => c.State.Score).ThenBy(c => c.State.Tally.Steps))
        {
            try
            {
                LoadWeights(decoder, path, state);
                return (state.Tally.Steps, state.Score!.Value);
            }
            catch (InvalidDataException e)
            {
                Notice($"{path} is skipped: {e.Message}.");
            }
        }

        return null;
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Brings decoder, optimiser and average to the newest sound checkpoint.</summary>
    /// <returns>Its counts and the hash of the last batch it learned from; null where the run has just begun.</returns>
    internal (TrainingTally Tally, string LastBatch)? Resume(IReadOnlyList<DecoderParameter> trained, Optimizer optimizer, WeightAverage? average)
    {
        var into = Tensors(trained, optimizer, average);
        foreach (var (path, state) in Found(Notice))
        {
            try
            {
                if (state.Averaged != average is not null) throw new InvalidDataException("it was made with another AverageDecay");
                state.Load(path, into);
            }
            catch (InvalidDataException e)
            {
                Notice($"{path} is skipped: {e.Message}.");
                continue;
            }

            optimizer.ResumeAt(state.Tally.Steps);
            Notice(FormattableString.Invariant($"Goes on after step {state.Tally.Steps}, from {path}."));
            return (state.Tally, state.LastBatch);
        }

        return null;
    }

    /// <summary>Writes a checkpoint, then removes what is not to be kept.</summary>
    internal void Save(IReadOnlyList<DecoderParameter> trained, Optimizer optimizer, WeightAverage? average, TrainingTally tally, string lastBatch, double? score)
    {
        Directory.CreateDirectory(Checkpoints);
        // Weights that are no numbers must not push out those that are.
        if (Broken(trained) is { } name) throw new TrainingFailedException($"After {tally.Steps} steps {name} is no longer a number everywhere: lower the learning rate or clip gradients (ClipNorm). Earlier checkpoints are as they were.");
        foreach (var draft in Directory.EnumerateDirectories(Checkpoints, ".*").ToList()) Directory.Delete(draft, recursive: true);
        RunCheckpoint.Write(Checkpoints, _id, lastBatch, tally, score, average is not null, Tensors(trained, optimizer, average));
        var found = Found(_ => { }).ToList();
        var best = found.Where(c => c.State.Score is not null).OrderByDescending(c => c.State.Score).ThenBy(c => c.State.Tally.Steps).Take(1);
        var kept = found.Take(Options.Keep).Concat(best).Select(c => c.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var (path, _) in found.Where(c => !kept.Contains(c.Path))) RunCheckpoint.Remove(path);
    }

    /// <summary>Leaves what a step was about to learn when it broke.</summary>
    internal string KeepFailed(long step, string reason, IReadOnlyList<MicroBatch> batches)
    {
        var folder = Path.Combine(Folder, FailedFolder);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FormattableString.Invariant($"step-{step:D9}.json"));
        File.WriteAllText(path, JsonSerializer.Serialize(new
        {
            step,
            reason,
            batches = batches.Select(b => b.Sequences.Select(s => new { s.Ids, s.Weights, text = Options.Decode?.Invoke(s.Ids) })),
        }, new JsonSerializerOptions(Json) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        return path;
    }

    /// <summary>The first weights that are not finite, by name.</summary>
    internal static string? Broken(IReadOnlyList<DecoderParameter> trained)
    {
        foreach (var parameter in trained)
        {
            using var scope = NewDisposeScope();
            if (!parameter.Value.isfinite().all().item<bool>()) return parameter.Parts[0].Name;
        }

        return null;
    }

    internal void Notice(string what) => Options.Notice?.Invoke(what);

    private static List<(string, Tensor)> Tensors(IReadOnlyList<DecoderParameter> trained, Optimizer optimizer, WeightAverage? average) =>
    [
        .. trained.Select(p => (Named("weights", p), p.Value)),
        .. optimizer.State.Select((t, i) => (FormattableString.Invariant($"optimizer/{i}"), t)),
        .. average is null ? [] : trained.Zip(average.Values, (p, t) => (Named("average", p), t)),
    ];

    private static string Named(string kind, DecoderParameter parameter) => $"{kind}/{parameter.Parts[0].Name}";

    private static void LoadWeights(Decoder decoder, string path, RunCheckpoint state)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        // An average is float32 whatever the weights are.
        var read = decoder.Trainable.Select(p => (Named(state.Averaged ? "average" : "weights", p), Value: state.Averaged ? zeros(p.Value.shape, float32, p.Value.device) : p.Value)).ToList();
        state.Load(path, read);
        if (state.Averaged) foreach (var (parameter, (_, value)) in decoder.Trainable.Zip(read)) parameter.Value.copy_(value);
    }

    /// <summary>Checkpoints that say who they are, newest first.</summary>
    private List<(string Path, RunCheckpoint State)> Found(Action<string> skipped)
    {
        var found = new List<(string, RunCheckpoint)>();
        if (!Directory.Exists(Checkpoints)) return found;
        foreach (var path in Directory.EnumerateDirectories(Checkpoints, "step-*").OrderDescending(StringComparer.Ordinal))
        {
            try
            {
                found.Add((path, RunCheckpoint.Open(path, _id)));
            }
            catch (InvalidDataException e)
            {
                skipped($"{path} is skipped: {e.Message}.");
            }
        }

        return found;
    }

    private static FileStream Hold(string path, string folder)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new RunException($"{folder} is in use by another training. Wait for it, or name another folder for this one.", e);
        }
    }

    /// <summary>Checks that the folder's run is this one; begins it where there is none.</summary>
    private static string Identify(string path, RunOptions options)
    {
        var settings = new SortedDictionary<string, string>(options.Settings.ToDictionary(s => s.Key, s => s.Value), StringComparer.Ordinal);
        if (!File.Exists(path))
        {
            var fresh = new RunCard(Format, Guid.NewGuid().ToString("n"), settings);
            File.WriteAllText(path + ".part", JsonSerializer.Serialize(fresh, Json) + "\n");
            File.Move(path + ".part", path);
            return fresh.Id;
        }

        RunCard? card;
        try
        {
            card = JsonSerializer.Deserialize<RunCard>(File.ReadAllText(path), Json);
        }
        catch (JsonException e)
        {
            throw new RunException($"{path} cannot be read ({e.Message}). Move the folder away, or name another.", e);
        }

        if (card is not { Format: Format, Settings: not null }) throw new RunException($"{path} is of another version of the program. Move the folder away, or name another.");
        foreach (var name in card.Settings.Keys.Union(settings.Keys).Order(StringComparer.Ordinal))
        {
            var (was, now) = (card.Settings.GetValueOrDefault(name), settings.GetValueOrDefault(name));
            if (was == now) continue;
            throw new RunException($"{Path.GetDirectoryName(path)} holds a run that was begun with {name} {was ?? "unset"}; now it is {now ?? "unset"}. "
                + "Give it as it was to go on, or name another folder to begin anew.");
        }

        return card.Id;
    }

    private sealed record RunCard(int Format, string Id, SortedDictionary<string, string> Settings);
}
