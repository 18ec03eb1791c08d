using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Citrus.Research.Experts;

/// <summary>The Files and Batches endpoints of an OpenAI-compatible server.</summary>
/// <remarks>What may be repeated is repeated (bounded, honouring Retry-After); before a batch is made once more, the server is asked whether it was made.</remarks>
public sealed class BatchApi : IDisposable
{
    /// <summary>Name in a batch's metadata under which our key is found again.</summary>
    public const string MetadataKey = "citrus_batch";

    private const int Attempts = 5;
    private const int Pages = 20;
    private const int MostJson = 8 << 20;
    private const long MostDownload = 4L << 30;

    /// <summary>For one attempt, the transfer of its file included.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    private readonly HttpClient _http;
    private readonly BatchTarget _target;
    private readonly string? _key;
    private readonly TimeSpan _pause;

    /// <param name="key">Sent as a bearer token; that of the target's environment variable where null.</param>
    /// <param name="pause">Before the first repetition; doubled before each further one. Two seconds where null.</param>
    /// <exception cref="ExpertException">The server needs a key, and there is none.</exception>
    public BatchApi(BatchTarget target, string? key = null, TimeSpan? pause = null)
    {
        var address = target.Address ?? throw new ArgumentException($"No server takes batches for {target.Spec}.", nameof(target));
        (_target, _pause) = (target, pause ?? TimeSpan.FromSeconds(2));
        _key = (key ?? Environment.GetEnvironmentVariable(target.KeyVariable))?.Trim() is { Length: > 0 } given ? given : null;
        if (_key is null && target.NeedsKey)
            throw new ExpertException(ExpertFault.Unauthorised, $"{target.Spec} needs a key: set the environment variable {target.KeyVariable}, or write files only with --offline.");
        // No redirect is followed: that would carry the key elsewhere.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), Timeout = Timeout.InfiniteTimeSpan };
        if (_key is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _key);
    }

    /// <summary>Uploads a batch input file.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> UploadAsync(string path, string name, CancellationToken token)
    {
        var answer = await JsonAsync(() =>
        {
            var form = new MultipartFormDataContent { { new StringContent("batch"), "\"purpose\"" } };
            form.Add(new StreamContent(File.OpenRead(path)), "\"file\"", $"\"{name}\"");
            return new HttpRequestMessage(HttpMethod.Post, "files") { Content = form };
        }, repeat: true, token).ConfigureAwait(false);
        return IdOf(answer, "files");
    }

    /// <summary>Id of an uploaded batch file of this name and size, or null.</summary>
    public Task<string?> FindFileAsync(string name, long bytes, CancellationToken token) =>
        FindAsync("files?purpose=batch&limit=100", f => (string?)f["filename"] == name && (long?)f["bytes"] == bytes ? (string?)f["id"] : null, token);

    /// <summary>The batch of an uploaded file: found by the key (or the file, where a server keeps no metadata), or made.</summary>
    /// <param name="mayExist">Whether one was asked for before. Where an answer gets lost here, the server is asked too before the next attempt.</param>
    public Task<BatchRemote> EnsureAsync(string fileId, string key, bool mayExist, CancellationToken token) => RepeatAsync(async token =>
    {
        if (mayExist && await FindBatchAsync(fileId, key, token).ConfigureAwait(false) is { } there) return there;
        mayExist = true;
        var answer = await JsonAsync(() =>
        {
            // As bytes, whose length is told beforehand: simple servers do not read chunks.
            var wish = JsonSerializer.SerializeToUtf8Bytes(new { input_file_id = fileId, endpoint = _target.Endpoint, completion_window = "24h", metadata = new Dictionary<string, string> { [MetadataKey] = key } });
            var request = new HttpRequestMessage(HttpMethod.Post, "batches") { Content = new ByteArrayContent(wish) { Headers = { ContentType = new("application/json") } } };
            request.Headers.Add("Idempotency-Key", key);
            return request;
        }, repeat: false, token).ConfigureAwait(false);
        IdOf(answer, "batches");
        return Remote(answer);
    }, repeat: true, token);

    private Task<BatchRemote?> FindBatchAsync(string fileId, string key, CancellationToken token) =>
        FindAsync("batches?limit=100", b => (b["metadata"] is JsonObject metadata && (string?)metadata[MetadataKey] == key) || (string?)b["input_file_id"] == fileId ? Remote(b) : null, token);

    /// <summary>How a batch stands.</summary>
    public async Task<BatchRemote> GetAsync(string id, CancellationToken token) =>
        Remote(await JsonAsync(() => new HttpRequestMessage(HttpMethod.Get, "batches/" + Uri.EscapeDataString(id)), repeat: true, token).ConfigureAwait(false));

    /// <summary>Downloads a file; it appears whole or not at all.</summary>
    public async Task DownloadAsync(string fileId, string path, CancellationToken token)
    {
        var part = path + ".part";
        await RepeatAsync(async token =>
        {
            using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, $"files/{Uri.EscapeDataString(fileId)}/content"), token).ConfigureAwait(false);
            using var body = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
            using var file = File.Create(part);
            var (chunk, total) = (new byte[1 << 16], 0L);
            int read;
            while ((read = await body.ReadAsync(chunk, token).ConfigureAwait(false)) > 0)
            {
                if ((total += read) > MostDownload) throw new ExpertException(ExpertFault.Other, $"File {fileId} of {_http.BaseAddress} is larger than {MostDownload >> 30} GiB; that is no output of a batch.");
                file.Write(chunk, 0, read);
            }

            return true;
        }, repeat: true, token).ConfigureAwait(false);
        File.Move(part, path, overwrite: true);
    }

    public void Dispose() => _http.Dispose();

    private async Task<T?> FindAsync<T>(string list, Func<JsonObject, T?> match, CancellationToken token)
        where T : class
    {
        string? after = null;
        for (var page = 0; page < Pages; page++)
        {
            var at = list + (after is null ? "" : "&after=" + Uri.EscapeDataString(after));
            var answer = await JsonAsync(() => new HttpRequestMessage(HttpMethod.Get, at), repeat: true, token).ConfigureAwait(false);
            var items = (answer["data"] as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
            foreach (var item in items)
                if (Read(() => match(item)) is { } found) return found;
            if (items.Count == 0 || Read(() => (bool?)answer["has_more"]) != true) return null;
            after = Read(() => (string?)items[^1]["id"]);
        }

        return null;
    }

    private async Task<JsonObject> JsonAsync(Func<HttpRequestMessage> make, bool repeat, CancellationToken token) => await RepeatAsync(async token =>
    {
        using var response = await SendAsync(make, token).ConfigureAwait(false);
        var text = await TextAsync(response, token).ConfigureAwait(false);
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new ExpertException(ExpertFault.BadBody, $"{_http.BaseAddress} answered with something else than a JSON object: {BatchResponseLine.Short(text)}");
        }
        catch (JsonException e)
        {
            throw new ExpertException(ExpertFault.BadBody, $"{_http.BaseAddress} answered with something else than JSON: {BatchResponseLine.Short(text)}", e);
        }
    }, repeat, token).ConfigureAwait(false);

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, CancellationToken token)
    {
        using var request = make();
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            var (code, message) = BatchResponseLine.ErrorOf(await TextAsync(response, token).ConfigureAwait(false));
            var status = (int)response.StatusCode;
            // A 404 is about the address or the id, not yet about the model.
            var fault = status == 404 ? ExpertFault.BadRequest : BatchResponseLine.FaultOf(status, code);
            // A server may send a key back; a short "key" is a placeholder.
            if (_key is { Length: >= 8 }) message = message.Replace(_key, "***", StringComparison.Ordinal);
            var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? (after.Date - DateTimeOffset.UtcNow) : null;
            throw new ExpertException(fault, $"{request.Method} {request.RequestUri} answered {status}{(code is null ? "" : " " + code)}: {message}{(fault == ExpertFault.Unauthorised ? $" The key comes from the environment variable {_target.KeyVariable}." : "")}") { RetryAfter = wait };
        }
    }

    private async Task<T> RepeatAsync<T>(Func<CancellationToken, Task<T>> act, bool repeat, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            ExpertException fault;
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(token);
            limited.CancelAfter(Limit);
            try
            {
                return await act(limited.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (!token.IsCancellationRequested)
            {
                fault = new ExpertException(ExpertFault.Timeout, $"{_http.BaseAddress} did not answer within {Limit.TotalMinutes:0} minutes.", e);
            }
            catch (Exception e) when (e is HttpRequestException or HttpIOException || e is IOException { InnerException: System.Net.Sockets.SocketException })
            {
                fault = new ExpertException(ExpertFault.Connection, $"No whole answer from {_http.BaseAddress}: {e.Message}{(e.InnerException is { } inner ? " " + inner.Message : "")}", e);
            }
            catch (ExpertException e) when (e.IsTransient)
            {
                fault = e;
            }

            if (!repeat || attempt == Attempts) throw fault;
            var pause = _pause * (1 << (attempt - 1));
            if (fault.RetryAfter is { } asked && asked > pause) pause = asked < TimeSpan.FromMinutes(5) ? asked : TimeSpan.FromMinutes(5);
            await Task.Delay(pause, token).ConfigureAwait(false);
        }
    }

    private static async Task<string> TextAsync(HttpResponseMessage response, CancellationToken token)
    {
        using var body = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
        using var bounded = new MemoryStream();
        var chunk = new byte[1 << 14];
        int read;
        while (bounded.Length < MostJson && (read = await body.ReadAsync(chunk, token).ConfigureAwait(false)) > 0) bounded.Write(chunk, 0, read);
        return System.Text.Encoding.UTF8.GetString(bounded.GetBuffer(), 0, (int)bounded.Length);
    }

    private string IdOf(JsonObject answer, string what) => Read(() => (string?)answer["id"]) is { Length: > 0 } id
        ? id : throw new ExpertException(ExpertFault.BadBody, $"{_http.BaseAddress}{what} answered without an id: {BatchResponseLine.Short(answer.ToJsonString())}");

    private BatchRemote Remote(JsonObject answer)
    {
        try
        {
            return answer.Deserialize<BatchRemote>(JsonSerializerOptions.Web)!;
        }
        catch (JsonException e)
        {
            throw new ExpertException(ExpertFault.BadBody, $"{_http.BaseAddress} described a batch in a way that is not understood ({e.Message}).", e);
        }
    }

    /// <summary>What a foreign object says, or nothing where it says it in another type.</summary>
    private static T? Read<T>(Func<T?> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            return default;
        }
    }
}
