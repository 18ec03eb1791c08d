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
    public void Drills_end_their_junk_with_the_name_and_weigh_only_the_answer()
    {
        var seen = new HashSet<string>();
        var words = ChartWords.Of(World.Clinic).ToHashSet();
        foreach (var e in Drills.Generate(World.Clinic, 3).Take(400))
        {
            var user = e.Turns[0].Text.Split(' ');
            var (junk, answer) = (e.Turns[1].Segments[0], e.Turns[1].Segments[1]);
            Assert.Equal((0, 1), (junk.Weight, answer.Weight));
            var parts = answer.Text.Split(' ');
            var (name, label) = (parts[1], parts[2]);
            Assert.Equal($"<answer> {name} {label} </answer>", answer.Text);
            Assert.EndsWith($" {name} . </think> ", junk.Text, StringComparison.Ordinal);
            Assert.StartsWith("<think> ", junk.Text, StringComparison.Ordinal);
            Assert.Equal(name, user[Array.LastIndexOf(user, label) + 1]);
            Assert.All(user, w => Assert.Contains(w, words));
            seen.Add(label);
        }

        Assert.Equal(4, seen.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => Drills.Generate(World.Clinic, 1, options: 1));
    }
}
