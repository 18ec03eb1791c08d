using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Citrus.Research.Experts;
using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.LoopbackServer;

/// <summary>
/// Plays every part of the pipeline for any question, in English or Chinese as the question is: a plausible reply in the right format,
/// drawn by a hash of the prompt (and the seed of a request). It knows no medicine. Where it was told the truth of a question it is wrong at
/// first about four times in ten and right after a rejection; elsewhere it guesses.
/// </summary>
public sealed partial class ScriptedPhysician : IChatClient
{
    private const double WrongAtFirst = 0.4;
    private const double FalseAlarm = 0.1;

    private readonly long _seed;
    private readonly Dictionary<string, string> _truths = new(StringComparer.Ordinal);

    /// <param name="seed">Another seed, other replies.</param>
    /// <param name="known">Questions whose truth it may use.</param>
    public ScriptedPhysician(long seed = 0, IEnumerable<Question>? known = null)
    {
        _seed = seed;
        foreach (var question in known ?? [])
        {
            if (question.Answers.Count == 0 || question.Options.FirstOrDefault(o => o.Label == question.Answers[0]) is not { } truth) continue;
            _truths[Key(question.Stem)] = truth.Text;
            if (question.OpenStem is { } open) _truths[Key(open)] = truth.Text;
        }
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var list = messages.ToList();
        var text = string.Join("\n", list.Select(m => m.Text));
        var reply = Reply(new PhysicianPrompt(text, list.Count > 0 ? list[^1].Text : ""), SeededRandom.For(_seed, options?.ModelId ?? "", options?.Seed ?? 0, text), options?.ModelId ?? "");
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, reply)) { ModelId = "scripted-physician" });
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false)).ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private string Reply(PhysicianPrompt prompt, SeededRandom random, string model) => prompt.Role switch
    {
        ExpertRoles.Reasoning => prompt.Task switch
        {
            "step" => Step(prompt, random),
            "branch" => Branch(prompt, random),
            "pattern" => Pattern(prompt, random),
            "sample" => Sample(prompt, random),
            _ => $$"""{"answer": {{Quoted(Commitment(prompt, random, WrongAtFirst, []))}}}""",
        },
        ExpertRoles.Reflection => prompt.Task == "score" ? Scores(prompt, random) : Rating(prompt, random),
        ExpertRoles.Judge => $$"""{"sufficient": {{(prompt.Lines("thought").Count >= 2 || random.Chance(0.5) ? "true" : "false")}}}""",
        ExpertRoles.Narrator => Narrative(prompt),
        ExpertRoles.Rewriter => $$"""{"question": {{Quoted(Open(prompt))}}}""",
        // By their names weak and strong models differ, so that difficulty can be told.
        ExpertRoles.Answerer => $$"""{"answer": {{Quoted(Commitment(prompt, random, model.Contains("weak", StringComparison.OrdinalIgnoreCase) ? 0.7 : model.Contains("strong", StringComparison.OrdinalIgnoreCase) ? 0.2 : WrongAtFirst, []))}}}""",
        ExpertRoles.Examiner => $$"""{"rating": {{(Agrees(prompt.Section("student"), prompt) ? 1 : 0)}}, "named": {{Quoted(Named(prompt.Section("student"), prompt.Options)?.Label ?? "")}}, "feedback": {{Quoted(prompt.IsChinese ? "已批改。" : "Marked.")}}}""",
        ExpertRoles.Matcher => $$"""{"option": {{Quoted(Named(prompt.Section("answer"), prompt.Options)?.Label ?? "")}}}""",
        ExpertRoles.Checker => $$"""{"same": {{(Agrees(prompt.Section("answer"), prompt) ? "true" : "false")}}, "reason": {{Quoted(prompt.IsChinese ? "比较了两个名称。" : "The two names were compared.")}}}""",
        ExpertRoles.PointwiseJudge => $$"""{"score": {{(Agrees(prompt.Section("answer"), prompt) ? random.Between(60, 100) : random.Between(0, 59))}}, "reason": {{Quoted(prompt.IsChinese ? "与题目逐条对照。" : "It was held against the question point by point.")}}}""",
        ExpertRoles.PairwiseJudge => Comparison(prompt, random),
        ExpertRoles.Doctor => Consultation(prompt, random),
        ExpertRoles.Patient => $$"""{"say": {{Quoted(PatientWords(prompt, random))}}}""",
        // An examination as anybody might set it: a question with options and no role.
        "" when prompt.Options.Count > 1 => Sample(prompt, random),
        _ => prompt.IsChinese ? "您好，请问有什么可以帮您？" : "Hello. What would you like to ask?",
    };

    /// <summary>Observation, hypothesis, elimination and conclusion, one a request, for each question in a number of its own.</summary>
    private string Step(PhysicianPrompt prompt, SeededRandom random)
    {
        var thought = prompt.Lines("thought");
        var rejected = prompt.Lines("rejected");
        var length = SeededRandom.For(_seed, prompt.Stem).Between(3, 5);
        if (thought.Count >= length - 1) return Conclusion(prompt, random, rejected);
        var kind = thought.Count == 0 ? "observation" : thought.Count == length - 2 ? "elimination" : "hypothesis";
        return $$"""{"step": {"kind": "{{kind}}", "text": {{Quoted(Thought(prompt, random, kind, thought.Count + rejected.Count))}}}, "answer": null}""";
    }

    private string Conclusion(PhysicianPrompt prompt, SeededRandom random, IReadOnlyList<string> rejected)
    {
        var answer = Commitment(prompt, random, rejected.Count == 0 ? WrongAtFirst : 0, rejected);
        var name = prompt.Options.FirstOrDefault(o => o.Label == answer)?.Text ?? answer;
        var text = prompt.IsChinese ? $"综合以上，最符合的是{name}。" : $"Taken together, this fits {name} best.";
        return $$"""{"step": {"kind": "conclusion", "text": {{Quoted(text)}}}, "answer": {{Quoted(answer)}}}""";
    }

    private string Branch(PhysicianPrompt prompt, SeededRandom random)
    {
        var count = int.TryParse(prompt.Section("count"), CultureInfo.InvariantCulture, out var n) ? Math.Clamp(n, 1, 8) : 3;
        var (thought, tried) = (prompt.Lines("thought"), prompt.Lines("tried"));
        var ends = thought.Count >= 2;
        var candidates = new List<string>();
        var said = tried.ToList();
        for (var i = 0; i < count; i++)
        {
            if (ends)
            {
                var answer = Commitment(prompt, random, i == 0 && tried.Count == 0 ? WrongAtFirst : 0.5, said);
                var name = prompt.Options.FirstOrDefault(o => o.Label == answer)?.Text ?? answer;
                var text = prompt.IsChinese ? $"最符合的是{name}。" : $"This fits {name} best.";
                said.Add(text);
                candidates.Add($$"""{"kind": "conclusion", "text": {{Quoted(text)}}, "answer": {{Quoted(answer)}}}""");
            }
            else
            {
                var kind = thought.Count == 0 ? "observation" : "hypothesis";
                candidates.Add($$"""{"kind": "{{kind}}", "text": {{Quoted(Thought(prompt, random, kind, tried.Count + i))}}, "answer": null}""");
            }
        }

        return $$"""{"candidates": [{{string.Join(", ", candidates.Distinct(StringComparer.Ordinal))}}]}""";
    }

    private string Pattern(PhysicianPrompt prompt, SeededRandom random)
    {
        var answer = Commitment(prompt, random, WrongAtFirst, []);
        var name = prompt.Options.FirstOrDefault(o => o.Label == answer)?.Text ?? answer;
        var conclusion = prompt.IsChinese ? $"整体看来像是{name}。" : $"The whole picture looks like {name}.";
        return $$"""{"steps": [{"kind": "observation", "text": {{Quoted(Thought(prompt, random, "observation", 0))}}}, {"kind": "conclusion", "text": {{Quoted(conclusion)}}}], "answer": {{Quoted(answer)}}}""";
    }

    /// <summary>A whole answer as a student gives it: thought and option in their tags.</summary>
    private string Sample(PhysicianPrompt prompt, SeededRandom random)
    {
        var answer = Commitment(prompt, random, WrongAtFirst, []);
        var name = prompt.Options.FirstOrDefault(o => o.Label == answer)?.Text ?? answer;
        var thoughts = ((string[])["observation", "hypothesis", "hypothesis", "elimination"]).Select((kind, i) => Thought(prompt, random, kind, i)).Append(prompt.IsChinese ? $"综合以上，最符合的是{name}。" : $"Taken together, this fits {name} best.");
        return $"<think>{string.Join(prompt.IsChinese ? "" : " ", thoughts)}</think><answer>{(prompt.Options.Count == 0 ? name : $"{answer}. {name}")}</answer>";
    }

    private static string Rating(PhysicianPrompt prompt, SeededRandom random)
    {
        var proposed = prompt.Section("proposed");
        // A right commitment always stands; of the other steps some fall for no good reason.
        var accepts = Committed(proposed) is { } said ? Agrees(said, prompt) : !random.Chance(FalseAlarm);
        return $$"""{"rating": {{(accepts ? 1 : 0)}}, "feedback": {{Quoted(Remark(prompt, random, accepts))}}}""";
    }

    private static string Scores(PhysicianPrompt prompt, SeededRandom random)
    {
        var ratings = new List<string>();
        foreach (Match match in Candidate().Matches(prompt.Section("candidates")))
        {
            var text = match.Groups[2].Value;
            var commits = Committed(text);
            var score = commits is not null ? (Agrees(commits, prompt) ? random.Between(85, 100) : random.Between(5, 35)) : random.Chance(FalseAlarm) ? random.Between(10, 39) : random.Between(45, 90);
            ratings.Add($$"""{"candidate": {{match.Groups[1].Value}}, "score": {{score}}, "feedback": {{Quoted(Remark(prompt, random, score >= 40))}}}""");
        }

        return $$"""{"ratings": [{{string.Join(", ", ratings)}}]}""";
    }

    private static string Narrative(PhysicianPrompt prompt)
    {
        var wait = prompt.IsChinese ? "不对，" : "Wait: ";
        var steps = prompt.Lines("steps").Select(l => ListMark().Replace(l, "")).Where(l => l.Length > 0)
            .Select(l => l.StartsWith("remark: ", StringComparison.Ordinal) ? wait + l[8..] : l.StartsWith("kept: ", StringComparison.Ordinal) || l.StartsWith("slip: ", StringComparison.Ordinal) ? l[6..] : l);
        return $"<think>{string.Join(prompt.IsChinese ? "" : " ", steps)}</think><answer>{prompt.Section("answer")}</answer>";
    }

    /// <summary>The stem with every detail, asked without options.</summary>
    private static string Open(PhysicianPrompt prompt)
    {
        if (prompt.IsChinese)
        {
            var open = ChineseChoice().Replace(prompt.Stem, "什么");
            return open == prompt.Stem && !open.EndsWith('？') ? open.TrimEnd('。', '：', ':') + "，答案是什么？" : open;
        }

        var english = EnglishChoice().Replace(prompt.Stem, m => char.IsUpper(m.Value[0]) ? "What" : "what");
        return english.TrimEnd().EndsWith('?') ? english : english.TrimEnd() + " What is the answer?";
    }

    private static string Comparison(PhysicianPrompt prompt, SeededRandom random)
    {
        var (first, second) = (Agrees(prompt.Section("first"), prompt), Agrees(prompt.Section("second"), prompt));
        // Where both are right or wrong the longer one wins in either order; now and then the first wins because it stands first.
        var better = first != second ? (first ? 1 : 2)
            : random.Chance(0.1) ? 1
            : prompt.Section("first").Length.CompareTo(prompt.Section("second").Length) switch { > 0 => 1, < 0 => 2, _ => 0 };
        return $$"""{"better": {{better}}, "reason": {{Quoted(prompt.IsChinese ? "逐条比较了两个回答。" : "The two answers were compared point by point.")}}}""";
    }

    private string Consultation(PhysicianPrompt prompt, SeededRandom random)
    {
        var dialogue = prompt.Lines("dialogue");
        var complaint = prompt.Section("complaint") is { Length: > 0 } said ? said : dialogue.Count > 0 ? dialogue[0] : "";
        var most = SeededRandom.For(_seed, complaint).Between(4, 6);
        var asked = dialogue.Count / 2;
        if (asked < most) return $$"""{"ask": {{Quoted(PhysicianVoice.Question(prompt.IsChinese, asked))}}}""";
        var name = prompt.Options.Count > 0 ? prompt.Options[random.Next(prompt.Options.Count)].Text : PhysicianVoice.Illness(prompt.IsChinese, random);
        var summary = string.Join(prompt.IsChinese ? "；" : "; ", dialogue.Where((_, i) => i % 2 == 1).Take(6));
        return $$"""{"diagnosis": {{Quoted(name)}}, "summary": {{Quoted(summary.Length > 0 ? summary : complaint)}}}""";
    }

    /// <summary>The sentence of the case that has most in common with what was asked last.</summary>
    private static string PatientWords(PhysicianPrompt prompt, SeededRandom random)
    {
        var asked = prompt.Lines("dialogue").LastOrDefault("");
        var facts = prompt.Section("case").Split(['\n', '.', '。', ';', '；'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(f => f.Length > 1 && !Secret().IsMatch(f)).ToList();
        if (facts.Count == 0) return prompt.IsChinese ? "我说不清楚。" : "I cannot say.";
        var words = asked.ToLowerInvariant().Split([' ', '?', ',', '？', '，'], StringSplitOptions.RemoveEmptyEntries).Where(w => w.Length > 3).ToList();
        var best = facts.MaxBy(f => words.Count(w => f.Contains(w, StringComparison.OrdinalIgnoreCase)))!;
        return words.Any(w => best.Contains(w, StringComparison.OrdinalIgnoreCase)) ? best : random.Pick(facts);
    }

    private static string Thought(PhysicianPrompt prompt, SeededRandom random, string kind, int number)
    {
        var phrases = prompt.Phrases();
        var phrase = phrases[(number * 7 + random.Next(phrases.Count)) % phrases.Count];
        var option = prompt.Options.Count > 0 ? random.Pick(prompt.Options).Text : prompt.IsChinese ? "其他可能" : "another explanation";
        return PhysicianVoice.Thought(prompt.IsChinese, kind, phrase, option);
    }

    private static string Remark(PhysicianPrompt prompt, SeededRandom random, bool accepts) => PhysicianVoice.Remark(prompt.IsChinese, accepts, random.Pick(prompt.Phrases()));

    /// <summary>What it commits to: a label, or a free text where there are no options; nothing of which was said before.</summary>
    private string Commitment(PhysicianPrompt prompt, SeededRandom random, double wrong, IReadOnlyList<string> said)
    {
        var truth = _truths.GetValueOrDefault(Key(prompt.Stem));
        if (prompt.Options.Count == 0) return truth is not null && !random.Chance(wrong) ? truth : PhysicianVoice.Illness(prompt.IsChinese, random);
        var left = prompt.Options.Where(o => !said.Any(s => s.Contains(o.Text, StringComparison.Ordinal))).ToList();
        if (left.Count == 0) left = [.. prompt.Options];
        var right = truth is null ? null : left.FirstOrDefault(o => o.Text == truth);
        if (right is null) return random.Pick(left).Label;
        if (!random.Chance(wrong) || left.Count == 1) return right.Label;
        left.Remove(right);
        return random.Pick(left).Label;
    }

    /// <summary>What a step commits to; null where it commits to nothing.</summary>
    private static string? Committed(string step) => Answer().Match(step) is { Success: true } match ? match.Groups[1].Value.Trim() : null;

    /// <summary>Whether an answer names one of the prompt's truths: by label, or by words.</summary>
    private static bool Agrees(string answer, PhysicianPrompt prompt)
    {
        if (AnswerTag().Match(answer) is { Success: true } tagged) answer = tagged.Groups[1].Value;
        answer = answer.Trim();
        var named = Named(answer, prompt.Options)?.Label;
        foreach (var line in prompt.Lines("truth"))
        {
            var labelled = Labelled().Match(line);
            var (label, text) = labelled.Success ? (labelled.Groups[1].Value, labelled.Groups[2].Value.Trim()) : ("", line);
            if (label.Length > 0 && (answer == label || named == label)) return true;
            if (text.Length > 0 && answer.Contains(text, StringComparison.OrdinalIgnoreCase)) return true;
            if (answer.Length > 2 && text.Contains(answer, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static Option? Named(string answer, IReadOnlyList<Option> options)
    {
        if (AnswerTag().Match(answer) is { Success: true } tagged) answer = tagged.Groups[1].Value;
        answer = answer.Trim();
        var label = Labelled().Match(answer) is { Success: true } match ? match.Groups[1].Value : answer;
        return options.FirstOrDefault(o => o.Label == label)
            ?? options.Where(o => answer.Contains(o.Text, StringComparison.OrdinalIgnoreCase)).MaxBy(o => o.Text.Length);
    }

    private static string Key(string stem)
    {
        var key = new StringBuilder(stem.Length);
        foreach (var c in stem) if (char.IsLetterOrDigit(c)) key.Append(c);
        return key.ToString();
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    [GeneratedRegex(@"\(answer:? ([^)\n]+)\)")]
    private static partial Regex Answer();

    [GeneratedRegex(@"<answer>(.*?)</answer>", RegexOptions.Singleline)]
    private static partial Regex AnswerTag();

    [GeneratedRegex(@"^([A-Z])[\.\)、．:：]\s*(.*)$")]
    private static partial Regex Labelled();

    [GeneratedRegex(@"^\s*(?:candidate\s*)?(\d+)[\.\):、]\s*((?:.|\n(?!\s*(?:candidate\s*)?\d+[\.\):、]))*)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Candidate();

    [GeneratedRegex(@"^(?:[-*]|\d+[\.\)])\s*")]
    private static partial Regex ListMark();

    [GeneratedRegex(@"\b[Ww]hich(?: one)? of the following\b")]
    private static partial Regex EnglishChoice();

    [GeneratedRegex(@"下列哪[一]?[项种个]|以下哪[一]?[项种个]|哪[一]?项")]
    private static partial Regex ChineseChoice();

    [GeneratedRegex(@"\b(diagnosis|diagnosed|disease|truth|answer)\b|诊断|答案|疾病", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
