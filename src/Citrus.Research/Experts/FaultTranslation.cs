using System.ClientModel;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Citrus.Research.Experts;

/// <summary>
/// What a failed call means. The exception behind is not attached: it may hold the server's whole answer, and that may hold the key.
/// </summary>
internal static class FaultTranslation
{
    private const int LongestMessage = 300;
    private const int LongestBody = 1 << 16;

    /// <summary>The fault behind whatever an endpoint's client threw.</summary>
    public static ExpertException Of(Exception error, EndpointSettings settings, ApiKey? key, TimeProvider time)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case ExpertException known:
                    return Fault(known.Fault, known.Message, settings, key, known.RetryAfter);
                case ClientResultException { Status: > 0 } refused:
                    return OfStatus(refused.Status, Body(refused), RetryAfter(name => refused.GetRawResponse()?.Headers.TryGetValue(name, out var value) == true ? value : null, time), settings, key);
                case HttpRequestException { StatusCode: { } status } refused:
                    return OfStatus((int)status, refused.Message, null, settings, key);
                case HttpRequestException or IOException or System.Net.Sockets.SocketException:
                    return Fault(ExpertFault.Connection, $"no whole response from {Place(settings)}: {Innermost(cause)}", settings, key);
                case JsonException:
                    return Fault(ExpertFault.BadBody, $"the server's response is no valid JSON: {cause.Message}", settings, key);
            }
        }

        // What the client libraries throw where a response lacks what the protocol promises.
        return error is InvalidOperationException or ArgumentException or FormatException or KeyNotFoundException or IndexOutOfRangeException or NullReferenceException or NotSupportedException or InvalidCastException
            ? Fault(ExpertFault.BadBody, $"the server's response is not a chat completion: {error.Message}", settings, key)
            : Fault(ExpertFault.Other, $"{error.GetType().Name}: {error.Message}", settings, key);
    }

    /// <summary>The wait that a response asks for; null where it asks for none.</summary>
    public static TimeSpan? RetryAfter(Func<string, string?> header, TimeProvider time)
    {
        if (double.TryParse(header("retry-after-ms"), NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 0 and < 1e9) return TimeSpan.FromMilliseconds(milliseconds);
        var text = header("Retry-After");
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 1e6) return TimeSpan.FromSeconds(seconds);
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return null;
        return at - time.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.Zero;
    }

    internal static ExpertException Fault(ExpertFault fault, string message, EndpointSettings settings, ApiKey? key, TimeSpan? retryAfter = null)
    {
        message = key?.Scrub(message) ?? message;
        return new ExpertException(fault, $"{settings.Spec}: {message}") { RetryAfter = retryAfter };
    }

    private static ExpertException OfStatus(int status, string body, TimeSpan? retryAfter, EndpointSettings settings, ApiKey? key)
    {
        var (message, code) = Read(body, key);
        var fault = status switch
        {
            _ when code.Contains("content_filter", StringComparison.OrdinalIgnoreCase) || code.Contains("ResponsibleAI", StringComparison.OrdinalIgnoreCase) => ExpertFault.ContentFilter,
            // Sent as 429, but no waiting helps.
            429 when code.Contains("insufficient_quota", StringComparison.OrdinalIgnoreCase) => ExpertFault.Unauthorised,
            429 => ExpertFault.RateLimited,
            401 or 402 or 403 => ExpertFault.Unauthorised,
            404 => ExpertFault.UnknownModel,
            400 when code.Contains("model_not_found", StringComparison.OrdinalIgnoreCase) || code.Contains("invalid_model", StringComparison.OrdinalIgnoreCase) => ExpertFault.UnknownModel,
            408 => ExpertFault.Timeout,
            >= 500 => ExpertFault.ServerError,
            400 or 413 or 414 or 415 or 422 => ExpertFault.BadRequest,
            _ => ExpertFault.Other,
        };
        var hint = fault switch
        {
            ExpertFault.Unauthorised => $" Check {settings.KeyVariable ?? "the key"} and the account.",
            ExpertFault.UnknownModel => $" Check the model's name{(settings.Identity.Contains("//", StringComparison.Ordinal) ? " and the address (it usually ends in /v1)" : "")}.",
            ExpertFault.BadRequest when code.Contains("context_length", StringComparison.OrdinalIgnoreCase) => " The prompt is longer than the model reads.",
            _ => "",
        };
        return Fault(fault, string.Create(CultureInfo.InvariantCulture, $"{status} {(HttpStatusCode)status}{(code.Length > 0 ? $" [{code}]" : "")}{(message.Length > 0 ? $": {message}" : "")}.{hint}"), settings, key, retryAfter);
    }

    private static string Body(ClientResultException refused)
    {
        try
        {
            return refused.GetRawResponse() is { } response && response.Content.ToMemory() is var bytes ? System.Text.Encoding.UTF8.GetString(bytes.Span[..Math.Min(bytes.Length, LongestBody)]) : "";
        }
        catch (InvalidOperationException)
        {
            // Not buffered.
            return "";
        }
    }

    /// <summary>Message and code of <c>{"error":{"message":..., "code":..., "type":...}}</c> and its relatives; the text itself where it is something else.</summary>
    private static (string Message, string Code) Read(string body, ApiKey? key)
    {
        // Before anything is cut off: half a key would not be recognised.
        body = key?.Scrub(body) ?? body;
        try
        {
            using var json = JsonDocument.Parse(body);
            var error = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("error", out var inner) ? inner : json.RootElement;
            if (error.ValueKind == JsonValueKind.String) return (Short(key?.Scrub(error.GetString()!) ?? error.GetString()!), "");
            if (error.ValueKind != JsonValueKind.Object) return ("", "");
            var message = Text(error, "message") ?? Text(error, "detail") ?? "";
            return (Short(key?.Scrub(message) ?? message), Short(string.Join(' ', ((string?[])[Text(error, "code"), Text(error, "type")]).Where(t => t is { Length: > 0 }))));
        }
        catch (JsonException)
        {
            return (Short(body), "");
        }
    }

    private static string? Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) ? value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null } : null;

    private static string Short(string text)
    {
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        return text.Length <= LongestMessage ? text : text[..LongestMessage] + "...";
    }

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner) error = inner;
        return Short(error.Message);
    }

    private static string Place(EndpointSettings settings) => settings.Identity.Split('#')[0];
}
