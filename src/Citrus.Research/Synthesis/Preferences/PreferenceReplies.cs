using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>Reads the replies of option matcher, pointwise judge and pairwise judge tolerantly; what cannot be read is not guessed.</summary>
internal static partial class PreferenceReplies
{
    /// <summary>Longest reason that is kept, in characters.</summary>
    private const int MaximumReason = 2000;

    /// <summary>A label. Its <see cref="Match.Label"/> is null where the answer means none of the options.</summary>
    public sealed record Match(string? Label);

    /// <summary>A score, 0-100, and why.</summary>
    public sealed record Mark(double Score, string Reason);

    /// <summary>The better one by place: 1, 2, or 0 for a tie; and why.</summary>
    public sealed record Comparison(int Better, string Reason);

    /// <summary>A matcher's reply: <c>{"option":"B"}</c>, <c>{"option":""}</c> for none.</summary>
    public static ParsedReply<Match> Option(string text, Question question)
    {
        using var json = ReplyReader.FindObject(text, out var strict);
        string? said;
        if (json is null) said = text.Trim().Length is > 0 and <= 200 ? text.Trim() : null;
        else if (!json.RootElement.TryGetProperty("option", out var value)) said = null;
        else said = value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Null => "", _ => null };
        if (said is null) return Unusable<Match>("no JSON object with an \"option\"");
        if (json is not null && said.Trim() is "" or "none" or "None") return new(strict ? ReplyQuality.Parsed : ReplyQuality.Repaired, new(null), null);
        return ReplyReader.Option(said, question, out var exact) is { } label
            ? new(strict && exact && json is not null ? ReplyQuality.Parsed : ReplyQuality.Repaired, new(label), null)
            : Unusable<Match>($"the option names none of {string.Join(", ", question.Options.Select(o => o.Label))}; it may be empty");
    }

    /// <summary>A pointwise judge's reply: <c>{"score":85,"reason":"..."}</c>.</summary>
    public static ParsedReply<Mark> Score(string text)
    {
        using var json = ReplyReader.FindObject(text, out var strict);
        double? score = null;
        var tidy = strict;
        if (json is null)
        {
            tidy = false;
            if (ScoreInProse().Match(text) is { Success: true } said) score = Number(said.Groups[1].Value);
        }
        else if (json.RootElement.TryGetProperty("score", out var value))
        {
            if (value.ValueKind == JsonValueKind.Number) score = value.TryGetDouble(out var number) ? number : null;
            else if (value.ValueKind == JsonValueKind.String) (score, tidy) = (Number(OutOfHundred().Replace(value.GetString()!, "")), false);
        }

        if (score is null) return Unusable<Mark>("no JSON object with a \"score\" from 0 to 100");
        if (score is not (>= 0 and <= 100)) return Unusable<Mark>(FormattableString.Invariant($"the score {score} does not lie between 0 and 100"));
        return new(tidy ? ReplyQuality.Parsed : ReplyQuality.Repaired, new(score.Value, Reason(json)), null);
    }

    /// <summary>A pairwise judge's reply: <c>{"better":1,"reason":"..."}</c>.</summary>
    public static ParsedReply<Comparison> Better(string text)
    {
        using var json = ReplyReader.FindObject(text, out var strict);
        int? better = null;
        var tidy = strict;
        if (json is null)
        {
            tidy = false;
            if (BetterInProse().Match(text) is { Success: true } said) better = Place(said.Groups[1].Value);
        }
        else if (json.RootElement.TryGetProperty("better", out var value))
        {
            if (value.ValueKind == JsonValueKind.Number) better = value.TryGetDouble(out var number) ? number switch { 0 => 0, 1 => 1, 2 => 2, _ => null } : null;
            else if (value.ValueKind == JsonValueKind.String) (better, tidy) = (Place(value.GetString()!), false);
        }

        return better is null ? Unusable<Comparison>("no JSON object with a \"better\" of 1, 2 or 0") : new(tidy ? ReplyQuality.Parsed : ReplyQuality.Repaired, new(better.Value, Reason(json)), null);
    }

    private static int? Place(string text) => text.Trim().ToLowerInvariant() switch
    {
        "1" or "first" or "the first" => 1,
        "2" or "second" or "the second" => 2,
        "0" or "tie" or "neither" or "equal" => 0,
        _ => null,
    };

    private static double? Number(string text) => double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var x) ? x : null;

    private static string Reason(JsonDocument? json) =>
        json is not null && json.RootElement.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.String
            ? reason.GetString()!.Trim() is var said && said.Length > MaximumReason ? said[..MaximumReason] : said
            : "";

    private static ParsedReply<T> Unusable<T>(string problem)
        where T : class => new(ReplyQuality.Unusable, null, problem);

    [GeneratedRegex(@"\bscore\W{1,6}(\d{1,3}(?:\.\d{1,4})?)(?![\d.]*\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ScoreInProse();

    [GeneratedRegex(@"\s*/\s*100\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex OutOfHundred();

    [GeneratedRegex(@"\bbetter\W{1,6}(0|1|2|first|second|tie|neither)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BetterInProse();
}
