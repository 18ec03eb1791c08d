using System.Text.Json;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>Answers questions about code that is being written.</summary>
/// <param name="session">Knows the variables, types and usings of the cells so far.</param>
internal sealed class CodeQuestions(CSharpSession session)
{
    /// <summary>Asks one of each kind, so that the first real one need not wait for the compiler's own compilation.</summary>
    public void WarmUp()
    {
        CodeCompletion.At(session, "new[] { 1 }.Wh", 14);
        CodeCompletion.At(session, "Con", 3);
        CodeInspection.At(session, "Console.WriteLine(", 18, detailed: false);
        CodeCompleteness.Of("if (true) {");
    }

    /// <summary>The content of <c>complete_reply</c>.</summary>
    /// <param name="code">The cell so far.</param>
    /// <param name="cursor">In code points.</param>
    public Action<Utf8JsonWriter> Complete(string code, int cursor)
    {
        var found = CodeCompletion.At(session, code, CodePoints.ToIndex(code, cursor));
        var (start, end) = (CodePoints.FromIndex(code, found.Start), CodePoints.FromIndex(code, found.End));
        return w =>
        {
            w.WriteString("status", "ok");
            w.WriteNumber("cursor_start", start);
            w.WriteNumber("cursor_end", end);
            w.WriteStartArray("matches");
            foreach (var item in found.Items) w.WriteStringValue(item.Text);
            w.WriteEndArray();
            w.WriteStartObject("metadata");
            w.WriteStartArray("_jupyter_types_experimental");
            foreach (var item in found.Items)
            {
                w.WriteStartObject();
                w.WriteString("text", item.Text);
                w.WriteString("type", item.Kind);
                w.WriteString("signature", item.Detail);
                w.WriteNumber("start", start);
                w.WriteNumber("end", end);
                w.WriteEndObject();
            }

            w.WriteEndArray();
            w.WriteEndObject();
        };
    }

    /// <summary>The content of <c>inspect_reply</c>.</summary>
    /// <param name="code">The cell so far.</param>
    /// <param name="cursor">In code points.</param>
    /// <param name="detail">1 asks for all that is known.</param>
    public Action<Utf8JsonWriter> Inspect(string code, int cursor, int detail)
    {
        var found = CodeInspection.At(session, code, CodePoints.ToIndex(code, cursor), detail > 0);
        return w =>
        {
            w.WriteString("status", "ok");
            w.WriteBoolean("found", found is not null);
            var data = new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (found is not null) (data["text/plain"], data["text/markdown"]) = (found.Plain, found.Markdown);
            Broadcast.Data(w, data);
        };
    }

    /// <summary>The content of <c>is_complete_reply</c>.</summary>
    public static Action<Utf8JsonWriter> IsComplete(string code)
    {
        var (status, indent) = CodeCompleteness.Of(code);
        return w =>
        {
            w.WriteString("status", status);
            if (status == "incomplete") w.WriteString("indent", indent);
        };
    }
}
