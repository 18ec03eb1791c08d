using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>One line of a batch's output or error file: a response, or why there is none.</summary>
public sealed record BatchResponseLine
{
    private const int MostShown = 300;

    /// <summary>Which request it answers; null where the line does not say so readably.</summary>
    public string? CustomId { get; private init; }

    /// <summary>What came back; null where nothing did.</summary>
    public ChatResponse? Response { get; private init; }

    /// <summary>Why nothing came back; null where something did.</summary>
    public ExpertException? Fault { get; private init; }

    /// <summary>Whether the batch was cancelled before the request's turn: nothing was tried, so nothing failed.</summary>
    public bool IsCancelled { get; private init; }

    /// <summary>Reads a line; whatever it holds, it does not throw.</summary>
    public static BatchResponseLine Read(ReadOnlyMemory<byte> line)
    {
        string? id = null;
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            id = Text(root, "custom_id");
            if (root.ValueKind != JsonValueKind.Object) return Failed(id, ExpertFault.BadBody, "the line is no JSON object");
            var (response, error) = (Member(root, "response"), Member(root, "error"));
            var status = response is { } r && Member(r, "status_code") is { ValueKind: JsonValueKind.Number } s && s.TryGetInt32(out var number) ? number : 0;
            var body = response is { } holder ? Member(holder, "body") : null;
            // vLLM puts the error beside the response, OpenAI into its body, and either may nest it once more.
            if (error is not null || status is not (0 or 200) || body is null)
            {
                var cause = error ?? body ?? default;
                if (Member(cause, "error") is { ValueKind: JsonValueKind.Object } inner) cause = inner;
                var code = Text(cause, "code");
                if (status == 0 && Member(cause, "code") is { ValueKind: JsonValueKind.Number } c && c.TryGetInt32(out var coded)) status = coded;
                var message = Text(cause, "message") ?? (cause.ValueKind == JsonValueKind.String ? cause.GetString()! : "no message");
                return Failed(id, FaultOf(status, code), $"{(status == 0 ? "" : status + " ")}{(code is null ? "" : code + ": ")}{Short(message)}") with { IsCancelled = code == "batch_cancelled" };
            }

            return Read(id, body.Value);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return Failed(id, ExpertFault.BadBody, $"not readable ({Short(e.Message)})");
        }
    }

    /// <summary>The line that holds this response, for whoever answers a batch file here.</summary>
    public static string Write(string customId, ChatResponse response)
    {
        var reasoning = string.Concat(response.Messages.SelectMany(m => m.Contents).OfType<TextReasoningContent>().Select(c => c.Text));
        return JsonSerializer.Serialize(new
        {
            custom_id = customId,
            response = new
            {
                status_code = 200,
                body = new
                {
                    model = response.ModelId,
                    choices = new[] { new { index = 0, finish_reason = (response.FinishReason ?? ChatFinishReason.Stop).Value, message = new { role = "assistant", content = response.Text, reasoning_content = reasoning.Length == 0 ? null : reasoning } } },
                    usage = response.Usage is { } usage ? new { prompt_tokens = usage.InputTokenCount, completion_tokens = usage.OutputTokenCount } : null,
                },
            },
        });
    }

    /// <summary>The line that says why there is no response.</summary>
    public static string Write(string customId, ExpertException fault) => JsonSerializer.Serialize(new
    {
        custom_id = customId,
        response = new { status_code = StatusOf(fault.Fault) },
        error = new { code = fault.Fault == ExpertFault.ContentFilter ? "content_filter" : fault.Fault.ToString(), message = fault.Message },
    });

    /// <summary>What an HTTP status and a provider's error code mean.</summary>
    internal static ExpertFault FaultOf(int status, string? code) => (status, code) switch
    {
        (_, "content_filter" or "content_policy_violation") => ExpertFault.ContentFilter,
        (_, "insufficient_quota" or "invalid_api_key") => ExpertFault.Unauthorised,
        (_, "model_not_found") => ExpertFault.UnknownModel,
        (_, "batch_expired") => ExpertFault.Timeout,
        (_, "batch_cancelled") => ExpertFault.Connection,
        (429, _) or (_, "rate_limit_exceeded") => ExpertFault.RateLimited,
        (408 or 504, _) => ExpertFault.Timeout,
        ( >= 500, _) or (_, "server_error") => ExpertFault.ServerError,
        (404, _) => ExpertFault.UnknownModel,
        (401 or 402 or 403, _) => ExpertFault.Unauthorised,
        ( >= 400, _) => ExpertFault.BadRequest,
        _ => ExpertFault.Other,
    };

    /// <summary>The message of an error body, and its code, where it has them.</summary>
    internal static (string? Code, string Message) ErrorOf(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var cause = Member(json.RootElement, "error") ?? json.RootElement;
            return (Text(cause, "code"), Short(Text(cause, "message") ?? (cause.ValueKind == JsonValueKind.String ? cause.GetString()! : "no message")));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, Short(body));
        }
    }

    internal static string Short(string text)
    {
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= MostShown ? text : text[..MostShown] + "...";
    }

    private static BatchResponseLine Read(string? id, JsonElement body)
    {
        if (Member(body, "choices") is not { ValueKind: JsonValueKind.Array } choices || choices.GetArrayLength() == 0 || Member(choices[0], "message") is not { } message)
            return Failed(id, ExpertFault.BadBody, "the body holds no choice with a message");
        var finish = Text(choices[0], "finish_reason");
        if (finish is null) return Failed(id, ExpertFault.BadBody, "the reply was cut off (no finish_reason)");
        if (finish == "content_filter") return Failed(id, ExpertFault.ContentFilter, "the provider's content filter refused to answer");
        if (Text(message, "refusal") is { Length: > 0 } refusal && Member(message, "content") is null) return Failed(id, ExpertFault.ContentFilter, "the model refused: " + Short(refusal));
        var contents = new List<AIContent>();
        if ((Text(message, "reasoning_content") ?? Text(message, "reasoning")) is { Length: > 0 } thought) contents.Add(new TextReasoningContent(thought));
        contents.Add(new TextContent(Member(message, "content") switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(p => Text(p, "text"))),
            _ => "",
        }));
        var usage = Member(body, "usage");
        long? Tokens(string name) => usage is { } u && Member(u, name) is { ValueKind: JsonValueKind.Number } n && n.TryGetInt64(out var tokens) && tokens >= 0 ? tokens : null;
        return new BatchResponseLine
        {
            CustomId = id,
            Response = new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
            {
                FinishReason = new ChatFinishReason(finish),
                Usage = usage is null ? null : new UsageDetails { InputTokenCount = Tokens("prompt_tokens"), OutputTokenCount = Tokens("completion_tokens") },
            },
        };
    }

    private static BatchResponseLine Failed(string? id, ExpertFault fault, string message) => new() { CustomId = id, Fault = new ExpertException(fault, message) };

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static int StatusOf(ExpertFault fault) => fault switch
    {
        ExpertFault.RateLimited => 429,
        ExpertFault.Timeout => 408,
        ExpertFault.UnknownModel => 404,
        ExpertFault.Unauthorised or ExpertFault.BudgetSpent => 401,
        ExpertFault.BadRequest or ExpertFault.ContentFilter or ExpertFault.NotRecorded or ExpertFault.NotKept or ExpertFault.Other => 400,
        _ => 500,
    };
}
