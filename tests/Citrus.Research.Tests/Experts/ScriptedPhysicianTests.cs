using Citrus.Research.Experts;
using Citrus.Research.LoopbackServer;
using Citrus.Research.Tests.Pathways;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Experts;

/// <summary>The server's brain answers every role in its format, in the question's language.</summary>
public sealed class ScriptedPhysicianTests
{
    private const string English = "A 30-year-old woman wheezes at night. Which of the following is the most likely diagnosis?\n\nA. Gout\nB. Asthma\nC. Pneumonia";
    private const string Chinese = "患者，女，30岁，夜间反复喘息3年。下列哪项是最可能的诊断？\n\nA. 痛风\nB. 支气管哮喘\nC. 肺炎";

    [Theory]
    [InlineData(ExpertRoles.Rewriter, "rewrite", "", """{"question": "A 30-year-old woman wheezes at night. What is the most likely diagnosis?"}""")]
    [InlineData(ExpertRoles.Matcher, "match", "### answer\nIt must be asthma", """{"option": "B"}""")]
    [InlineData(ExpertRoles.Matcher, "match", "### answer\nlupus", """{"option": ""}""")]
    [InlineData(ExpertRoles.Checker, "check", "### truth\nB. Asthma\n### answer\nasthma", "\"same\": true")]
    [InlineData(ExpertRoles.Checker, "check", "### truth\nB. Asthma\n### answer\ngout", "\"same\": false")]
    [InlineData(ExpertRoles.PairwiseJudge, "compare", "### truth\nB. Asthma\n### first\n<answer>A</answer>\n### second\n<answer>B. Asthma</answer>", "\"better\": 2")]
    [InlineData(ExpertRoles.Reflection, "rate", "### truth\nB. Asthma\n### thought\n(nothing yet)\n### proposed\nIt is gout.\n(answer A)", "\"rating\": 0")]
    [InlineData(ExpertRoles.Reflection, "rate", "### truth\nB. Asthma\n### thought\n(nothing yet)\n### proposed\nIt is asthma.\n(answer B)", "\"rating\": 1")]
    [InlineData(ExpertRoles.Reflection, "score", "### truth\nB. Asthma\n### candidates\n1. It is gout. (answer A)\n2. It is asthma.\n(answer B)", "\"candidate\": 2, \"score\": ")]
    [InlineData(ExpertRoles.Narrator, "narrate", "### steps\nShe wheezes.\nIt is asthma.\n### answer\nB. Asthma", "<think>She wheezes. It is asthma.</think><answer>B. Asthma</answer>")]
    [InlineData(ExpertRoles.Answerer, "answer", "", """{"answer": """)]
    [InlineData(ExpertRoles.Doctor, "consult", "### complaint\nI wheeze.\n### dialogue\n(nothing yet)", """{"ask": """)]
    [InlineData(ExpertRoles.Patient, "reply", "### case\nI wheeze at night.\ndiagnosis: Asthma\n### dialogue\nDoctor: When do you wheeze?", "I wheeze at night")]
    public async Task Every_role_is_answered(string role, string task, string sections, string expected) =>
        Assert.Contains(expected, await Reply(role, task, English, sections), StringComparison.Ordinal);

    [Theory]
    [InlineData(ExpertRoles.Rewriter, "rewrite", "", "夜间反复喘息3年。什么是最可能的诊断")]
    [InlineData(ExpertRoles.Reasoning, "step", "### thought\n(nothing yet)", "首先注意到")]
    [InlineData(ExpertRoles.Matcher, "match", "### answer\n支气管哮喘", "\"B\"")]
    [InlineData(ExpertRoles.Doctor, "consult", "### complaint\n喘。\n### dialogue\n(nothing yet)", "？")]
    public async Task A_Chinese_question_is_answered_in_Chinese(string role, string task, string sections, string expected) =>
        Assert.Contains(expected, await Reply(role, task, Chinese, sections), StringComparison.Ordinal);

    [Fact]
    public void Told_the_truth_it_is_wrong_at_first_four_times_in_ten_and_never_after_a_rejection()
    {
        var questions = Enumerable.Range(0, 200).Select(i => Some.Question($"q{i}") with { Stem = $"Case {i}. A woman wheezes at night, for {i} days. What is it?" }).ToList();
        using var physician = new ScriptedPhysician(1, questions);
        var (wrong, lost) = (0, 0);
        foreach (var question in questions)
        {
            var trace = Some.Walk("DualExpert", question, physician);
            // Three false alarms in a row, one time in a thousand, end a trace without an answer.
            if (trace.AnswerLabel is null) lost++;
            else Assert.Equal("B", trace.AnswerLabel);
            if (trace.Steps.FirstOrDefault(s => s.Answer is not null) is { Answer: not "B" }) wrong++;
        }

        Assert.InRange(lost, 0, 6);
        // 200 draws at 0.4: mean 80, standard deviation 7.
        Assert.InRange(wrong, 52, 108);
    }

    private static async Task<string> Reply(string role, string task, string question, string sections)
    {
        using var physician = new ScriptedPhysician(1);
        return (await physician.GetResponseAsync([new ChatMessage(ChatRole.System, $"role: {role}\ntask: {task}\n\nBe careful."), new ChatMessage(ChatRole.User, $"### question\n{question}\n{sections}")])).Text;
    }
}
