using Citrus.Research.Evaluation;
using Citrus.Research.Figures;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Studies;
using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Tests.Figures;

/// <summary>How the library's own results show in a notebook: HTML, and the same in a host that has text only.</summary>
[Collection("environment")]
public sealed class ViewTests
{
    private const string Hostile = "<script>alert('x')</script><img src=x onerror=alert(1)>";

    public ViewTests() => FigureFormatters.Register();

    [Fact]
    public void A_trace_shows_its_steps_with_their_verdicts()
    {
        var text = SomeTrace().ToDisplayString("text/plain");
        Assert.Equal("""
            Dual expert on q1: answer B (malaria); 3 calls, 1 proposal rejected
              hypothesis (rejected): a cold
                 reflection: too well for that
              conclusion (accepted): malaria it is  [answer B]
                 reflection: ok
              sufficiency-judge (verdict): enough

            """.ReplaceLineEndings("\n"), text);
        var html = SomeTrace().ToDisplayString("text/html");
        Assert.Contains("<b>hypothesis</b>", html);
        Assert.Contains("rejected", html);
        Assert.Contains("<b>[answer B]</b>", html);
    }

    [Fact]
    public void A_search_shows_as_a_tree()
    {
        var trace = SomeTrace() with
        {
            Pathway = PathwayNames.TreeSearch,
            Steps = [Node(1, 0, "root", true), Node(2, 0, "other", false), Node(3, 1, "below root", true)],
        };
        var lines = trace.ToDisplayString("text/plain").Split('\n');
        Assert.Equal(["  hypothesis (accepted, score 70): root", "     hypothesis (accepted, score 70): below root", "  hypothesis (not followed, score 70): other"], lines.Skip(1).Take(3));
        Assert.DoesNotContain("70 70", (trace with { Steps = [.. trace.Steps, new Step { Role = "reflection-expert", Kind = StepKind.Reflection, Text = "70 70" }] }).ToDisplayString("text/plain"));
        Assert.Contains("margin:0 0 6px 22px", trace.ToDisplayString("text/html"));
    }

    [Fact]
    public void What_an_expert_wrote_stays_text()
    {
        var trace = SomeTrace() with { Question = Hostile, Unusable = Hostile, AnswerLabel = null, Steps = [new Step { Role = Hostile, Kind = StepKind.Reflection, Text = Hostile, Feedback = Hostile, Answer = Hostile }] };
        var question = Some() with { Id = Hostile, Stem = Hostile, Kind = Hostile, Options = [new Option("A", Hostile), new Option("B", Hostile)] };
        foreach (var html in new[] { trace.ToDisplayString("text/html"), question.ToDisplayString("text/html"), OneScore(Hostile).ToDisplayString("text/html") })
        {
            Assert.DoesNotContain("<script", html);
            Assert.DoesNotContain("<img", html);
            Assert.Contains("&lt;script&gt;", html);
        }
    }

    [Fact]
    public void A_trace_of_thousands_of_long_steps_shows_its_beginning_and_says_so()
    {
        var endless = SomeTrace() with { Steps = [.. Enumerable.Range(1, 5000).Select(i => Node(i, i - 1, new string('x', 10_000), true))] };
        var html = endless.ToDisplayString("text/html");
        Assert.InRange(html.Length, 10_000, 2_000_000);
        Assert.Contains("4700 more steps are not shown", html);
        Assert.Contains("7000 more characters", html);
    }

    [Fact]
    public void A_score_is_a_row_with_n_and_interval()
    {
        var html = OneScore("asked").ToDisplayString("text/html");
        Assert.Contains("<th>95% interval</th>", html);
        // Wilson's interval of 1 of 2, by hand: 0.5 -+ 1.96 sqrt(1/8 + 1.96^2/16) / (1 + 1.96^2/2)
        Assert.Contains("<td>all</td><td>2</td><td>1</td><td>0.500</td><td>0.095&#160;to&#160;0.905</td>", html);
        var text = OneScore("asked").ToDisplayString("text/plain");
        Assert.StartsWith("asked v1\nquestions", text);
        Assert.Contains("kind test", text);
        Assert.Equal("1 of 2: 0.500 (0.095 to 0.905)", new Rate(1, 2).ToDisplayString("text/plain"));
    }

    [Fact]
    public void A_study_shows_its_size_and_a_row_a_student_with_n_and_interval()
    {
        var study = new StudyResult(StudyScales.Plan(StudyScales.Pathways, "smoke"), [SomeStudyRow("Direct", 1), SomeStudyRow("DualExpert", 1), SomeStudyRow("Direct", 1) with { Group = "treatment" }], []);
        var text = study.ToDisplayString("text/plain");
        Assert.StartsWith("Study pathways at scale smoke: 2 students, 1 seed, 60 questions each of clinic's test split. Budget: EqualExamples. Stage: WithTextbook. Size: 0.1M.\narm ", text);
        Assert.Contains("0.500            0.400 to 0.600", text);
        Assert.DoesNotContain("treatment", text);
        Assert.Contains("<td>DualExpert</td>", study.ToDisplayString("text/html"));
        Assert.Equal(["text/html"], Formatter.GetPreferredMimeTypesFor(typeof(StudyResult)));
    }

    [Fact]
    public void A_question_shows_its_options_with_the_right_one_marked()
    {
        var question = Some();
        Assert.Equal("q1 clinic, dev, test\nWhich?\n  A. one\n* B. two\n* right\n", question.ToDisplayString("text/plain"));
        Assert.Contains("<b>B. two</b> (right)", question.ToDisplayString("text/html"));
    }

    private static Trace SomeTrace() => new()
    {
        Question = "q1",
        Pathway = PathwayNames.DualExpert,
        Register = Register.Vignette,
        AnswerLabel = "B",
        AnswerText = "malaria",
        Calls = 3,
        Steps =
        [
            new Step { Role = "reasoning", Kind = StepKind.Hypothesis, Text = "a cold", Accepted = false, Feedback = "too well\nfor that" },
            new Step { Role = "reflection-expert", Kind = StepKind.Reflection, Text = "0" },
            new Step { Role = "reasoning", Kind = StepKind.Conclusion, Text = "malaria it is", Feedback = "ok", Answer = "B" },
            new Step { Role = "reflection-expert", Kind = StepKind.Reflection, Text = "1" },
            new Step { Role = "sufficiency-judge", Kind = StepKind.Reflection, Text = "enough" },
        ],
    };

    private static Step Node(int node, int parent, string text, bool accepted) =>
        new() { Role = "reasoning", Kind = StepKind.Hypothesis, Text = text, Node = node, Parent = parent, Score = 70, Accepted = accepted };

    private static Question Some() => new()
    {
        Id = "q1",
        Stem = "Which?",
        Options = [new Option("A", "one"), new Option("B", "two")],
        Answers = ["B"],
        Benchmark = "clinic",
        Split = "dev",
        Kind = "test",
    };

    private static Score OneScore(string protocol)
    {
        Question[] questions = [Some(), Some() with { Id = "q2" }];
        return Score.Of(questions, [Prediction.Of(questions[0], "<answer>B</answer>"), Prediction.Of(questions[1], "<answer>A</answer>")], new Protocol(protocol, "1"));
    }

    private static StudyRow SomeStudyRow(string arm, int seed) => new(
        "pathways", "smoke", "clinic", "test", "EqualExamples", "WithTextbook", arm, "0.1M", seed, "overall", 60,
        0.5, 0.4, 0.6, 0.55, 0.45, 0.65, 0.3, 0.2, 0.4, 1, 0.97, 0.25, 100_000, 50_000, 800, 40_000, 12, null, null, null, null, null);
}
