using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Notebooks.Jupyter;
using NetMQ;
using NetMQ.Sockets;

namespace Citrus.Research.Benchmarks;

/// <summary>Starts a Jupyter kernel, ours or another, and asks it as a page does.</summary>
internal sealed class KernelClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly string file = Path.Combine(Path.GetTempPath(), $"kernel-{Guid.NewGuid():N}.json");
    private readonly WireFormat wire;
    private readonly Process process;
    private readonly DealerSocket shell = new();
    private readonly DealerSocket control = new();
    private readonly SubscriberSocket iopub = new();
    private readonly Stopwatch clock;

    /// <param name="command">The kernel's command line; the connection file's path is put after it.</param>
    public KernelClient(string[] command)
    {
        var ports = FreePorts(5);
        var key = Guid.NewGuid().ToString();
        wire = new WireFormat(Encoding.UTF8.GetBytes(key));
        File.WriteAllText(file, new JsonObject
        {
            ["transport"] = "tcp",
            ["ip"] = "127.0.0.1",
            ["shell_port"] = ports[0],
            ["control_port"] = ports[1],
            ["iopub_port"] = ports[2],
            ["stdin_port"] = ports[3],
            ["hb_port"] = ports[4],
            ["key"] = key,
            ["signature_scheme"] = "hmac-sha256",
        }.ToJsonString());
        foreach (var (socket, port) in new (NetMQSocket, int)[] { (shell, ports[0]), (control, ports[1]), (iopub, ports[2]) })
        {
            socket.Options.ReconnectInterval = TimeSpan.FromMilliseconds(10);
            socket.Options.ReceiveHighWatermark = 0;
            socket.Options.Linger = TimeSpan.Zero;
            socket.Connect($"tcp://127.0.0.1:{port}");
        }

        iopub.SubscribeToAnyTopic();
        var start = new ProcessStartInfo(command[0], [.. command[1..], file]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        start.Environment["DOTNET_TieredPGO"] = "0"; // as our kernelspec says
        clock = Stopwatch.StartNew();
        process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Ask(shell, "kernel_info_request", _ => { });
        Ready = clock.Elapsed;
    }

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan Ready { get; }

    /// <summary>Since the start of the process.</summary>
    public TimeSpan Elapsed => clock.Elapsed;

    /// <summary>Executes a cell and returns the time to its reply.</summary>
    public TimeSpan Execute(string code)
    {
        var watch = Stopwatch.StartNew();
        var reply = Ask(shell, "execute_request", w => WriteExecute(w, code));
        if (reply["status"]?.ToString() != "ok") throw new InvalidOperationException($"{code}: {reply.ToJsonString()}");
        return watch.Elapsed;
    }

    /// <summary>Executes a cell and returns how many characters of text came and how long the last took to come.</summary>
    public (long Characters, TimeSpan Time) Read(string code)
    {
        while (iopub.TryReceiveMultipartMessage(TimeSpan.Zero, ref drained!)) drained = null;
        var watch = Stopwatch.StartNew();
        var frames = wire.Compose([], "execute_request", null, w => WriteExecute(w, code));
        var id = IdOf(frames[2]);
        shell.SendMultipartBytes(frames);
        long characters = 0;
        while (true)
        {
            var received = Receive(iopub);
            if (JsonNode.Parse(received.Parent)?["msg_id"]?.ToString() != id) continue;
            if (received.Type == "stream") characters += received.Content["text"]!.ToString().Length;
            if (received.Type == "status" && received.Content["execution_state"]!.ToString() == "idle") break;
        }

        var time = watch.Elapsed;
        Receive(shell);
        return (characters, time);
    }

    /// <summary>Asks for what can be typed at the end of a text.</summary>
    public TimeSpan Complete(string code)
    {
        var watch = Stopwatch.StartNew();
        Ask(shell, "complete_request", w =>
        {
            w.WriteString("code", code);
            w.WriteNumber("cursor_pos", code.Length);
        });
        return watch.Elapsed;
    }

    public void Dispose()
    {
        try
        {
            Ask(control, "shutdown_request", w => w.WriteBoolean("restart", false));
            if (!process.WaitForExit(10_000)) process.Kill(entireProcessTree: true);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
        }

        foreach (var socket in new NetMQSocket[] { shell, control, iopub }) socket.Dispose();
        process.Dispose();
        File.Delete(file);
    }

    private NetMQMessage? drained;

    private static void WriteExecute(Utf8JsonWriter w, string code)
    {
        w.WriteString("code", code);
        w.WriteBoolean("silent", false);
        w.WriteBoolean("store_history", true);
        w.WriteStartObject("user_expressions");
        w.WriteEndObject();
        w.WriteBoolean("allow_stdin", false);
        w.WriteBoolean("stop_on_error", true);
    }

    private static string IdOf(byte[] header) => JsonNode.Parse(header)!["msg_id"]!.ToString();

    private JsonObject Ask(DealerSocket socket, string type, Action<Utf8JsonWriter> content)
    {
        var frames = wire.Compose([], type, null, content);
        var id = IdOf(frames[2]);
        socket.SendMultipartBytes(frames);
        while (true)
        {
            var received = Receive(socket);
            if (JsonNode.Parse(received.Parent)?["msg_id"]?.ToString() == id) return received.Content;
        }
    }

    private (string Type, byte[] Parent, JsonObject Content) Receive(NetMQSocket socket)
    {
        var frames = new List<byte[]>();
        if (!socket.TryReceiveMultipartBytes(Limit, ref frames!)) throw new TimeoutException("The kernel did not answer.");
        var message = wire.Parse(frames);
        return (message.Type, frames[^3], message.Content);
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
