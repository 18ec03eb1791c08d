using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Citrus.Research.Tests.Cli;

/// <summary>The OpenAI-compatible server of the tests in a process of its own: real HTTP on the loopback interface.</summary>
internal sealed class LoopbackProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="arguments">The server's options; a free port where none is named.</param>
    public LoopbackProcess(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Citrus.Research.LoopbackServer.dll"), .. arguments]) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        Address = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException(_process.StandardError.ReadToEnd());
        _process.BeginErrorReadLine();
    }

    /// <summary>E.g. <c>http://127.0.0.1:5000</c>.</summary>
    public string Address { get; }

    public int Port => new Uri(Address).Port;

    /// <summary>A spec that names this server.</summary>
    public string Spec => $"{Address}/v1#scripted";

    public async Task<JsonElement> StatsAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient();
        return await http.GetFromJsonAsync<JsonElement>($"{Address}/stats", cancellation);
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
