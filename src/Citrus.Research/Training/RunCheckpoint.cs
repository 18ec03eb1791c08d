using System.Text.Json;
using TorchSharp;

namespace Citrus.Research.Training;

/// <summary>The state of a run after a step: one folder that is whole or not there.</summary>
/// <param name="Run">The run it belongs to.</param>
/// <param name="LastBatch">Hash of the last batch learned from, by which changed data are noticed.</param>
/// <param name="Score">What the scorer gave; null where it was not asked.</param>
/// <param name="Averaged">Whether a running average of the weights is kept too.</param>
/// <param name="Bytes">Length of the tensors' file.</param>
/// <param name="Hash">XXH128 of its bytes.</param>
internal sealed record RunCheckpoint(int Format, string Run, string LastBatch, TrainingTally Tally, double? Score, bool Averaged, long Bytes, string Hash)
{
    private const int Current = 1;

    private const string StateFile = "state.json", TensorsFile = "state.safetensors";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { WriteIndented = true, NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Folder name of a step, so made that names sort as steps do.</summary>
    public static string NameOf(long step) => FormattableString.Invariant($"step-{step:D9}");

    /// <summary>Writes a checkpoint beside the others and then gives it its name.</summary>
    public static RunCheckpoint Write(string folder, string run, string lastBatch, TrainingTally tally, double? score, bool averaged, IReadOnlyList<(string, torch.Tensor)> tensors)
    {
        var draft = Path.Combine(folder, $".{NameOf(tally.Steps)}.{Guid.NewGuid():n}");
        Directory.CreateDirectory(draft);
        var (bytes, hash) = TensorFile.Write(Path.Combine(draft, TensorsFile), tensors);
        var state = new RunCheckpoint(Current, run, lastBatch, tally, score, averaged, bytes, hash);
        using (var file = new FileStream(Path.Combine(draft, StateFile), FileMode.CreateNew, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, state, Json);
            file.Flush(flushToDisk: true);
        }

        var path = Path.Combine(folder, NameOf(tally.Steps));
        // A checkpoint of the same step is there where a run was resumed and stopped at once, or where it could not be read.
        Remove(path);
        Directory.Move(draft, path);
        return state;
    }

    /// <summary>Removes a checkpoint so that it is never there by half.</summary>
    public static void Remove(string path)
    {
        if (!Directory.Exists(path)) return;
        var going = Path.Combine(Path.GetDirectoryName(path)!, $".old.{Guid.NewGuid():n}");
        Directory.Move(path, going);
        Directory.Delete(going, recursive: true);
    }

    /// <summary>Reads what a checkpoint says of itself.</summary>
    /// <exception cref="InvalidDataException">It is torn or foreign.</exception>
    public static RunCheckpoint Open(string path, string run)
    {
        try
        {
            var state = JsonSerializer.Deserialize<RunCheckpoint>(File.ReadAllBytes(Path.Combine(path, StateFile)), Json);
            if (state?.Format != Current) throw new InvalidDataException($"{StateFile} is of format {state?.Format.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"}, not {Current}");
            if (state.Run != run) throw new InvalidDataException("it belongs to another run");
            if (state.Tally?.Curve is null) throw new InvalidDataException($"{StateFile} is not whole");
            return state;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>Copies the tensors into those given, having checked that the file is as it was written.</summary>
    /// <exception cref="InvalidDataException">It is torn, changed or of another shape.</exception>
    public void Load(string path, IReadOnlyList<(string, torch.Tensor)> into)
    {
        var file = Path.Combine(path, TensorsFile);
        try
        {
            var (bytes, hash) = TensorFile.Measure(file);
            if (bytes != Bytes) throw new InvalidDataException($"{TensorsFile} has {bytes} bytes where {Bytes} were written");
            if (hash != Hash) throw new InvalidDataException($"{TensorsFile} is not as it was written");
            TensorFile.Read(file, into);
        }
        catch (IOException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
