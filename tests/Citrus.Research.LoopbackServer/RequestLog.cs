using System.Text.Json;

namespace Citrus.Research.LoopbackServer;

/// <summary>One JSON line for every request, with the operating system before the response goes out.</summary>
internal sealed class RequestLog(string path) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read, 1);

    public void Write(string hash, string role, int status, string? fault, int attempt)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(new { hash, role, status, fault, attempt });
        Array.Resize(ref line, line.Length + 1);
        line[^1] = (byte)'\n';
        lock (_lock)
        {
            _file.Write(line);
            _file.Flush();
        }
    }

    public void Dispose() => _file.Dispose();
}
