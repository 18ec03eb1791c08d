using System.Text.Json;

namespace Citrus.Research.Experts;

/// <summary>Writes exchanges into a folder, each of them once, also over several runs. Safe from several threads.</summary>
internal sealed class Recording : IDisposable
{
    private readonly HashSet<(string Spec, RequestKey Key)> _there = [];
    private readonly AppendOnlyFile _file;

    public Recording(string folder)
    {
        var path = Path.Combine(folder, Exchange.FileName);
        _file = AppendOnlyFile.Open(path, (number, _, line) => _there.Add(Head(path, number, line)));
    }

    public void Add(Exchange exchange)
    {
        lock (_there)
        {
            if (_there.Add((string.Intern(exchange.Spec), RequestKey.Parse(exchange.Key)))) _file.Append(JsonSerializer.SerializeToUtf8Bytes(exchange, Exchange.Json));
        }
    }

    public void Dispose() => _file.Dispose();

    /// <exception cref="InvalidDataException">The line is no exchange.</exception>
    internal static (string Spec, RequestKey Key) Head(string path, int number, ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<Exchange.Head>(line, Exchange.Json) is { Key: { } key, Spec: { } spec }
                ? (string.Intern(spec), RequestKey.Parse(key))
                : throw new FormatException("it needs \"key\" and \"spec\"");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new InvalidDataException($"{path}, line {number}: not a recorded exchange ({e.Message}). Mend or delete the line.", e);
        }
    }
}
