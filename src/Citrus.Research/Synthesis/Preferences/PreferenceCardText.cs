using System.Globalization;
using System.Text;

namespace Citrus.Research.Synthesis;

/// <summary>The card for people: card.md.</summary>
public static class PreferenceCardText
{
    /// <param name="file">Name of the question file.</param>
    /// <param name="questionsHash">SHA-256 (hex) of the question file.</param>
    /// <param name="pairsHash">SHA-256 (hex) of pairs.jsonl.</param>
    public static string Of(PreferenceCard card, string file, string questionsHash, string pairsHash)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        void Counts(string title, IReadOnlyDictionary<string, int> counts)
        {
            if (counts.Count == 0) return;
            Line($"\n| {title} | n |\n|---|---:|");
            foreach (var (reason, n) in counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)) Line($"| {reason} | {n:N0} |");
        }

        Line($"# Preference pairs\n");
        Line($"{card.Pairs:N0} pairs from {card.Questions.Values.Sum():N0} questions of {file} (sha256 {questionsHash}).\nFile: pairs.jsonl (sha256 {pairsHash}), which `citrus train --stage preference` and TRL's DPO trainers read.\n");
        Line($"Sampler `{card.Sampler}`{(card.Temperature is { } t ? string.Create(CultureInfo.InvariantCulture, $" at temperature {t}") : "")}, judge `{card.Judge}`, option matcher `{card.Matcher}`.");
        Line($"The best sample of a question (score {card.MinimumScore} or more) against up to {card.Worst} of the worst below; thoughts in prose have at least {card.MinimumThought} characters.");
        Line($"A pair holds where the pairwise judge prefers the chosen one in both orders, the scores agree, and the options do not say otherwise.");
        Counts("questions", card.Questions);

        Line($"\n## Samples\n");
        Line($"{card.SamplesAsked:N0} asked for = {card.SamplesKept:N0} kept + {card.SamplesRejected.Values.Sum():N0} rejected + {card.SamplesFailed:N0} failed. Right, of known option: {card.Right}. Mean score: {card.MeanScore?.ToString("F1", CultureInfo.InvariantCulture) ?? "none"}.");
        Counts("rejected samples", card.SamplesRejected);
        Counts("option found by", card.Options);

        Line($"\n## Pairs\n");
        Line($"{card.Candidates:N0} candidates = {card.Pairs:N0} that hold + {card.CandidatesRejected.Values.Sum():N0} that do not.");
        Counts("candidates that do not hold", card.CandidatesRejected);

        var position = card.Position;
        Line($"\n## Position bias of the pairwise judge\n");
        Line($"{position.Pairs:N0} pairs judged in both orders, {position.Ties:N0} with a tie. Shares with Wilson's 95% interval.\n");
        Line($"- order decides: {position.OrderDecides}\n- toward the first place: {position.TowardFirst}\n- toward the second place: {position.TowardSecond}\n- first place preferred, over single verdicts (a half without bias): {position.FirstPreferred}");

        var agreement = card.Agreement;
        Line($"\n## Agreement of the judges\n");
        Line($"- pairwise with scores, pairs of one mind: {agreement.PairwiseWithScores}\n- score at or above {card.MinimumScore} with right option: {agreement.ScoresWithTruth}");
        Line($"- Cohen's kappa of the same: {agreement.Kappa?.ToString("F3", CultureInfo.InvariantCulture) ?? "does not exist"}\n");
        Line($"| | right | wrong |\n|---|---:|---:|\n| score {card.MinimumScore} or more | {agreement.GoodAndRight:N0} | {agreement.GoodAndWrong:N0} |\n| below | {agreement.BadAndRight:N0} | {agreement.BadAndWrong:N0} |");

        Line($"\n## Cost\n");
        Line($"{card.Usage.Calls:N0} calls, {Known(card.Usage.TokensIn)} tokens in, {Known(card.Usage.TokensOut)} out, {(card.Usage.Cost is { } cost ? cost.ToString("F4", CultureInfo.InvariantCulture) + " USD" : "cost unknown")}.");
        Counts("calls that gave nothing (problems.jsonl)", card.Problems);
        return text.ToString();
    }

    private static string Known(long? tokens) => tokens?.ToString("N0", CultureInfo.InvariantCulture) ?? "unknown";
}
