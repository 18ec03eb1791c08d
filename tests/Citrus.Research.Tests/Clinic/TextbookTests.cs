using Citrus.Research.Clinic;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Clinic;

public sealed class TextbookTests
{
    [Fact]
    public void A_chart_passage_tells_the_whole_panel_the_drugs_and_the_test()
    {
        var flu = Textbook.Passages(World.Tiny, Register.Chart, 1).First(p => p.Id.EndsWith("flu", StringComparison.Ordinal)).Text;
        Assert.StartsWith("textbook ward flu shows ", flu, StringComparison.Ordinal);
        Assert.EndsWith(" . first a1 avoid allergy pregnancy second a2 . confirm t1 .", flu, StringComparison.Ordinal);
        foreach (var fact in new[] { "fever +", "cough +", "rash -", "shadow -" }) Assert.Contains($" {fact} ", flu, StringComparison.Ordinal);
    }

    [Fact]
    public void A_round_holds_every_disease_once_and_the_next_round_in_other_words()
    {
        var two = Textbook.Passages(World.Clinic, Register.Chart, 1).Take(2 * World.Clinic.Diseases.Count).ToList();
        var n = World.Clinic.Diseases.Count;
        Assert.Equal(n, two.Take(n).Select(p => p.Text.Split(' ')[2]).Distinct().Count());
        Assert.Equal(2 * n, two.Select(p => p.Text).Distinct().Count());
        Assert.Equal(2 * n, two.Select(p => p.Id).Distinct().Count());
        Assert.NotEqual(two[..n].Select(p => p.Text.Split(' ')[2]), two[n..].Select(p => p.Text.Split(' ')[2]));
        Assert.Equal(two.Select(p => p.Text), Textbook.Passages(World.Clinic, Register.Chart, 1).Take(2 * n).Select(p => p.Text));
    }

    [Fact]
    public void Every_word_of_a_chart_passage_is_in_the_vocabulary()
    {
        var words = ChartWords.Of(World.Clinic).ToHashSet();
        Assert.Equal(words.Count, ChartWords.Of(World.Clinic).Count);
        Assert.All(Textbook.Passages(World.Clinic, Register.Chart, 4).Take(60), p => Assert.All(p.Text.Split(' '), w => Assert.Contains(w, words)));
    }

    [Fact]
    public void Prose_tells_the_disease_its_findings_drugs_and_complications()
    {
        var round = Textbook.Passages(World.Tiny, Register.Vignette, 1).Take(12).ToList();
        var flu = round.Single(p => p.Id.EndsWith("-flu", StringComparison.Ordinal)).Text;
        foreach (var fact in new[] { "Influenza", "a cough", "Drug A1", "a known allergy to pills", "a current pregnancy", "Drug A2", "pneumonia" })
            Assert.Contains(fact, flu, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("test one", flu, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(round, p => p.Text.StartsWith("Drug D1 (pill) is the first choice in scabies", StringComparison.Ordinal));
        Assert.DoesNotContain(round, p => p.Text.Contains('{', StringComparison.Ordinal));
    }

    [Fact]
    public void Binding_drills_learn_nothing_but_the_label_that_stands_behind_the_name()
    {
        var words = ChartWords.Of(World.Clinic).ToHashSet();
        foreach (var e in BindingDrills.Generate(World.Clinic, 3, brief: 0.5).Take(400))
        {
            var user = e.Turns[0].Text.Split(' ');
            Assert.All(user, w => Assert.Contains(w, words));
            var learned = e.Turns[1].Segments.Where(s => s.Weight > 0).ToList();
            Assert.Equal(6, learned.Count);
            var answer = e.Turns[1].Text.Split(' ');
            for (var i = 0; i < answer.Length; i++)
            {
                if (answer[i] == "<answer>") Assert.Equal(answer[i + 1], user[Array.LastIndexOf(user, answer[i + 2]) - 1]);
            }
        }
    }

    [Fact]
    public void Walk_drills_follow_the_chart_count_the_minus_signs_and_hold_contexts_against_its_history()
    {
        foreach (var e in WalkDrills.Generate(World.Clinic, 5).Take(400))
        {
            var user = e.Turns[0].Text.Split(' ');
            var told = user.Where(World.Clinic.Findings.ContainsKey).ToList();
            var history = user[Array.IndexOf(user, "history") + 1];
            var text = e.Turns[1].Text;
            foreach (var walk in text.Split("consider ").Skip(1).Select(w => w.Split(" .")[0].Split(' ')))
            {
                Assert.Equal(told, walk.Where(World.Clinic.Findings.ContainsKey));
                Assert.Equal(walk.Count(w => w == "-").ToString(System.Globalization.CultureInfo.InvariantCulture), walk[^1]);
            }

            var avoid = text.Split(" avoid ")[1].Split(' ');
            var marks = avoid.Zip(avoid.Skip(1)).Where(p => World.Clinic.Contexts.ContainsKey(p.First)).ToList();
            Assert.All(marks, m => Assert.Equal(m.First == history ? "+" : "-", m.Second));
            Assert.Contains(marks.Any(m => m.Second == "+") ? " stop second " : " ok .", text, StringComparison.Ordinal);
        }
    }
}
