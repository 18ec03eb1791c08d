using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Citrus.Research.Tests.Questions.Benchmarks;

/// <summary>Gives one file on the loopback interface, with ranges and a tag, and breaks off where it is told to.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FileServer(WebApplication app) => _app = app;

    /// <summary>Where the file is.</summary>
    public string Address { get; private set; } = "";

    public byte[] Content { get; set; } = [];

    public string Tag { get; set; } = "\"v1\"";

    /// <summary>The connection is cut after so many bytes of the next answer.</summary>
    public int? BreaksAfter { get; set; }

    public int Status { get; set; } = 200;

    /// <summary>The <c>Range</c> header of every request that came, empty where there was none.</summary>
    public List<string> Ranges { get; } = [];

    public static async Task<FileServer> StartAsync(byte[] content)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(k => k.Listen(IPAddress.Loopback, 0));
        var server = new FileServer(builder.Build()) { Content = content };
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        server.Address = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/file.jsonl";
        return server;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var range = context.Request.Headers.Range.ToString();
        lock (Ranges) Ranges.Add(range);
        if (Status != 200)
        {
            context.Response.StatusCode = Status;
            return;
        }

        var from = 0;
        var condition = context.Request.Headers.IfRange.ToString();
        if (range.Length > 0 && (condition.Length == 0 || condition == Tag)) from = int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
        if (from > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{Content.Length - 1}/{Content.Length}";
        }

        context.Response.Headers.ETag = Tag;
        context.Response.ContentLength = Content.Length - from;
        if (BreaksAfter is { } bytes)
        {
            BreaksAfter = null;
            await context.Response.Body.WriteAsync(Content.AsMemory(from, bytes));
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(Content.AsMemory(from));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
