using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Citrus.Research.Tests.Figures;

/// <summary>A tab of the browser with a page in it: what a reader does, and what the page did.</summary>
internal sealed class Tab(Browser browser, string session)
{
    /// <summary>Addresses that the page asked for, itself included.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Errors of scripts, and what the page's policy refused.</summary>
    public ConcurrentQueue<string> Errors { get; } = [];

    public async Task BeginAsync(string path, int width, int height, bool dark)
    {
        browser.Happened += (from, message) =>
        {
            if (from != session) return;
            switch ((string?)message["method"])
            {
                case "Network.requestWillBeSent": Requests.Enqueue((string)message["params"]!["request"]!["url"]!); break;
                case "Runtime.exceptionThrown": Errors.Enqueue(message["params"]!["exceptionDetails"]!.ToJsonString()); break;
                case "Log.entryAdded" when (string?)message["params"]!["entry"]!["level"] == "error": Errors.Enqueue((string)message["params"]!["entry"]!["text"]!); break;
            }
        };
        foreach (var domain in (string[])["Page", "Runtime", "Network", "Log"]) await AskAsync(domain + ".enable");
        await SizeAsync(width, height);
        await DarkAsync(dark);
        await AskAsync("Page.navigate", new JsonObject { ["url"] = new Uri(path).AbsoluteUri });
        await UntilAsync("document.documentElement?.dataset.ready === 'true'");
    }

    public Task SizeAsync(int width, int height) =>
        AskAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });

    public Task DarkAsync(bool dark) =>
        AskAsync("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }) });

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonNode?> ValueAsync(string expression)
    {
        var reply = await AskAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        return reply["exceptionDetails"] is { } error ? throw new InvalidOperationException($"{expression}: {error.ToJsonString()}") : reply["result"]!["value"];
    }

    public async Task<string> TextAsync(string selector) => (string?)await ValueAsync($"document.querySelector({Quoted(selector)})?.textContent ?? '(none)'") ?? "";

    public async Task<int> CountAsync(string selector) => (int)(await ValueAsync($"document.querySelectorAll({Quoted(selector)}).length"))!;

    /// <summary>Waits until an expression is true.</summary>
    public async Task UntilAsync(string expression)
    {
        for (var tries = 0; tries < 1200; tries++)
        {
            if (await ValueAsync($"!!({expression})") is JsonValue value && (bool)value) return;
            await Task.Delay(25);
        }

        Assert.Fail($"It did not come true: {expression}. Errors: {string.Join("; ", Errors)}");
    }

    /// <summary>Clicks in the middle of an element, with the mouse.</summary>
    public async Task ClickAsync(string selector)
    {
        var spot = await ValueAsync($"(() => {{ const e = document.querySelector({Quoted(selector)}); e.scrollIntoView({{ block: 'nearest' }}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()");
        foreach (var type in (string[])["mousePressed", "mouseReleased"])
            await AskAsync("Input.dispatchMouseEvent", new JsonObject { ["type"] = type, ["x"] = (double)spot![0]!, ["y"] = (double)spot[1]!, ["button"] = "left", ["clickCount"] = 1 });
        await SettleAsync();
    }

    /// <summary>Presses a key: a character, or <c>Enter</c>, <c>Escape</c>, <c>ArrowDown</c>, <c>Tab</c>.</summary>
    public async Task PressAsync(string key)
    {
        var down = new JsonObject { ["type"] = "keyDown", ["key"] = key };
        if (key.Length == 1) down["text"] = key;
        if (key == "Enter") down["text"] = "\r";
        down["windowsVirtualKeyCode"] = key switch { "Enter" => 13, "Escape" => 27, "ArrowDown" => 40, "ArrowUp" => 38, "Tab" => 9, "End" => 35, _ => 0 };
        await AskAsync("Input.dispatchKeyEvent", down);
        await AskAsync("Input.dispatchKeyEvent", new JsonObject { ["type"] = "keyUp", ["key"] = key });
        await SettleAsync();
    }

    public Task TypeAsync(string text) => AskAsync("Input.insertText", new JsonObject { ["text"] = text });

    /// <summary>Chooses an option of a select by its value.</summary>
    public async Task SelectAsync(string id, string value)
    {
        await ValueAsync($"(() => {{ const s = document.getElementById('{id}'); s.value = {Quoted(value)}; s.dispatchEvent(new Event('change')); }})()");
        await SettleAsync();
    }

    /// <summary>Two frames: what a click began is drawn.</summary>
    public Task SettleAsync() => ValueAsync("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(1))))");

    public async Task<byte[]> PictureAsync() =>
        Convert.FromBase64String((string)(await AskAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png" }))["data"]!);

    private Task<JsonNode> AskAsync(string method, JsonObject? parameters = null) => browser.AskAsync(method, parameters, session);

    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString();
}
