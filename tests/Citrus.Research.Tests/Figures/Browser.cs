using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Figures;

namespace Citrus.Research.Tests.Figures;

/// <summary>A headless Chromium that is there already, driven through the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/); one for a class of tests.</summary>
public sealed class Browser : IAsyncLifetime
{
    private readonly string _profile = Directory.CreateTempSubdirectory("citrus-browser-").FullName;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _waiting = [];
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ClientWebSocket _socket = new();
    private Process? _process;
    private Task _reading = Task.CompletedTask;
    private int _last;

    /// <summary>Why there is no browser; null where there is one.</summary>
    public string? Absence { get; private set; }

    internal event Action<string, JsonNode>? Happened;

    public async ValueTask InitializeAsync()
    {
        if (StaticExport.FindChromium() is not { } program)
        {
            Absence = $"no Chromium found; set {StaticExport.Variable} to one";
            return;
        }

        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var flag in (string[])["--headless", "--disable-gpu", "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-sync", "--disable-dev-shm-usage", "--no-first-run",
            "--no-default-browser-check", "--force-color-profile=srgb", "--remote-debugging-port=0", "--user-data-dir=" + _profile, "about:blank"])
            start.ArgumentList.Add(flag);
        if (OperatingSystem.IsLinux() && Environment.UserName == "root") start.ArgumentList.Add("--no-sandbox");
        _process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        string? address = null;
        var said = "";
        while (address is null && await _process.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            said += line + "\n";
            if (line.StartsWith("DevTools listening on ", StringComparison.Ordinal)) address = line["DevTools listening on ".Length..];
        }

        if (address is null)
        {
            Absence = $"{program} did not start: {said.Trim()}";
            return;
        }

        // Somebody must read what it says, or it waits for room in the pipe.
        _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await _socket.ConnectAsync(new Uri(address), limit.Token);
        _reading = ReadAsync();
    }

    /// <summary>A fresh tab; skips the test where there is no browser.</summary>
    internal async Task<Tab> OpenAsync(string path, int width = 1280, int height = 800, bool dark = false)
    {
        if (Absence is { } why) Assert.Skip(why);
        // What one page remembers (its theme) is nothing to the next.
        var context = (string)(await AskAsync("Target.createBrowserContext"))["browserContextId"]!;
        var target = (string)(await AskAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank", ["browserContextId"] = context }))["targetId"]!;
        var session = (string)(await AskAsync("Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true }))["sessionId"]!;
        var tab = new Tab(this, session);
        await tab.BeginAsync(path, width, height, dark);
        return tab;
    }

    internal async Task<JsonNode> AskAsync(string method, JsonObject? parameters = null, string? session = null)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _waiting[id] = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (session is not null) message["sessionId"] = session;
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }

        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            try
            {
                if (_socket.State == WebSocketState.Open) await AskAsync("Browser.close");
                await _process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
            }
            catch (Exception e) when (e is OperationCanceledException or WebSocketException or TimeoutException or InvalidOperationException)
            {
                _process.Kill(entireProcessTree: true);
            }

            _process.Dispose();
        }

        _socket.Dispose();
        try
        {
            await _reading;
            Directory.Delete(_profile, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process on its way out holds a file of the temporary folder.
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[1 << 16];
        using var whole = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close) break;
                whole.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage) continue;
                var message = JsonNode.Parse(whole.GetBuffer().AsSpan(0, (int)whole.Length))!;
                whole.SetLength(0);
                if (message["id"] is { } id && _waiting.TryRemove((int)id, out var answer))
                {
                    if (message["error"] is { } error) answer.SetException(new InvalidOperationException(error.ToJsonString()));
                    else answer.SetResult(message["result"]!);
                }
                else if (message["method"] is { } method)
                {
                    Happened?.Invoke((string?)message["sessionId"] ?? "", message);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The browser is gone.
        }

        foreach (var open in _waiting.Values) open.TrySetException(new InvalidOperationException("The browser is gone."));
    }
}
