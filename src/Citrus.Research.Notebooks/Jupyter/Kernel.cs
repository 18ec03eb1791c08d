using System.Text.Json;
using System.Threading.Channels;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>
/// Answers Jupyter: cells one after the other; questions about code meanwhile; interrupt and shutdown at once. Each kind of work has its own queue and its own reader.
/// </summary>
internal sealed class Kernel : IDisposable
{
    /// <summary>How long a question about code waits for cells sent before it, whose variables it may be about.</summary>
    private static readonly TimeSpan QuestionPatience = TimeSpan.FromMilliseconds(200);

    private readonly TextWriter log;
    private readonly WireFormat wire;
    private readonly KernelSockets sockets;
    private readonly CellRequests cells;
    private readonly CodeQuestions questions;
    private readonly CellHistory history = new();
    private readonly Channel<JupyterMessage> executes = System.Threading.Channels.Channel.CreateUnbounded<JupyterMessage>();
    private readonly Channel<JupyterMessage> asked = System.Threading.Channels.Channel.CreateUnbounded<JupyterMessage>();
    private readonly Channel<JupyterMessage> controls = System.Threading.Channels.Channel.CreateUnbounded<JupyterMessage>();
    private readonly TaskCompletionSource<bool> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Kernel(ConnectionFile connection, string folder, TextWriter log)
    {
        this.log = log;
        wire = new WireFormat(connection.Key);
        sockets = new KernelSockets(connection, wire, Received, log);
        cells = new CellRequests(folder, history, parent => new Broadcast(Publish, wire, parent), Reply);
        questions = new CodeQuestions(cells.Session);
    }

    /// <summary>Serves until it is told to shut down (true: Jupyter will start it again) or <see cref="End"/> is called.</summary>
    public async Task<bool> ServeAsync()
    {
        sockets.Start();
        using (var starting = new Broadcast(Publish, wire, null)) starting.Status("starting");
        _ = Read(executes, KernelChannel.Shell, cells.ExecuteAsync);
        _ = Read(asked, KernelChannel.Shell, AnswerAsync);
        _ = Read(controls, KernelChannel.Control, ControlAsync);
        cells.WarmUp(questions);
        return await ended.Task.ConfigureAwait(false);
    }

    /// <summary>Stops the running cell, if there is one.</summary>
    public void Interrupt() => cells.Interrupt();

    /// <summary>Stops serving.</summary>
    public void End() => ended.TrySetResult(false);

    public void Dispose()
    {
        cells.Interrupt();
        sockets.Dispose();
        cells.Dispose();
    }

    private void Received(KernelChannel channel, JupyterMessage message)
    {
        if (channel == KernelChannel.Control)
        {
            controls.Writer.TryWrite(message);
        }
        else if (message.Type == "execute_request")
        {
            cells.Arrived();
            executes.Writer.TryWrite(message);
        }
        else
        {
            asked.Writer.TryWrite(message);
        }
    }

    private async Task Read(Channel<JupyterMessage> queue, KernelChannel channel, Func<JupyterMessage, Task> answer)
    {
        await foreach (var message in queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            using var broadcast = new Broadcast(Publish, wire, message.HeaderBytes);
            broadcast.Status("busy");
            try
            {
                await answer(message).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                log.WriteLine($"citrus kernel: {message.Type}: {e}");
                if (message.Type.EndsWith("_request", StringComparison.Ordinal)) Reply(channel, message, w => Refuse(w, e is WireException ? "BadRequest" : e.GetType().Name, e.Message));
            }

            broadcast.Status("idle");
            // Pages show the last state they were told, whoever it was about.
            if (queue != executes) cells.RepeatBusy();
        }
    }

    private async Task AnswerAsync(JupyterMessage message)
    {
        if (message.Type is "complete_request" or "inspect_request" or "history_request") await cells.IdleAsync(QuestionPatience).ConfigureAwait(false);
        Answer(KernelChannel.Shell, message);
    }

    private void Answer(KernelChannel channel, JupyterMessage message)
    {
        switch (message.Type)
        {
            case "kernel_info_request":
                Reply(channel, message, KernelInfo.Write);
                break;
            case "complete_request":
                Reply(channel, message, questions.Complete(message.Text("code"), message.Number("cursor_pos", 0)));
                break;
            case "inspect_request":
                Reply(channel, message, questions.Inspect(message.Text("code"), message.Number("cursor_pos", 0), message.Number("detail_level", 0)));
                break;
            case "is_complete_request":
                Reply(channel, message, CodeQuestions.IsComplete(message.Text("code")));
                break;
            case "history_request":
                Reply(channel, message, HistoryReply.Of(history, message));
                break;
            case "comm_info_request":
                Reply(channel, message, w =>
                {
                    w.WriteString("status", "ok");
                    w.WriteStartObject("comms");
                    w.WriteEndObject();
                });
                break;
            case "comm_open":
                // Widgets need a partner on this side, and there is none: closing tells the page at once.
                using (var broadcast = new Broadcast(Publish, wire, message.HeaderBytes))
                {
                    broadcast.Publish("comm_close", w =>
                    {
                        w.WriteString("comm_id", message.Text("comm_id"));
                        w.WriteStartObject("data");
                        w.WriteEndObject();
                    });
                }

                break;
            case "comm_msg" or "comm_close" or "input_reply":
                break;
            case var type when type.EndsWith("_request", StringComparison.Ordinal):
                Reply(channel, message, w => Refuse(w, "NotOffered", $"This kernel does not answer {type}."));
                break;
            default:
                log.WriteLine($"citrus kernel: {message.Type} is not known and was ignored.");
                break;
        }
    }

    private Task ControlAsync(JupyterMessage message)
    {
        switch (message.Type)
        {
            case "interrupt_request":
                cells.Interrupt();
                Reply(KernelChannel.Control, message, w => w.WriteString("status", "ok"));
                break;
            case "shutdown_request":
                var restart = message.Flag("restart", false);
                Reply(KernelChannel.Control, message, Shutdown);
                using (var broadcast = new Broadcast(Publish, wire, message.HeaderBytes))
                {
                    broadcast.Publish("shutdown_reply", Shutdown);
                    broadcast.Status("idle");
                }

                ended.TrySetResult(restart);
                break;

                void Shutdown(Utf8JsonWriter w)
                {
                    w.WriteString("status", "ok");
                    w.WriteBoolean("restart", restart);
                }
            default:
                Answer(KernelChannel.Control, message);
                break;
        }

        return Task.CompletedTask;
    }

    private static void Refuse(Utf8JsonWriter writer, string name, string message)
    {
        writer.WriteString("status", "error");
        Broadcast.Error(writer, name, message, [message]);
    }

    private void Publish(List<byte[]> frames) => sockets.Send(KernelChannel.Iopub, frames);

    private void Reply(KernelChannel channel, JupyterMessage request, Action<Utf8JsonWriter> content) =>
        sockets.Send(channel, wire.Compose(request.Identities, request.Type.Replace("_request", "_reply", StringComparison.Ordinal), request.HeaderBytes, content));
}
