using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Citrus.Research.Experts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Citrus.Research.LoopbackServer;

/// <summary>
/// Speaks OpenAI's chat completions on the loopback interface: <c>POST .../chat/completions</c> (plain and server-sent events),
/// <c>GET .../models</c>, and <c>GET /stats</c> for who watches it. What it says is a brain's.
/// </summary>
public sealed class OpenAiServer : IAsyncDisposable
{
    private const int LargestRequest = 8 << 20;
    private const int ClientGone = 499;

    private readonly LoopbackOptions _options;
    private readonly IChatClient _brain;
    private readonly WebApplication _app;
    private readonly RequestLog? _log;
    private readonly ConcurrentDictionary<string, int> _attempts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _statuses = new(StringComparer.Ordinal);
    private long _requests, _answered;
    private int _inFlight, _peak;

    private OpenAiServer(LoopbackOptions options, IChatClient brain, WebApplication app) =>
        (_options, _brain, _app, _log) = (options, brain, app, options.Log is { } path ? new RequestLog(path) : null);

    /// <summary>Where it listens, e.g. <c>http://127.0.0.1:54321</c>.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Chat requests that came.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Most chat requests that were in flight at once.</summary>
    public int Peak => Volatile.Read(ref _peak);

    /// <summary>The last chat request's body, where <see cref="LoopbackOptions.Remembers"/>.</summary>
    public string LastBody { get; private set; } = "";

    /// <summary>The last chat request's headers, where <see cref="LoopbackOptions.Remembers"/>.</summary>
    public IReadOnlyDictionary<string, string> LastHeaders { get; private set; } = new Dictionary<string, string>();

    public static async Task<OpenAiServer> StartAsync(IChatClient brain, LoopbackOptions? options = null)
    {
        options ??= new();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            kestrel.Limits.MinResponseDataRate = null;
        });
        var app = builder.Build();
        var server = new OpenAiServer(options, brain, app);
        app.Run(server.AnswerAsync);
        await app.StartAsync().ConfigureAwait(false);
        server.Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return server;
    }

    public Task WaitAsync(CancellationToken cancellationToken = default) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(soon.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _log?.Dispose();
        _brain.Dispose();
    }

    private Task AnswerAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("POST", { } path) when path.EndsWith("/chat/completions", StringComparison.Ordinal) => ChatAsync(context),
        ("GET", { } path) when path.EndsWith("/models", StringComparison.Ordinal) => SendAsync(context, 200, ChatBody.Models(_options.Models.DefaultIfEmpty("scripted-physician"))),
        ("GET", "/stats") => SendAsync(context, 200, JsonSerializer.SerializeToUtf8Bytes(new { requests = Requests, answered = Interlocked.Read(ref _answered), peak = Peak, statuses = new SortedDictionary<string, long>(_statuses) })),
        _ => SendAsync(context, 404, ChatBody.Error($"no such page: {context.Request.Method} {context.Request.Path}", "not_found")),
    };

    private async Task ChatAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var inFlight = Interlocked.Increment(ref _inFlight);
        for (var peak = Peak; inFlight > peak && Interlocked.CompareExchange(ref _peak, inFlight, peak) != peak; peak = Peak) { }
        try
        {
            await ChatCoreAsync(context).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The caller went away.
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async Task ChatCoreAsync(HttpContext context)
    {
        using var body = new MemoryStream((int)Math.Min(context.Request.ContentLength ?? 4096, LargestRequest));
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        var headers = context.Request.Headers;
        var authorization = headers.Authorization.Count > 0 ? headers.Authorization.ToString() : headers["api-key"].ToString();
        if (_options.Remembers)
        {
            LastBody = System.Text.Encoding.UTF8.GetString(bytes.Span);
            LastHeaders = headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        }

        ChatRequest request;
        try
        {
            request = ChatRequest.Read(bytes);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            await SendAsync(context, 400, ChatBody.Error($"not a chat request: {e.Message}", "invalid_request_error")).ConfigureAwait(false);
            return;
        }

        var attempt = _attempts.AddOrUpdate(request.Hash, 1, static (_, n) => n + 1);
        var role = request.Messages.Count > 0 ? PromptText.Header(request.Messages[0].Text, "role") ?? "" : "";
        if (_options.LatencyMs > 0)
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(_options.LatencyMs), context.RequestAborted).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                Note(request, role, ClientGone, null, attempt);
                throw;
            }
        }

        var echo = _options.EchoKey ? $" (Authorization: {authorization})" : "";
        if (_options.Key is { } key && authorization != "Bearer " + key && authorization != key)
        {
            Note(request, role, 401, null, attempt);
            await SendAsync(context, 401, ChatBody.Error("Incorrect API key provided" + echo, "invalid_api_key")).ConfigureAwait(false);
            return;
        }

        if (_options.FailAfter is { } most && Interlocked.Read(ref _answered) >= most)
        {
            Note(request, role, _options.FailWith, "fail-after", attempt);
            await SendAsync(context, _options.FailWith, ChatBody.Error($"refused from now on{echo}", _options.FailWith == 404 ? "model_not_found" : "refused")).ConfigureAwait(false);
            return;
        }

        if (_options.Models.Count > 0 && !_options.Models.Contains(request.Model))
        {
            Note(request, role, 404, null, attempt);
            await SendAsync(context, 404, ChatBody.Error($"The model '{request.Model}' does not exist{echo}", "model_not_found")).ConfigureAwait(false);
            return;
        }

        var fault = _options.Faults.Draw(_options.Seed, request.Hash, attempt);
        await (fault is null or "empty" or "filter" or "truncate" ? ReplyAsync(context, request, role, attempt, fault, echo) : FailAsync(context, request, role, attempt, fault, echo)).ConfigureAwait(false);
    }

    private async Task FailAsync(HttpContext context, ChatRequest request, string role, int attempt, string fault, string echo)
    {
        var (status, message, code) = fault switch
        {
            "429" or "429-after" => (429, "Rate limit reached", "rate_limit_exceeded"),
            "500" => (500, "The server had an error", "server_error"),
            "503" => (503, "The server is overloaded", "overloaded"),
            "filter-400" => (400, "The prompt was filtered", "content_filter"),
            "context" => (400, "This model's maximum context length is 8192 tokens", "context_length_exceeded"),
            _ => (0, "", ""),
        };
        Note(request, role, status == 0 && fault is "json" or "shape" ? 200 : status, fault, attempt);
        switch (fault)
        {
            case "reset":
                context.Abort();
                break;
            case "hang":
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(false);
                break;
            case "json":
                await SendAsync(context, 200, "{\"id\": \"x\", \"choices\": [{\"index\": 0, \"message\": {\"role\""u8.ToArray()).ConfigureAwait(false);
                break;
            case "shape":
                await SendAsync(context, 200, "{\"id\": \"x\", \"object\": \"nothing\", \"choices\": []}"u8.ToArray()).ConfigureAwait(false);
                break;
            default:
                if (fault == "429-after") context.Response.Headers.RetryAfter = _options.RetryAfter.ToString(CultureInfo.InvariantCulture);
                await SendAsync(context, status, ChatBody.Error(message + echo, code)).ConfigureAwait(false);
                break;
        }
    }

    private async Task ReplyAsync(HttpContext context, ChatRequest request, string role, int attempt, string? fault, string echo)
    {
        var response = await _brain.GetResponseAsync(request.Messages, new ChatOptions { ModelId = request.Model, Seed = request.Seed }, context.RequestAborted).ConfigureAwait(false);
        var text = fault is "empty" or "filter" ? "" : response.Text + echo;
        var reasoning = _options.Reasoning == "none" ? null : $"The question is of {text.Length} signs.{echo}";
        if (_options.Reasoning == "inline" && text.Length > 0) text = $"<think>{reasoning}</think>{text}";
        var field = _options.Reasoning switch { "content" => "reasoning_content", "field" => "reasoning", _ => null };
        var finish = fault == "filter" ? "content_filter" : "stop";
        (long, long)? usage = _options.Usage && (!request.Streams || request.WantsUsage) ? (request.Messages.Sum(m => ChatBody.Tokens(m.Text)), ChatBody.Tokens(text)) : null;
        var id = "chatcmpl-" + request.Hash[..16];
        var bytes = request.Streams
            ? ChatBody.Events(id, request.Model, text, reasoning, field, finish, usage)
            : ChatBody.Completion(id, request.Model, text, reasoning, field, finish, usage);
        Note(request, role, 200, fault, attempt);
        Interlocked.Increment(ref _answered);
        context.Response.ContentType = request.Streams ? "text/event-stream" : "application/json";
        if (fault != "truncate")
        {
            if (!request.Streams) context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
            return;
        }

        if (!request.Streams) context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes[..(bytes.Length / 2)], context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        context.Abort();
    }

    private void Note(ChatRequest request, string role, int status, string? fault, int attempt)
    {
        _statuses.AddOrUpdate(fault ?? status.ToString(CultureInfo.InvariantCulture), 1, static (_, n) => n + 1);
        _log?.Write(request.Hash, role, status, fault, attempt);
    }

    private static Task SendAsync(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, 0, body.Length, context.RequestAborted);
    }
}
