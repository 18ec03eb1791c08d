using Citrus.Research.Clinic;
using Citrus.Research.Examples;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Tests.Clinic;

public sealed class StageDataTests
{
    private static readonly Knowledge World = KnowledgeReader.Read(KnowledgeFolder.Default);

    public static TheoryData<string> Streams => ["general", "tasks", "facts", "complex"];

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_student_knows_every_word_and_the_same_seed_gives_the_same_stream(string stream)
    {
        var tokenizer = WordTokenizer.Of(ChartWords.Of(World));
        var made = Of(stream, 3).Take(2000).ToList();
        foreach (var example in made)
            foreach (var turn in example.Turns) Assert.DoesNotContain(tokenizer.UnknownId, tokenizer.Encode(turn.Text));
        Assert.Equal(made.Select(Text), Of(stream, 3).Take(2000).Select(Text));
        Assert.NotEqual(made.Select(Text), Of(stream, 4).Take(2000).Select(Text));
    }

    [Fact]
    public void Facts_are_what_the_knowledge_says()
    {
        var kinds = new HashSet<string>();
        foreach (var (asked, answer) in Of("facts", 1).Take(3000).Select(Parts))
        {
            switch (asked)
            {
                case ["consider", var disease, ":", var what, "?", ..]:
                    kinds.Add(what);
                    Assert.Equal(what switch { "confirm" => World.Diseases[disease].Confirm, "first" => World.Diseases[disease].FirstLine, _ => World.Diseases[disease].SecondLine }, answer[0]);
                    if (asked.Length > 5) Assert.Equal(answer[1], asked[Array.IndexOf(asked, answer[0]) + 1]);
                    break;
                case ["check", var drug, "avoid", var context, "?"]:
                    kinds.Add("avoid");
                    Assert.Equal(World.Drugs[drug].Avoid.Contains(context) ? "+" : "-", answer[0]);
                    break;
                case ["check", var disease, "shows", var finding, "?"]:
                    kinds.Add("shows");
                    Assert.Equal(World.Likelihood(World.Diseases[disease], finding) >= 0.5 ? "+" : "-", answer[0]);
                    break;
                default:
                    Assert.Fail(string.Join(' ', asked));
                    break;
            }
        }

        Assert.Equal(5, kinds.Count);
    }

    [Fact]
    public void Orders_give_the_drug_that_is_right_for_the_history_and_ask_no_pair_that_an_exam_holds_out()
    {
        var held = new HeldOutPairs(World);
        var (allowed, forbidden) = (0, 0);
        foreach (var (asked, answer) in Of("complex", 2).Take(4000).Select(Parts))
        {
            if (asked is not ["consider", var disease, "history", var context, ..]) continue;
            var confirms = asked.Contains("confirm");
            Assert.Equal(World.RightDrug(World.Diseases[disease], context == "none" ? [] : [context]), answer[confirms ? 1 : 0]);
            Assert.True(context == "none" || held.Allowed(ExamSplit.Train, disease, context));
            if (answer[confirms ? 1 : 0] == World.Diseases[disease].FirstLine) allowed++;
            else forbidden++;
        }

        Assert.InRange(forbidden / (double)(allowed + forbidden), 0.2, 0.6);
    }

    [Fact]
    public void Tasks_are_solved_rightly()
    {
        foreach (var (asked, answer) in Of("tasks", 5).Take(3000).Select(Parts))
        {
            string[] List() => asked[(Array.IndexOf(asked, ":") + 1)..^1];
            switch (asked)
            {
                case ["give", "first", ":", ..]: Assert.Equal([List()[0]], answer); break;
                case ["give", "second", ":", ..]: Assert.Equal([List()[1]], answer); break;
                case ["looks", "like", ":", ..]: Assert.Equal(List(), answer); break;
                case ["check", var word, ":", ..]: Assert.Equal([List().Contains(word) ? "ok" : "wrong"], answer); break;
                case ["consider", var word, ":", ..]: Assert.Equal([$"{List()[..^1].Count(w => w == word)}"], answer); break;
                case ["give", var a, var sign, var b, "=", "?"]: Assert.Equal([$"{(sign == "+" ? int.Parse(a) + int.Parse(b) : int.Parse(a) - int.Parse(b))}"], answer); break;
                default: Assert.Fail(string.Join(' ', asked)); break;
            }
        }
    }

    private static IEnumerable<Example> Of(string stream, long seed) => stream switch
    {
        "general" => StageData.General(World, seed),
        "tasks" => StageData.Tasks(World, seed),
        "facts" => StageData.Facts(World, seed),
        _ => StageData.Complex(World, seed),
    };

    private static string Text(Example example) => string.Join('|', example.Turns.Select(t => t.Text));

    private static (string[] Asked, string[] Answer) Parts(Example example)
    {
        var answer = example.Turns[1].Text.Split(' ');
        return (example.Turns[0].Text.Split(' '), answer[(Array.IndexOf(answer, "<answer>") + 1)..Array.IndexOf(answer, "</answer>")]);
    }
}
