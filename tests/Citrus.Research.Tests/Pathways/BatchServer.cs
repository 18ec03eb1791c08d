using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Experts;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Pathways;

/// <summary>The Files and Batches endpoints on loopback, answered by an expert, with whatever can go wrong.</summary>
internal sealed class BatchServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly IChatClient _expert;
    private readonly Dictionary<string, (string Name, byte[] Bytes)> _files = [];
    private readonly List<JsonObject> _batches = [];
    private readonly Lock _gate = new();

    public BatchServer(IChatClient expert)
    {
        _expert = expert;
        var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/v1";
        probe.Stop();
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public string Address { get; }

    public string Spec => Address + "#clinic";

    /// <summary>Input files' names, one for each batch made.</summary>
    public IEnumerable<string> Made => _batches.Select(b => _files[(string)b["input_file_id"]!].Name);

    public int Uploads => _files.Values.Count(f => f.Name.StartsWith("citrus-", StringComparison.Ordinal));

    public List<string?> Keys { get; } = [];

    /// <summary>Looks at a batch before it is over.</summary>
    public int Looks { get; init; }

    /// <summary>Rewrites the output lines of the n-th batch, from 1; what is not there any more comes back nowhere.</summary>
    public Func<int, List<string>, IEnumerable<string>> Output { get; init; } = (_, lines) => lines;

    /// <summary>Lines of the n-th batch's error file, from its custom ids.</summary>
    public Func<int, IReadOnlyList<string>, IEnumerable<string>> Errors { get; init; } = (_, _) => [];

    /// <summary>How the n-th batch ends.</summary>
    public Func<int, string> End { get; init; } = _ => "completed";

    /// <summary>Answers a request otherwise: status and body, or null.</summary>
    public Func<HttpListenerRequest, (int Status, string Body)?> Fault { get; set; } = _ => null;

    /// <summary>Cuts the bytes of a download.</summary>
    public Func<byte[], byte[]> Download { get; set; } = b => b;

    /// <summary>Whether the answer to the making of a batch gets lost although it was made.</summary>
    public bool LosesTheAnswer { get; set; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var (status, body) = await AnswerAsync(context.Request);
                if (status == 0)
                {
                    context.Response.Abort();
                    continue;
                }

                context.Response.StatusCode = status;
                context.Response.ContentLength64 = body.Length;
                await context.Response.OutputStream.WriteAsync(body);
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task<(int, byte[])> AnswerAsync(HttpListenerRequest request)
    {
        using var copy = new MemoryStream();
        await request.InputStream.CopyToAsync(copy);
        var path = request.Url!.AbsolutePath["/v1".Length..];
        lock (_gate)
        {
            Keys.Add(request.Headers["Authorization"]);
            if (Fault(request) is { } fault) return (fault.Status, Encoding.UTF8.GetBytes(fault.Body));
            switch (request.HttpMethod, path)
            {
                case ("POST", "/files"):
                    return Json(Upload(copy.ToArray()));
                case ("GET", "/files"):
                    return Json(new JsonObject { ["data"] = new JsonArray([.. _files.Select(f => new JsonObject { ["id"] = f.Key, ["filename"] = f.Value.Name, ["bytes"] = f.Value.Bytes.Length })]), ["has_more"] = false });
                case ("POST", "/batches"):
                    var wish = JsonNode.Parse(copy.ToArray())!;
                    var batch = new JsonObject { ["id"] = $"batch_{_batches.Count + 1}", ["status"] = "validating", ["input_file_id"] = (string)wish["input_file_id"]!, ["metadata"] = wish["metadata"]!.DeepClone(), ["looks"] = 0 };
                    _batches.Add(batch);
                    if (!LosesTheAnswer) return Json(batch);
                    LosesTheAnswer = false;
                    return (0, []);
                case ("GET", "/batches"):
                    // One a page, the newest first.
                    var after = request.QueryString["after"];
                    var rest = _batches.AsEnumerable().Reverse().SkipWhile(b => after is not null && (string)b["id"]! != after).Skip(after is null ? 0 : 1).ToList();
                    return Json(new JsonObject { ["data"] = new JsonArray([.. rest.Take(1).Select(b => b.DeepClone())]), ["has_more"] = rest.Count > 1 });
                case ("GET", _) when path.StartsWith("/batches/", StringComparison.Ordinal):
                    return Json(Look(_batches.Single(b => path.EndsWith("/" + (string)b["id"]!, StringComparison.Ordinal))));
                case ("GET", _) when path.StartsWith("/files/", StringComparison.Ordinal):
                    return (200, Download(_files[path.Split('/')[2]].Bytes));
                default:
                    return (404, "{}"u8.ToArray());
            }
        }
    }

    private JsonObject Upload(byte[] form)
    {
        var text = Encoding.Latin1.GetString(form);
        Assert.Contains("name=\"purpose\"", text, StringComparison.Ordinal);
        var name = text.Split("filename=\"")[1].Split('"')[0];
        var start = text.IndexOf("\r\n\r\n", text.IndexOf("filename=\"", StringComparison.Ordinal), StringComparison.Ordinal) + 4;
        return Keep(name, form[start..text.LastIndexOf("\r\n--", StringComparison.Ordinal)]);
    }

    private JsonObject Keep(string name, byte[] bytes)
    {
        _files.Add($"file-{_files.Count + 1}", (name, bytes));
        return new JsonObject { ["id"] = $"file-{_files.Count}" };
    }

    private JsonObject Look(JsonObject batch)
    {
        var looks = (int)batch["looks"]!;
        batch["looks"] = looks + 1;
        if (looks < Looks || batch.ContainsKey("output_file_id"))
        {
            if (looks < Looks) batch["status"] = "in_progress";
            return batch;
        }

        var number = _batches.IndexOf(batch) + 1;
        var (ids, lines) = (new List<string>(), new List<string>());
        foreach (var line in Encoding.UTF8.GetString(_files[(string)batch["input_file_id"]!].Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (id, messages) = BatchRequestLine.Read(Encoding.UTF8.GetBytes(line));
            ids.Add(id);
            lines.Add(BatchResponseLine.Write(id, _expert.GetResponseAsync(messages).GetAwaiter().GetResult()));
        }

        var output = Output(number, lines).ToList();
        batch["status"] = End(number);
        batch["request_counts"] = new JsonObject { ["total"] = ids.Count, ["completed"] = output.Count(l => l.EndsWith('}')), ["failed"] = ids.Count - output.Count };
        batch["output_file_id"] = (string)Keep("output", Encoding.UTF8.GetBytes(string.Concat(output.Select(l => l + "\n"))))["id"]!;
        if (Errors(number, ids).ToList() is { Count: > 0 } errors) batch["error_file_id"] = (string)Keep("errors", Encoding.UTF8.GetBytes(string.Concat(errors.Select(l => l + "\n"))))["id"]!;
        return batch;
    }

    private static (int, byte[]) Json(JsonObject value) => (200, JsonSerializer.SerializeToUtf8Bytes(value));
}
