using System.Diagnostics;
using System.Text.Json;
using Citrus.Research.Questions;

namespace Citrus.Research.Training;

/// <summary>A run's log: <c>log.jsonl</c> for programs, event files for TensorBoard.</summary>
internal sealed class TrainingLog : IDisposable
{
    public const string FileName = "log.jsonl", EventFolder = "events";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly JsonLinesJournal<LogLine> _lines;
    private readonly EventFile _events;

    /// <summary>Opens the log of a run that goes on after a step; what it says of later steps is dropped, as they are taken again.</summary>
    public TrainingLog(string folder, long step)
    {
        var path = Path.Combine(folder, FileName);
        var kept = File.Exists(path) ? Read(folder).Where(l => l.Step <= step).ToList() : [];
        var draft = path + ".part";
        File.WriteAllLines(draft, kept.Select(l => JsonSerializer.Serialize(l, Json)));
        File.Move(draft, path, overwrite: true);
        _lines = JsonLinesJournal<LogLine>.Open(path, Json);
        _events = new EventFile(Path.Combine(folder, EventFolder), step == 0 ? 0 : step + 1);
    }

    /// <summary>The whole lines of a run's log, in order.</summary>
    public static IReadOnlyList<LogLine> Read(string folder)
    {
        using var journal = JsonLinesJournal<LogLine>.Open(Path.Combine(folder, FileName), Json);
        return journal.Records;
    }

    public void Add(LogLine line)
    {
        _lines.Append(line);
        (string Name, double? Value)[] values =
        [
            ("train/loss", line.Loss), ("train/preference_accuracy", line.PreferenceAccuracy), ("train/learning_rate", line.Rate), ("train/gradient_norm", line.GradientNorm),
            ("speed/tokens_per_second", line.TokensPerSecond), ("speed/mfu", line.Mfu), ("memory/process_GB", line.Memory / 1e9), ("memory/device_GB", line.DeviceMemory / 1e9),
            ("dev/score", line.Score),
        ];
        _events.Add(line.Step, values.Where(v => v.Value is not null).Select(v => (v.Name, v.Value!.Value)));
    }

    /// <summary>The process's memory, in bytes.</summary>
    public static long ProcessMemory()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _events.Dispose();
    }
}
