using Citrus.Research.Figures;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Figures;

/// <summary>The report as a reader has it, in a headless Chromium; skipped where there is none.</summary>
public sealed class ReportInBrowserTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static IReadOnlyList<Question> Questions(int count) => [.. Enumerable.Range(0, count).Select(i => SomeRun.Question(i, kind: i % 2 == 0 ? "diagnosis" : "treatment", benchmark: i % 5 == 0 ? "other" : "exam"))];

    private async Task<Tab> OpenAsync(IReadOnlyList<ReportRun> runs, IReadOnlyList<Trace>? traces = null, int width = 1280, bool dark = false)
    {
        ReportPage.Of(runs, traces).Save(_folder["report.html"]);
        return await browser.OpenAsync(_folder["report.html"], width, dark: dark);
    }

    [Fact]
    public async Task Ten_thousand_samples_are_filtered_and_searched_with_few_rows_in_the_document()
    {
        var questions = Questions(5000);
        var tab = await OpenAsync([
            SomeRun.Of("base", questions, (_, i) => i % 4 == 0 ? "B" : i % 10 == 1 ? null : "A"),
            SomeRun.Of("dual", questions, (_, i) => i % 8 == 0 ? "B" : "A") with { Samples = [.. questions.Select((q, i) => SomeRun.Sample(q, i % 8 == 0 ? "B" : "A", i % 1000 == 7 ? "The Koplik spots decide.\n<answer>A</answer>" : null))] },
        ]);
        Assert.Equal("5,000 of 5,000 questions", await tab.TextAsync("#count"));
        Assert.InRange(await tab.CountAsync(".row"), 5, 40);

        // The middle and the end of the list, too, are a few rows.
        await tab.ValueAsync("document.getElementById('list').scrollTop = 145000");
        await tab.SettleAsync();
        Assert.InRange(await tab.CountAsync(".row"), 5, 40);
        Assert.Equal("2,501", await tab.TextAsync("#row-2500 .place"));
        await tab.PressAsync("G");
        Assert.Equal("q4999", await tab.TextAsync("#detail h2 .id"));

        await tab.SelectAsync("outcome", "wrong");
        Assert.Equal("1,250 of 5,000 questions", await tab.TextAsync("#count"));
        await tab.SelectAsync("run", "1");
        Assert.Equal("625 of 5,000 questions", await tab.TextAsync("#count"));
        await tab.SelectAsync("run", "0");
        await tab.SelectAsync("outcome", "none");
        Assert.Equal("500 of 5,000 questions", await tab.TextAsync("#count"));
        await tab.SelectAsync("outcome", "");
        await tab.SelectAsync("run", "");
        await tab.SelectAsync("between", "mixed"); // base wrong where 4 divides and 8 does not, or without an answer
        Assert.Equal("1,125 of 5,000 questions", await tab.TextAsync("#count"));
        await tab.SelectAsync("benchmark", "1");
        await tab.SelectAsync("kind", "0");
        var left = questions.Where((q, i) => ((i % 4 == 0 && i % 8 != 0) || i % 10 == 1) && q.Benchmark == "other" && q.Kind == "diagnosis").Count();
        Assert.Equal($"{left} of 5,000 questions", await tab.TextAsync("#count"));
        await tab.ClickAsync("#reset");
        Assert.Equal("5,000 of 5,000 questions", await tab.TextAsync("#count"));

        await tab.PressAsync("/");
        await tab.TypeAsync("koplik SPOTS");
        await tab.UntilAsync("document.getElementById('count').textContent === '5 of 5,000 questions'");
        await tab.PressAsync("Enter");
        Assert.Equal("q7", await tab.TextAsync("#detail h2 .id"));
        Assert.Equal(["Koplik", "spots"], (await tab.ValueAsync("[...document.querySelectorAll('#detail mark')].map(m => m.textContent)"))!.AsArray().Select(m => (string)m!));
        Assert.Empty(tab.Errors);
        Assert.Single(tab.Requests);
    }

    [Fact]
    public async Task One_question_shows_options_output_thinking_messages_and_numbers_of_both_runs()
    {
        var questions = Questions(3);
        var tab = await OpenAsync([SomeRun.Of("base", questions, (_, _) => "B"), SomeRun.Of("dual", questions, (_, i) => i == 1 ? null : "A")]);
        await tab.ClickAsync("#row-0");
        Assert.Contains("Patient 0 has a fever", await tab.TextAsync("#detail .stem"), StringComparison.Ordinal);
        Assert.Contains("right answer", await tab.TextAsync(".right-option"), StringComparison.Ordinal);
        Assert.Contains("dual", await tab.TextAsync(".right-option .marks"), StringComparison.Ordinal);
        Assert.Contains("base", await tab.TextAsync(".wrong-option .marks"), StringComparison.Ordinal);
        Assert.Equal(2, await tab.CountAsync(".column"));
        var column = await tab.TextAsync(".column[data-run='0']");
        foreach (var said in (string[])["wrong · B", "answer tag", "40 in, 12 out", "1.5 s", "<answer>B. it</answer>", "Messages sent (1)"]) Assert.Contains(said, column, StringComparison.Ordinal);

        // Folded parts are made when they are opened.
        Assert.DoesNotContain("Because of the rash", column, StringComparison.Ordinal);
        await tab.ClickAsync(".column[data-run='0'] .thinking summary");
        Assert.Contains("Because of the rash", await tab.TextAsync(".column[data-run='0'] .thinking"), StringComparison.Ordinal);

        await tab.ClickAsync("#row-1");
        Assert.Contains("no answer", await tab.TextAsync(".column[data-run='1']"), StringComparison.Ordinal);
        await tab.ClickAsync(".pick");
        Assert.Equal(1, await tab.CountAsync(".column"));
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task The_keyboard_alone_reaches_everything()
    {
        var questions = Questions(30);
        var tab = await OpenAsync([SomeRun.Of("base", questions, (_, i) => i == 9 ? "B" : "A")]);
        async Task<string?> Focus() => (string?)await tab.ValueAsync("document.activeElement.id");
        Assert.Equal("list", await Focus());
        await tab.PressAsync("j");
        await tab.PressAsync("j");
        await tab.PressAsync("ArrowDown");
        await tab.PressAsync("k");
        Assert.Equal("q1", await tab.TextAsync("#detail h2 .id"));
        Assert.Equal("row-1", (string?)await tab.ValueAsync("document.getElementById('list').getAttribute('aria-activedescendant')"));
        Assert.Equal("true", (string?)await tab.ValueAsync("document.getElementById('row-1').getAttribute('aria-selected')"));
        await tab.PressAsync("n");
        Assert.Equal("q9", await tab.TextAsync("#detail h2 .id"));
        await tab.PressAsync("Enter");
        await tab.UntilAsync("document.activeElement.id === 'detail'");
        await tab.PressAsync("Escape");
        Assert.Equal("list", await Focus());
        await tab.PressAsync("/");
        Assert.Equal("search", await Focus());
        await tab.TypeAsync("\"Patient 12 \"");
        await tab.UntilAsync("document.getElementById('count').textContent.startsWith('1 of')");
        await tab.PressAsync("Escape");
        await tab.UntilAsync("document.getElementById('count').textContent.startsWith('30 of')");
        await tab.PressAsync("Escape");
        Assert.Equal("list", await Focus());
        await tab.PressAsync("?");
        Assert.True((bool)(await tab.ValueAsync("document.getElementById('help').open"))!);
        await tab.PressAsync("Escape");
        await tab.UntilAsync("!document.getElementById('help').open");
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task Light_and_dark_follow_the_system_until_the_reader_says_otherwise()
    {
        var tab = await OpenAsync([SomeRun.Of("base", Questions(3), (_, _) => "A")], dark: true);
        async Task<bool> IsDark() => (bool)(await tab.ValueAsync("(() => { const c = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number); return c[0] + c[1] + c[2] < 200; })()"))!;
        Assert.True(await IsDark());
        await tab.DarkAsync(false);
        Assert.False(await IsDark());
        await tab.ClickAsync("#theme");
        Assert.True(await IsDark());
        Assert.Equal("true", (string?)await tab.ValueAsync("document.getElementById('theme').getAttribute('aria-pressed')"));
    }

    [Fact]
    public async Task On_a_narrow_screen_a_question_takes_the_lists_place_and_gives_it_back()
    {
        var tab = await OpenAsync([SomeRun.Of("base", Questions(3), (_, _) => "A")], width: 480);
        async Task<bool> Seen(string id) => (bool)(await tab.ValueAsync($"document.getElementById('{id}').offsetParent !== null"))!;
        Assert.Equal((true, false), (await Seen("list"), await Seen("detail")));
        await tab.ClickAsync("#row-1");
        Assert.Equal((false, true), (await Seen("list"), await Seen("detail")));
        Assert.True((bool)(await tab.ValueAsync("document.documentElement.scrollWidth <= 480"))!);
        await tab.ClickAsync(".close");
        Assert.Equal((true, false), (await Seen("list"), await Seen("detail")));
    }

    [Fact]
    public async Task Hostile_output_is_text_and_nothing_of_it_happens()
    {
        const string Act = "window.hit=1;document.title='hit';fetch('https://example.invalid/')";
        string[] hostile =
        [
            $"<script>{Act}</script>", $"</script><script>{Act}</script>", $"<img src=x onerror=\"{Act}\">", $"<svg onload=\"{Act}\"></svg>", $"<a href=\"javascript:{Act}\" id=bait>link</a>", $"<iframe srcdoc=\"<script>parent.{Act}</script>\"></iframe>",
            $"<!--<script>{Act}", $"]]>{{{{{Act}}}}}", "<style>*{display:none}</style><link rel=stylesheet href=https://example.invalid/x>", "<meta http-equiv=refresh content=\"0;url=https://example.invalid\">", "<base href=https://example.invalid>",
            "\u202Eright to left\u202C \u2066isolate", "a\0b\u0007\u001b[31m", "\u2028line\u2029", "__proto__", "constructor", "<input autofocus onfocus=\"" + Act + "\"><form id=list><input name=open></form>",
        ];
        IReadOnlyList<Question> questions = [.. hostile.Select((h, i) => new Question
        {
            Id = $"{i}{h}",
            Stem = h,
            Options = [new("A", h), new("B", h + "b")],
            Answers = ["A"],
            Benchmark = h,
            Kind = h,
            Tags = new Dictionary<string, string> { [h] = h[..Math.Min(50, h.Length)] },
        })];
        var run = SomeRun.Of("<img src=x onerror=\"" + Act + "\">", questions, (_, _) => "A");
        run = run with { Model = hostile[0], Protocol = hostile[1], Samples = [.. questions.Select((q, i) => SomeRun.Sample(q, "A", hostile[i]) with { Thinking = hostile[i] + " ", Variant = hostile[i], Messages = [new(hostile[i], hostile[i])] })] };
        var traces = questions.Select((q, i) => new Trace
        {
            Question = q.Id,
            Pathway = "TreeSearch",
            Register = Register.Vignette,
            AnswerText = hostile[i],
            Unusable = hostile[i],
            Steps = [new Step { Role = hostile[i], Kind = StepKind.Hypothesis, Text = hostile[i], Feedback = hostile[i], Reasoning = hostile[i], Answer = hostile[i], Expert = hostile[i], Node = 1, Parent = 1 }],
        }).ToList();
        var tab = await OpenAsync([run], traces);
        var title = await tab.ValueAsync("document.title");
        for (var i = 0; i < hostile.Length; i++)
        {
            await tab.PressAsync("j");
            await tab.ValueAsync("document.querySelectorAll('#detail details').forEach(d => { d.open = true; })");
            await tab.SettleAsync();
            await tab.ValueAsync("document.querySelectorAll('#detail details').forEach(d => { d.open = true; })");
            await tab.SettleAsync();
        }

        Assert.Equal(0, await tab.CountAsync("#main script, #main img, #main iframe, #main a, #main style, #main link, #main form, #main base, #top img, #scores img, #scores script"));
        Assert.True((bool)(await tab.ValueAsync("window.hit === undefined"))!);
        Assert.Equal((string?)title, (string?)await tab.ValueAsync("document.title"));
        Assert.Single(tab.Requests);
        Assert.Empty(tab.Errors);

        // What it says is there to be read, and what would reorder or hide is shown by its number.
        await tab.PressAsync("g");
        Assert.Contains(hostile[0], await tab.TextAsync(".column .output"), StringComparison.Ordinal);
        await tab.ValueAsync("document.getElementById('list').focus()");
        for (var i = 0; i < 11; i++) await tab.PressAsync("j");
        Assert.Equal("U+202Eright to leftU+202C U+2066isolate", await tab.TextAsync(".column .output"));
        await tab.PressAsync("j");
        Assert.Equal("aU+0000bU+0007U+001B[31m", await tab.TextAsync(".column .output"));
    }

    [Fact]
    public async Task The_policy_refuses_even_what_a_script_would_put_in()
    {
        var tab = await OpenAsync([SomeRun.Of("base", Questions(1), (_, _) => "A")]);
        Assert.Contains("TrustedHTML", (string?)await tab.ValueAsync("(() => { try { document.body.innerHTML = '<img src=x onerror=window.hit=1>'; return 'done'; } catch (e) { return String(e); } })()"), StringComparison.Ordinal);
        Assert.Equal("refused", (string?)await tab.ValueAsync("fetch('https://example.invalid/').then(() => 'sent', () => 'refused')"));
        Assert.Contains(tab.Errors, e => e.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_five_megabyte_answer_shows_its_beginning_at_once_and_all_of_it_on_demand()
    {
        IReadOnlyList<Question> questions = Questions(2);
        var lines = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"Line {i} of an answer that does not end, with <b>tags</b> and \u202E marks.\n"));
        var line = new string('x', 5_000_000) + "needle";
        var run = SomeRun.Of("base", questions, (_, _) => "A") with { Samples = [SomeRun.Sample(questions[0], "A", lines), SomeRun.Sample(questions[1], null, line)] };
        var tab = await OpenAsync([run]);
        await tab.PressAsync("j");
        Assert.InRange((int)(await tab.ValueAsync("document.querySelector('.column .output').textContent.length"))!, 15_000, 30_000);
        await tab.ClickAsync(".column .output .more");
        await tab.UntilAsync("document.querySelector('.column .output').dataset.whole === 'true'");
        Assert.Contains("Line 59999 of", await tab.TextAsync(".column .output .slice:last-child"), StringComparison.Ordinal);

        await tab.PressAsync("j");
        await tab.PressAsync("/");
        await tab.TypeAsync("needle");
        await tab.UntilAsync("document.getElementById('count').textContent === '1 of 2 questions'");
        await tab.UntilAsync("document.querySelector('.column .output .more')?.textContent.includes('further down')");
        await tab.ClickAsync(".column .output .more");
        await tab.UntilAsync("document.querySelector('.column .output').dataset.whole === 'true'");
        Assert.Equal("needle", await tab.TextAsync(".column .output mark"));
        Assert.True((bool)(await tab.ValueAsync("document.querySelector('#detail').scrollWidth <= document.querySelector('#detail').clientWidth"))!);
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task A_tree_shows_the_path_that_was_followed_its_branches_their_scores_and_feedback()
    {
        static Step Node(int node, int parent, bool accepted, string text, double score, string feedback) => new() { Role = "reasoning-expert", Kind = StepKind.Hypothesis, Text = text, Accepted = accepted, Node = node, Parent = parent, Score = score, Feedback = feedback, TokensIn = 10, TokensOut = 5, Latency = 120, Expert = "clinic" };
        var trace = new Trace
        {
            Question = "q0",
            Pathway = "TreeSearch",
            Register = Register.Vignette,
            AnswerLabel = "A",
            AnswerText = "measles",
            Calls = 4,
            Steps = [Node(1, 0, true, "It may be measles.", 80, "That holds."), Node(2, 1, false, "It may be gout.", 10, "A joint would hurt."), Node(3, 1, true, "Koplik spots.", 90, "Yes."),
                new Step { Role = "sufficiency-judge", Kind = StepKind.Reflection, Text = "1" }, Node(4, 2, false, "Urate is high.", 5, "Nobody measured it."), Node(5, 5, false, "A step that follows itself.", 0, "")],
        };
        var tab = await OpenAsync([SomeRun.Of("base", Questions(1), (_, _) => "A")], [trace]);
        await tab.PressAsync("j");
        Assert.Equal(["It may be measles.", "Koplik spots."], (await tab.ValueAsync("[...document.querySelectorAll('.panel .trace > .tree > .step.stands')].map(s => s.querySelector('.text').textContent)"))!.AsArray().Select(t => (string)t!));
        var fork = await tab.TextAsync(".tree > .fork:nth-of-type(3)");
        var tree = await tab.TextAsync(".trace > .tree");
        foreach (var said in (string[])["It may be gout.", "score 10", "A joint would hurt.", "not followed", "10 + 5 tokens", "120 ms", "Urate is high.", "A step that follows itself."]) Assert.Contains(said, tree + fork, StringComparison.Ordinal);
        await tab.ClickAsync(".panel .trace > .fold > summary");
        Assert.Contains("enough to answer", await tab.TextAsync(".panel .steps"), StringComparison.Ordinal);
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task Steps_that_were_rejected_show_why()
    {
        var question = SomeRun.Question(0);
        var trace = new Trace
        {
            Question = "q0",
            Pathway = "DualExpert",
            Register = Register.Vignette,
            AnswerLabel = "B",
            AnswerText = "gout",
            Calls = 2,
            Steps = [new Step { Role = "reasoning-expert", Kind = StepKind.Hypothesis, Text = "It is gout.", Accepted = false, Feedback = "No joint hurts." }, new Step { Role = "reflection-expert", Kind = StepKind.Reflection, Text = "0" }],
        };
        var tab = await OpenAsync([new ReportRun { Name = "made", Questions = [question], Traces = [trace], Verified = [new() { Question = "q0", Inputs = "", Kept = false, Reason = "wrong answer", By = "label" }] }]);
        await tab.PressAsync("j");
        var column = await tab.TextAsync(".column");
        foreach (var said in (string[])["wrong · B", "DualExpert", "not kept: wrong answer", "It is gout.", "✗ rejected", "No joint hurts."]) Assert.Contains(said, column, StringComparison.Ordinal);
        Assert.Contains("chosen", await tab.TextAsync(".wrong-option .marks"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(480, false)]
    [InlineData(480, true)]
    public async Task Its_picture_is_drawn_in_light_and_dark_wide_and_narrow(int width, bool dark)
    {
        var questions = Questions(40);
        var tab = await OpenAsync([SomeRun.Of("base", questions, (_, i) => i % 3 == 0 ? "B" : "A"), SomeRun.Of("dual", questions, (_, i) => i % 7 == 0 ? null : "A")], width: width, dark: dark);
        await tab.PressAsync("j");
        var picture = await tab.PictureAsync();
        Assert.Equal(width, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16)));
        Assert.True((bool)(await tab.ValueAsync("document.documentElement.scrollWidth <= innerWidth"))!);
        if (Environment.GetEnvironmentVariable("CITRUS_TEST_PICTURES") is { Length: > 0 } folder) await File.WriteAllBytesAsync(Path.Combine(folder, $"report-{width}-{(dark ? "dark" : "light")}.png"), picture);
        Assert.Empty(tab.Errors);
    }
}
