using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Citrus.Research.Experts;

/// <summary>Every paid call, one JSON line each, and their sums. What earlier runs wrote into the same file is read at the start. Safe from several threads.</summary>
public sealed class ExpertLedger : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    private readonly Lock _lock = new();
    private readonly AppendOnlyFile? _file;
    private readonly Dictionary<string, LedgerSums> _byRole = new(StringComparer.Ordinal);
    private readonly SortedDictionary<ExpertFault, long> _faults = [];
    private LedgerSums _total = LedgerSums.None;
    private LedgerSums _thisRun = LedgerSums.None;

    /// <param name="file">The ledger's file; null keeps the sums in memory only.</param>
    /// <exception cref="InvalidDataException">A line of the file is no entry; the message names file and line.</exception>
    /// <exception cref="IOException">Another process writes to the file.</exception>
    public ExpertLedger(string? file = null)
    {
        if (file is null) return;
        _file = AppendOnlyFile.Open(file, (number, _, line) =>
        {
            try
            {
                Count(JsonSerializer.Deserialize<LedgerEntry>(line, Json) ?? throw new JsonException("null is no entry"));
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"{file}, line {number}: not a ledger entry ({e.Message}). Mend or delete the line, or move the file away; what it tells counts against the budget.", e);
            }
        });
    }

    /// <summary>Sums of all runs of this file.</summary>
    public LedgerSums Total => Volatile.Read(ref _total);

    /// <summary>Sums since it was opened.</summary>
    public LedgerSums ThisRun => Volatile.Read(ref _thisRun);

    /// <summary>Sums of all runs by role.</summary>
    public IReadOnlyDictionary<string, LedgerSums> ByRole
    {
        get
        {
            lock (_lock) return new SortedDictionary<string, LedgerSums>(_byRole, StringComparer.Ordinal);
        }
    }

    /// <summary>Calls that gave no reply, of all runs, by what went wrong.</summary>
    public IReadOnlyDictionary<ExpertFault, long> Faults
    {
        get
        {
            lock (_lock) return new SortedDictionary<ExpertFault, long>(_faults);
        }
    }

    /// <summary>Writes a call down; it is with the operating system when this returns.</summary>
    public void Add(LedgerEntry entry)
    {
        var line = _file is null ? null : JsonSerializer.SerializeToUtf8Bytes(entry, Json);
        lock (_lock)
        {
            if (line is not null) _file!.Append(line);
            Count(entry);
            Volatile.Write(ref _thisRun, _thisRun.With(entry));
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Count(LedgerEntry entry)
    {
        Volatile.Write(ref _total, _total.With(entry));
        _byRole[entry.Role] = _byRole.GetValueOrDefault(entry.Role, LedgerSums.None).With(entry);
        if (entry.Fault is { } fault) _faults[fault] = _faults.GetValueOrDefault(fault) + 1;
    }
}
