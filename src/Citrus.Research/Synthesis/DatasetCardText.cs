using System.Globalization;
using System.Text;

namespace Citrus.Research.Synthesis;

/// <summary>The card for people, in Markdown.</summary>
public static class DatasetCardText
{
    public static string Of(DatasetCard card)
    {
        var text = new StringBuilder();
        void Line(string line = "") => text.Append(line).Append('\n');
        void Table(string title, string first, string second, IEnumerable<(string, string)> rows)
        {
            var all = rows.ToList();
            if (all.Count == 0) return;
            Line();
            Line("## " + title);
            Line();
            Line($"| {first} | {second} |");
            Line("|---|---|");
            foreach (var (a, b) in all) Line($"| {Cell(a)} | {Cell(b)} |");
        }

        Line($"# {N(card.Kept)} examples of expert reasoning, pathway {card.Pathway}");
        Line();
        Line("Synthetic: written by the experts named below, kept where the answer is right. For research; not for clinical use.");
        Line();
        Line($"- Questions: {N(card.Questions.Asked)}{(card.Questions.File.Length > 0 ? $" from {card.Questions.File}" : "")}{(card.Questions.Skipped > 0 ? $"; {N(card.Questions.Skipped)} lines could not be read and were left out" : "")}");
        Line($"- Licence: {card.Licence ?? "not stated; settle it before the data set is handed on"}");
        Line($"- Cost: {(card.Cost is { } cost ? Usd(cost) : "unknown" + Part(card))}");
        Line($"- Words of the answers: {N(card.Words)}, of them learned {N(card.LearnedWords)}; examples with an error that was caught: {N(card.WithCaughtError)}");
        if (card.Length is { } l) Line(string.Create(CultureInfo.InvariantCulture, $"- Length of the thoughts (words; characters in Chinese): {l.Least} to {l.Most}, median {l.Median}, mean {l.Mean}, middle four fifths {l.P10} to {l.P90}"));
        if (card.Faithfulness is { } f) Line(string.Create(CultureInfo.InvariantCulture, $"- Faithfulness: {100 * f.Fraction:0.0}% of {N(f.Claims)} checked claims hold"));
        if (card.Labels is { } labels)
        {
            Line($"- Open-ended stems: {N(labels.Given)} came with the question, {N(labels.Written)} were written, {N(labels.Failed)} failed the check");
            if (labels.Samples > 0) Line(string.Create(CultureInfo.InvariantCulture, $"- Right of {labels.Samples} samples each: weak answerer {labels.WeakRate}, strong answerer {labels.StrongRate}"));
        }

        Table("Experts", "role", "spec", card.Experts.Select(e => (e.Key, e.Value)));
        Table("Calls", "stage", "what they took", card.Use.Where(u => u.Value.Calls > 0).Select(u => (u.Key, Use(u.Value))));
        Table("Left out", "stage and reason", "questions", card.Rejected.SelectMany(s => s.Value.OrderByDescending(r => r.Value).Select(r => ($"{s.Key}: {r.Key}", N(r.Value)))));
        Table("Calls without a reply", "fault", "questions", card.Faults.Select(x => (x.Key.ToString(), N(x.Value))));
        Table("Difficulty", "label", "examples", card.Difficulty.Select(x => (x.Key, N(x.Value))));
        Table("Answers", "label", "examples", card.AnswerLabels.Select(x => (x.Key, N(x.Value))));
        Table("Languages", "language", "examples", card.Languages.Select(x => (x.Key, N(x.Value))));
        Table("Checked against", "test file", "sha256", card.Filters.Against.Select(x => (x.Key, x.Value)));
        Table("Prompts", "prompt", "sha256", card.Prompts.Select(x => (x.Key, x.Value)));
        Table("Files", "file", "sha256", card.Files.Select(x => (x.Key, x.Value)));
        return text.ToString();
    }

    private static string Use(ExpertUse use) =>
        $"{N(use.Calls)} calls; {N(use.TokensIn)} tokens in, {N(use.TokensOut)} out{(use.UnknownTokens > 0 ? $" ({N(use.UnknownTokens)} calls told none)" : "")}; "
        + (use.WholeCost is { } cost ? Usd(cost) : use.UnknownCost == use.Calls ? "cost unknown" : $"{Usd(use.Cost)} and {N(use.UnknownCost)} calls of unknown cost");

    private static string Part(DatasetCard card)
    {
        var all = card.Use.Values.Aggregate(ExpertUse.None, (a, b) => a + b);
        return all.UnknownCost == all.Calls ? "" : $" for {N(all.UnknownCost)} of {N(all.Calls)} calls; {Usd(all.Cost)} for the others";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ');

    private static string Usd(double cost) => cost.ToString("0.######", CultureInfo.InvariantCulture) + " US dollars";

    private static string N(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
