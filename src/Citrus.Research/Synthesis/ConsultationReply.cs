using System.Text.Json;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;

namespace Citrus.Research.Synthesis;

/// <summary>What a doctor or a patient replied: one of a question, an answer, a diagnosis with its summary, or a reason to abstain.</summary>
/// <param name="Says">The question or the answer, on one line.</param>
public sealed record ConsultationReply(string? Says, string? Diagnosis, string? Summary, string? Abstains)
{
    private const int MaximumSaid = 1000;
    private const int MaximumName = 200;
    private const int MaximumSummary = 6000;

    /// <summary>A doctor's reply: <c>{"ask":"..."}</c>, <c>{"diagnosis":"...","summary":"..."}</c> or <c>{"abstain":"..."}</c>; a lone question in prose will do.</summary>
    /// <param name="mustConclude">Whether a question is no longer allowed.</param>
    public static ParsedReply<ConsultationReply> Doctor(string text, bool mustConclude)
    {
        using var json = ReplyReader.FindObject(text, out var strict);
        if (json is null)
        {
            var prose = Prose(text);
            if (prose is not ([.., '?'] or [.., '？']) || prose.Length > MaximumSaid) return Unusable("no JSON object with \"ask\" or \"diagnosis\"");
            return mustConclude ? Unusable("another question although none are left") : new(ReplyQuality.Repaired, new(prose, null, null, null), "no JSON object");
        }

        var root = json.RootElement;
        if (Text(root, "abstain") is { } why) return Abstained(why, strict);
        if (Text(root, "diagnosis") is { } diagnosis)
        {
            if (Text(root, "summary") is not { } summary) return Unusable("a \"diagnosis\" without a \"summary\"");
            if (diagnosis.Length > MaximumName) return Unusable($"a \"diagnosis\" of more than {MaximumName} characters");
            if (summary.Length > MaximumSummary) return Unusable($"a \"summary\" of more than {MaximumSummary} characters");
            return new(strict ? ReplyQuality.Parsed : ReplyQuality.Repaired, new(null, diagnosis.TrimEnd('.', '。'), summary, null), strict ? null : "words around the JSON object");
        }

        if (Text(root, "ask") is not { } ask) return Unusable("neither \"ask\" nor \"diagnosis\"");
        if (mustConclude) return Unusable("another question although none are left");
        return Said(ask, strict);
    }

    /// <summary>A patient's reply: <c>{"say":"..."}</c>, <c>{"abstain":"..."}</c>, or plain words.</summary>
    public static ParsedReply<ConsultationReply> Patient(string text)
    {
        using var json = ReplyReader.FindObject(text, out var strict);
        if (json is not null)
            return Text(json.RootElement, "abstain") is { } why ? Abstained(why, strict) : Text(json.RootElement, "say") is { } say ? Said(say, strict) : Unusable("no \"say\"");
        var prose = Prose(text);
        return prose.Length is > 0 and <= MaximumSaid ? new(ReplyQuality.Repaired, new(prose, null, null, null), "no JSON object") : Unusable("no JSON object with \"say\"");
    }

    private static ParsedReply<ConsultationReply> Said(string says, bool strict) => says.Length > MaximumSaid
        ? Unusable($"more than {MaximumSaid} characters; one or two sentences are wanted")
        : new(strict ? ReplyQuality.Parsed : ReplyQuality.Repaired, new(says, null, null, null), strict ? null : "words around the JSON object");

    private static ParsedReply<ConsultationReply> Abstained(string why, bool strict) =>
        new(strict ? ReplyQuality.Parsed : ReplyQuality.Repaired, new(null, null, null, why.Length > MaximumSaid ? why[..MaximumSaid] : why), null);

    private static ParsedReply<ConsultationReply> Unusable(string problem) => new(ReplyQuality.Unusable, null, problem);

    /// <summary>Words without markup; empty where braces or tags show that something else was meant.</summary>
    private static string Prose(string text) => text.Length > 4 * MaximumSaid || text.AsSpan().ContainsAny('{', '<', '`') ? "" : DialogueText.OneLine(text);

    private static string? Text(JsonElement root, string name)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return DialogueText.OneLine(value.GetString()!) is { Length: > 0 } said ? said : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair
        }
    }
}
