using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Citrus.Research.Tests.Experts;

/// <summary>As much of Ollama's /api/chat as a test needs; it has every model but "none".</summary>
internal sealed class FakeOllama : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeOllama(WebApplication app) => _app = app;

    /// <summary>Host and port, as OLLAMA_HOST is often written.</summary>
    public string Host => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Authority;

    public string LastBody { get; private set; } = "";

    public static async Task<FakeOllama> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var fake = new FakeOllama(app);
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            fake.LastBody = await reader.ReadToEndAsync();
            if (context.Request.Path != "/api/chat" || fake.LastBody.Contains("\"none\"", StringComparison.Ordinal))
            {
                context.Response.StatusCode = 404;
                await context.Response.WriteAsync("""{"error":"model \"none\" not found, try pulling it first"}""");
                return;
            }

            // Lines of JSON, whether a stream is asked for or not.
            if (fake.LastBody.Contains("\"stream\":true", StringComparison.Ordinal))
                await context.Response.WriteAsync("""{"model":"qwen2.5:7b","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"","thinking":"hmm"},"done":false}""" + "\n" + """{"model":"qwen2.5:7b","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"It is "},"done":false}""" + "\n");
            var (text, thinking) = fake.LastBody.Contains("\"stream\":true", StringComparison.Ordinal) ? ("gout.", "") : ("It is gout.", "hmm");
            await context.Response.WriteAsync($$"""{"model":"qwen2.5:7b","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"{{text}}","thinking":"{{thinking}}"},"done":true,"done_reason":"stop","total_duration":1,"load_duration":1,"prompt_eval_count":11,"prompt_eval_duration":1,"eval_count":7,"eval_duration":1}""" + "\n");
        });
        await app.StartAsync();
        return fake;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
