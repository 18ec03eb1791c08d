using System.Text.Json;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>Answers <c>history_request</c>.</summary>
internal static class HistoryReply
{
    private const int DefaultCount = 1000;

    /// <summary>The content of the answer.</summary>
    /// <exception cref="WireException">The request asks in a way that is not known.</exception>
    public static Action<Utf8JsonWriter> Of(CellHistory history, JupyterMessage request)
    {
        var count = request.Number("n", DefaultCount);
        var entries = request.Text("hist_access_type", "tail") switch
        {
            "tail" => history.Tail(count),
            "range" => history.Range(request.Number("session", 0), request.Number("start", 0), request.Number("stop", 0)),
            "search" => history.Search(request.Text("pattern", "*"), count, request.Flag("unique", false)),
            var other => throw new WireException($"history_request: hist_access_type \"{other}\" is not known; tail, range and search are."),
        };
        var withOutput = request.Flag("output", false);
        return writer =>
        {
            writer.WriteString("status", "ok");
            writer.WriteStartArray("history");
            foreach (var entry in entries)
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(CellHistory.Session);
                writer.WriteNumberValue(entry.Line);
                if (withOutput) writer.WriteStartArray();
                writer.WriteStringValue(entry.Input);
                if (withOutput)
                {
                    if (entry.Output is null) writer.WriteNullValue();
                    else writer.WriteStringValue(entry.Output);
                    writer.WriteEndArray();
                }

                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        };
    }
}
