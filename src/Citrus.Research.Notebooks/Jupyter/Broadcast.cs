using System.Text;
using System.Text.Json;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>Tells every page about one request: that it is worked on, and the outputs of its cell as they come. Console text is gathered for a moment, so that many small writes make few messages.</summary>
/// <param name="send">Sends on the iopub channel.</param>
/// <param name="wire">Makes the frames.</param>
/// <param name="parent">The request's header.</param>
internal sealed class Broadcast(Action<List<byte[]>> send, WireFormat wire, byte[]? parent) : ICellListener, IDisposable
{
    /// <summary>The longest that text waits for more.</summary>
    private const int FlushMilliseconds = 40;

    /// <summary>Text that does not wait, in characters.</summary>
    private const int FlushCharacters = 1 << 18;

    private readonly Lock gate = new();
    private readonly StringBuilder text = new();
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> updates = new(StringComparer.Ordinal);
    private string stream = "";
    private Timer? timer;

    /// <summary>The number that a result carries.</summary>
    public int ExecutionCount { get; set; }

    /// <summary>The last result as plain text; null where there was none.</summary>
    public string? Result { get; private set; }

    /// <summary>Says <c>busy</c>, <c>idle</c> or <c>starting</c>.</summary>
    public void Status(string state) => Publish("status", w => w.WriteString("execution_state", state));

    /// <summary>Sends a broadcast after the text that came before it.</summary>
    public void Publish(string type, Action<Utf8JsonWriter> content)
    {
        lock (gate)
        {
            Flush(whole: true);
            Send(type, content);
        }
    }

    public void Stream(string name, ReadOnlySpan<char> written)
    {
        lock (gate)
        {
            if (stream != name) Flush(whole: true);
            stream = name;
            text.Append(written);
            if (text.Length >= FlushCharacters) Flush(whole: false);
            else FlushSoon();
        }
    }

    public void Show(CellOutput output, string? displayId)
    {
        if (output.Kind == OutputKind.Error)
        {
            Publish("error", w => Error(w, output.Name, output.Text, output.Traceback));
            return;
        }

        if (output.Kind == OutputKind.Result) Result = output.As("text/plain");
        Publish(output.Kind == OutputKind.Result ? "execute_result" : "display_data", w =>
        {
            Data(w, output.Data);
            Transient(w, displayId);
            if (output.Kind == OutputKind.Result) w.WriteNumber("execution_count", ExecutionCount);
        });
    }

    public void Update(string displayId, IReadOnlyDictionary<string, string> data)
    {
        // Of a display that changes a thousand times a second, the page is told a few times a second.
        lock (gate) updates[displayId] = data;
        FlushSoon();
    }

    public void Clear(bool wait) => Publish("clear_output", w => w.WriteBoolean("wait", wait));

    public void Dispose()
    {
        lock (gate) Flush(whole: true);
    }

    /// <summary>Writes what error broadcasts and error replies have in common.</summary>
    public static void Error(Utf8JsonWriter writer, string name, string message, IReadOnlyList<string> traceback)
    {
        writer.WriteString("ename", name);
        writer.WriteString("evalue", message);
        writer.WriteStartArray("traceback");
        foreach (var line in traceback) writer.WriteStringValue(line);
        writer.WriteEndArray();
    }

    /// <summary>Writes a value's renderings: JSON types as JSON, all others as text.</summary>
    public static void Data(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> data)
    {
        writer.WriteStartObject("data");
        foreach (var (mime, value) in data)
        {
            if (NotebookJson.IsJson(mime) && IsJson(value))
            {
                writer.WritePropertyName(mime);
                writer.WriteRawValue(value, skipInputValidation: true);
            }
            else
            {
                writer.WriteString(mime, value);
            }
        }

        writer.WriteEndObject();
        writer.WriteStartObject("metadata");
        writer.WriteEndObject();
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Transient(Utf8JsonWriter writer, string? displayId)
    {
        writer.WriteStartObject("transient");
        if (displayId is not null) writer.WriteString("display_id", displayId);
        writer.WriteEndObject();
    }

    private void FlushSoon()
    {
        lock (gate) timer ??= new Timer(static b => ((Broadcast)b!).FlushNow(), this, FlushMilliseconds, Timeout.Infinite);
    }

    private void FlushNow()
    {
        lock (gate) Flush(whole: false);
    }

    /// <param name="whole">False keeps back the first half of a character whose second half has not come yet.</param>
    private void Flush(bool whole)
    {
        timer?.Dispose();
        timer = null;
        foreach (var (id, data) in updates)
        {
            Send("update_display_data", w =>
            {
                Data(w, data);
                Transient(w, id);
            });
        }

        updates.Clear();
        var length = text.Length;
        if (length > 0 && !whole && char.IsHighSurrogate(text[length - 1])) length--;
        if (length == 0) return;
        var (name, now) = (stream, text.ToString(0, length));
        text.Remove(0, length);
        Send("stream", w =>
        {
            w.WriteString("name", name);
            w.WriteString("text", now);
        });
    }

    private void Send(string type, Action<Utf8JsonWriter> content) => send(wire.Compose([Encoding.ASCII.GetBytes(type)], type, parent, content));
}
