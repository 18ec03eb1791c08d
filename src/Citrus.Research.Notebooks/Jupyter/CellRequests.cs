using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>Executes the cells that Jupyter sends, one after the other.</summary>
internal sealed class CellRequests : IDisposable
{
    /// <summary>Console text of one cell, in characters: what prints without end must not fill the page's memory.</summary>
    private const int MaxStreamCharacters = 20_000_000;

    /// <summary>What one cell shows, in characters.</summary>
    private const int MaxDisplayCharacters = 50_000_000;

    private readonly CellHistory history;
    private readonly Func<byte[], Broadcast> broadcasting;
    private readonly Action<KernelChannel, JupyterMessage, Action<Utf8JsonWriter>> reply;
    private readonly CellExecutor executor;
    private readonly ConsoleCapture console;
    private readonly Lock gate = new();
    private readonly string folder;

    // Written by the reader of execute requests alone.
    private int count;
    private int names;
    private int taken;
    private int abortUpTo;

    // Read by many.
    private volatile CellSink? latest;
    private int arrived;
    private int finished;

    // Guarded by the gate.
    private CancellationTokenSource? running;
    private Broadcast? busy;

    /// <param name="folder">The folder of the notebook.</param>
    /// <param name="history">Takes the cells.</param>
    /// <param name="broadcasting">Makes the broadcast that goes with a request's header.</param>
    /// <param name="reply">Answers a request.</param>
    public CellRequests(string folder, CellHistory history, Func<byte[], Broadcast> broadcasting, Action<KernelChannel, JupyterMessage, Action<Utf8JsonWriter>> reply)
    {
        (this.folder, this.history, this.broadcasting, this.reply) = (folder, history, broadcasting, reply);
        executor = new CellExecutor(folder);
        console = new ConsoleCapture(() => latest);
    }

    /// <summary>The session that the cells share.</summary>
    public CSharpSession Session => executor.Session;

    /// <summary>Counts a request in as it is received.</summary>
    public void Arrived() => Interlocked.Increment(ref arrived);

    /// <summary>Stops the running cell, if there is one.</summary>
    public void Interrupt()
    {
        lock (gate) _ = running?.CancelAsync();
    }

    /// <summary>Says again that a cell is running, if one is.</summary>
    public void RepeatBusy()
    {
        lock (gate) busy?.Status("busy");
    }

    /// <summary>Waits until nothing is to be executed, or for so long.</summary>
    public async Task IdleAsync(TimeSpan patience)
    {
        for (var watch = Stopwatch.StartNew(); Volatile.Read(ref finished) < Volatile.Read(ref arrived) && (patience == Timeout.InfiniteTimeSpan || watch.Elapsed < patience);)
            await Task.Delay(5).ConfigureAwait(false);
    }

    /// <summary>Runs a cell of no consequence in a session of its own: the compiler, most of whose first second is its own compilation, is warm when the first real cell comes.</summary>
    public void WarmUp(CodeQuestions questions)
    {
        var thread = new Thread(Work) { IsBackground = true, Name = "warm-up" };
        thread.Start();

        void Work()
        {
            try
            {
                using var warm = new CellExecutor(folder);
                foreach (var code in new[] { "1", "var x = new[] { 1 }.Select(n => $\"{n}\").ToList(); Console.Write(x.Count); display(x.Count);" })
                {
                    // A real cell that is here already does the same work, and should not have to share the processor.
                    if (Volatile.Read(ref arrived) > 0) break;
                    warm.ExecuteAsync(code, "warm-up", new CellSink(100, 10_000), null, CancellationToken.None).GetAwaiter().GetResult();
                }

                IdleAsync(Timeout.InfiniteTimeSpan).GetAwaiter().GetResult();
                questions.WarmUp();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A warm-up that fails costs time and nothing else; what is wrong will show in the first real cell.
            }
        }
    }

    /// <summary>Answers an <c>execute_request</c>.</summary>
    public async Task ExecuteAsync(JupyterMessage message)
    {
        taken++;
        try
        {
            if (taken <= abortUpTo) reply(KernelChannel.Shell, message, w => w.WriteString("status", "aborted"));
            else await RunAsync(message).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Increment(ref finished);
        }
    }

    public void Dispose()
    {
        console.Dispose();
        executor.Dispose();
    }

    private async Task RunAsync(JupyterMessage message)
    {
        var code = message.Text("code").ReplaceLineEndings("\n");
        var silent = message.Flag("silent", false);
        var stored = !silent && message.Flag("store_history", true);
        var expressions = message.Content["user_expressions"] as JsonObject ?? [];
        var stopOnError = message.Flag("stop_on_error", true);
        if (stored) history.Add(++count, code);

        using var broadcast = broadcasting(message.HeaderBytes);
        broadcast.ExecutionCount = count;
        if (!silent)
        {
            broadcast.Publish("execute_input", w =>
            {
                w.WriteString("code", code);
                w.WriteNumber("execution_count", count);
            });
        }

        using var stop = new CancellationTokenSource();
        lock (gate) (running, busy) = (stop, broadcast);
        CellResult result;
        List<(string Name, CellResult Result, CellSink Sink)> values;
        var name = stored ? $"cell [{count}]" : $"cell [{count}.{++names}]";
        var sink = new CellSink(MaxStreamCharacters, MaxDisplayCharacters, silent ? null : broadcast);
        try
        {
            latest = sink;
            result = await executor.ExecuteAsync(code, name, sink, null, stop.Token).ConfigureAwait(false);
            values = result.Failure is null ? await EvaluateAsync(expressions, stop.Token).ConfigureAwait(false) : [];
        }
        finally
        {
            sink.Close();
            lock (gate) (running, busy) = (null, null);
        }

        if (result.Failure is { Cancelled: true }) console.Renew();

        if (stored && broadcast.Result is { } text) history.SetOutput(count, text);
        if (result.Failure is { } failure)
        {
            var trace = Traceback.Of(failure, code, name, result.LeftBehind);
            if (!silent) broadcast.Publish("error", w => Broadcast.Error(w, failure.Name, failure.Message, trace));
            if (stopOnError) abortUpTo = Volatile.Read(ref arrived);
            reply(KernelChannel.Shell, message, w =>
            {
                w.WriteString("status", "error");
                w.WriteNumber("execution_count", count);
                Broadcast.Error(w, failure.Name, failure.Message, trace);
                WriteRest(w, []);
            });
            return;
        }

        // The reply must not overtake text that still waits for more.
        broadcast.Dispose();
        reply(KernelChannel.Shell, message, w =>
        {
            w.WriteString("status", "ok");
            w.WriteNumber("execution_count", count);
            WriteRest(w, values);
        });
    }

    private async Task<List<(string Name, CellResult Result, CellSink Sink)>> EvaluateAsync(JsonObject expressions, CancellationToken cancellationToken)
    {
        var values = new List<(string, CellResult, CellSink)>();
        foreach (var (name, expression) in expressions)
        {
            var sink = new CellSink(MaxStreamCharacters, MaxDisplayCharacters);
            var text = expression is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";
            values.Add((name, await executor.ExecuteAsync(text, $"expression [{++names}]", sink, null, cancellationToken).ConfigureAwait(false), sink));
        }

        return values;
    }

    private static void WriteRest(Utf8JsonWriter writer, List<(string Name, CellResult Result, CellSink Sink)> values)
    {
        writer.WriteStartArray("payload");
        writer.WriteEndArray();
        writer.WriteStartObject("user_expressions");
        foreach (var (name, result, sink) in values)
        {
            writer.WriteStartObject(name);
            writer.WriteString("status", result.Failure is null ? "ok" : "error");
            if (result.Failure is { } failure) Broadcast.Error(writer, failure.Name, failure.Message, failure.Trace);
            else Broadcast.Data(writer, sink.Close().FirstOrDefault(o => o.Kind == OutputKind.Result)?.Data ?? MimeBundle.Plain(""));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
