using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Win32.SafeHandles;

namespace Citrus.Research.Experts;

/// <summary>An expert that answers from a recording, tokens, cost and latency as they were. Only places in the file are held in memory.</summary>
public sealed class ReplayChatClient : IChatClient
{
    private readonly Dictionary<RequestKey, (long Start, int Length)> _places = [];
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly ChatClientMetadata _metadata;

    /// <param name="target">A folder, perhaps followed by <c>#</c> and the spec of one of the experts recorded there.</param>
    /// <exception cref="FileNotFoundException">There is no recording.</exception>
    /// <exception cref="FormatException">Several experts were recorded there and none is named, or another is.</exception>
    /// <exception cref="InvalidDataException">A line is no exchange.</exception>
    public ReplayChatClient(string target)
    {
        var hash = target.IndexOf('#');
        var folder = hash < 0 ? target : target[..hash];
        if (folder.Length == 0) throw new FormatException("Which recording? Write replay:DIR, where DIR is a folder that --record wrote.");
        _path = Path.Combine(folder, Exchange.FileName);
        if (!File.Exists(_path)) throw new FileNotFoundException($"{folder} holds no recording ({Exchange.FileName}); record one with --record {folder}.", _path);
        var wanted = hash < 0 ? null : ExpertSpec.Parse(target[(hash + 1)..]).ToString();
        var specs = new SortedSet<string>(StringComparer.Ordinal);
        AppendOnlyFile.ReadLines(_path, (number, start, line) =>
        {
            var (spec, key) = Recording.Head(_path, number, line);
            specs.Add(spec);
            if (wanted is null || spec == wanted) _places.TryAdd(key, (start, line.Length));
        });
        if (wanted is null && specs.Count > 1) throw new FormatException($"{folder} holds the replies of several experts; say whose: {string.Join(" | ", specs.Select(s => $"replay:{folder}#{s}"))}.");
        if (wanted is not null && !specs.Contains(wanted)) throw new FormatException($"{folder} holds no replies of {wanted}; it holds those of {(specs.Count == 0 ? "nobody" : string.Join(" | ", specs))}.");
        _metadata = new ChatClientMetadata("replay", null, specs.FirstOrDefault());
        _file = File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var sample = CallProperties.Sample(options);
        if (!_places.TryGetValue(RequestKey.Of(list, sample), out var place))
        {
            var role = CallProperties.Text(options, ExpertProperties.Role);
            throw new ExpertException(ExpertFault.NotRecorded, $"{_path} holds no reply to this request{(role.Length > 0 ? $" to the {role}" : "")}, sample {sample}. A changed prompt, question or earlier reply makes another request; record again with --record.");
        }

        var line = new byte[place.Length];
        for (var read = 0; read < line.Length;)
        {
            var more = RandomAccess.Read(_file, line.AsSpan(read), place.Start + read);
            if (more == 0) throw new InvalidDataException($"{_path} has become shorter while it was read.");
            read += more;
        }

        try
        {
            var exchange = JsonSerializer.Deserialize<Exchange>(line, Exchange.Json) ?? throw new JsonException("null is no exchange");
            return Task.FromResult(exchange.Reply.ToResponse());
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{_path}: the exchange at byte {place.Start} cannot be read ({e.Message}).", e);
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (var update in response.ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() => _file.Dispose();
}
