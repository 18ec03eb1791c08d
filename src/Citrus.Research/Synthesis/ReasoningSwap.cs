using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>
/// The control "reasoning of another case": every question keeps its right answer but gets the thought of another question of the same
/// kind and (nearly) the same length. Within a kind the thoughts are permuted, so their lengths are distributed exactly as before.
/// </summary>
public static class ReasoningSwap
{
    /// <param name="seed">Decides between thoughts of equal length.</param>
    /// <returns>One example per item, in the items' order, source <c>control:ReasoningSwap</c>.</returns>
    /// <exception cref="ArgumentException">A kind has only one question: it has no other to take a thought from.</exception>
    public static IReadOnlyList<Example> Of(IReadOnlyList<SynthesisItem> items, long seed)
    {
        var thoughts = new Narrative[items.Count];
        foreach (var kind in items.Select((Item, Index) => (Item, Index)).GroupBy(x => (x.Item.Question.Kind, x.Item.Narrative.Register)).OrderBy(g => g.Key.Kind, StringComparer.Ordinal))
        {
            var members = kind.ToList();
            if (members.Count < 2) throw new ArgumentException($"Only one question of kind '{kind.Key.Kind}': nothing to swap its reasoning with.", nameof(items));
            SeededRandom.For(seed, "swap", kind.Key.Kind, kind.Key.Register).Shuffle(members);
            // Stable by length, so that chance decides among equals; then each takes its neighbour's thought.
            members = [.. members.OrderBy(m => m.Item.Narrative.ThinkWords)];
            for (var i = 0; i < members.Count; i++)
            {
                var from = members[Partner(i, members.Count)].Item.Narrative;
                thoughts[members[i].Index] = members[i].Item.Narrative with { Think = from.Think };
            }
        }

        return [.. items.Select((item, i) => ExampleWriter.Write(item.Question, thoughts[i], "control:ReasoningSwap"))];
    }

    // Neighbours change places two by two; an odd last three go round.
    private static int Partner(int i, int count) =>
        count % 2 == 1 && i >= count - 3 ? i == count - 1 ? count - 3 : i + 1 : i % 2 == 0 ? i + 1 : i - 1;
}
