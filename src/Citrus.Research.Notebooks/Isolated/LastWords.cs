using System.Text;

namespace Citrus.Research.Notebooks.Isolated;

/// <summary>Passes on what a process writes, and keeps the beginning and the end of what it writes to stderr: a crash speaks there.</summary>
internal sealed class LastWords(TextWriter console)
{
    private const int Kept = 8000;
    private readonly Lock gate = new();
    private readonly StringBuilder text = new();
    private int passed;
    private int ends;

    /// <summary>The kept text.</summary>
    public string Text
    {
        get
        {
            lock (gate) return text.ToString();
        }
    }

    public void Pass(string? line)
    {
        if (line is null) Interlocked.Increment(ref ends);
        lock (gate)
        {
            // Bounded: a native library may write without end, too.
            if (line is null || passed > 1_000_000) return;
            passed += line.Length + 1;
            console.WriteLine(line);
        }
    }

    public void Keep(string? line)
    {
        Pass(line);
        if (line is null) return;
        lock (gate)
        {
            text.Append(line.AsSpan(0, Math.Min(line.Length, Kept))).Append('\n');
            if (text.Length > 3 * Kept) text.Remove(Kept, text.Length - (2 * Kept));
        }
    }

    /// <summary>Waits until both streams have ended, though not for ever: something that outlives the process may hold them.</summary>
    public async Task SettleAsync()
    {
        for (var i = 0; i < 40 && Volatile.Read(ref ends) < 2; i++) await Task.Delay(50).ConfigureAwait(false);
    }
}
