using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>A question with its options in another order, and the way back. An order is the original labels in the order shown, e.g. <c>BDAC</c>.</summary>
public static class OptionOrder
{
    /// <summary>Marks a prediction of somebody else that was made on other options than the question has: its letters mean something else.</summary>
    public const string Other = "options=other";

    private const string Mark = "order=";

    /// <summary>The original order.</summary>
    public static string Original(Question question) => string.Concat(question.Options.Select(o => o.Label));

    /// <summary>How a sample of this order is marked.</summary>
    public static string Variant(string order) => Mark + order;

    /// <summary>The order that a sample was asked in; null where the options stood as they are.</summary>
    /// <exception cref="FormatException">The variant names an order that is not one of the question's options.</exception>
    public static string? Of(string variant, Question question)
    {
        if (variant == Other) throw new FormatException("The prediction was made on other options than the question has.");
        if (!variant.StartsWith(Mark, StringComparison.Ordinal)) return null;
        var order = variant[Mark.Length..];
        return order.Length == question.Options.Count && order.Order().SequenceEqual(Original(question).Order())
            ? order
            : throw new FormatException($"{order} is no order of the options {Original(question)}.");
    }

    /// <summary>Different orders of a question's options, the original first; as many as there are where fewer exist than are asked for.</summary>
    public static IReadOnlyList<string> Draw(Question question, int count, long seed)
    {
        var (original, possible) = (Original(question), 1L);
        for (var i = 2; i <= original.Length && possible < count; i++) possible *= i;
        var random = SeededRandom.For(seed, "order", question.Id);
        var orders = new List<string> { original };
        while (orders.Count < Math.Min(count, possible))
        {
            var labels = original.ToCharArray();
            random.Shuffle(labels);
            if (new string(labels) is var order && !orders.Contains(order)) orders.Add(order);
        }

        return orders;
    }

    /// <summary>The question as it is shown: the labels stay in place, the texts move. The truth moves along.</summary>
    public static Question Apply(Question question, string order)
    {
        var labels = question.Options.Select(o => o.Label).ToList();
        return question with
        {
            Options = [.. labels.Select((label, i) => new Option(label, question.OptionText(order[i].ToString())))],
            Answers = [.. question.Answers.Select(a => labels[order.IndexOf(a, StringComparison.Ordinal)]).Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>The original label of one that was shown.</summary>
    public static string Undo(Question question, string order, string shown) => order[IndexOf(question, shown)].ToString();

    /// <summary>Scores in the order shown, brought back into the question's own.</summary>
    public static IReadOnlyList<double> Undo(Question question, string order, IReadOnlyList<double> shown) =>
        [.. question.Options.Select(o => shown[order.IndexOf(o.Label, StringComparison.Ordinal)])];

    private static int IndexOf(Question question, string label) =>
        question.Options.TakeWhile(o => o.Label != label).Count() is var i && i < question.Options.Count ? i : throw new ArgumentException($"Question {question.Id} has no option {label}.");
}
