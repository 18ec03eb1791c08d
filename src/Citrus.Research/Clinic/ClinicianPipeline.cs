using System.Globalization;
using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>The clinician in the roles of the synthesis pipeline: open-rewriter, answerer, answer-checker and narrator.</summary>
public sealed partial class Clinician
{
    private static string Rewrite(string question)
    {
        // The options stand in lines of their own below the stem.
        var lines = question.Split('\n');
        var end = Array.FindIndex(lines, l => l.Length > 2 && l[0] is >= 'A' and <= 'Z' && l[1] == '.' && l[2] == ' ' && l[0] == 'A');
        return $$"""{"question": {{Quoted(ClinicianRewriter.Open(string.Join('\n', end < 0 ? lines : lines[..end]).Trim()))}}}""";
    }

    /// <summary>A sample after the first errs in places of its own.</summary>
    private string Answer(string question, ClinicianPatient patient, int sample)
    {
        if (TooLittle(patient) is { } why) return $$"""{"abstain": {{Quoted(why)}}}""";
        var bias = ClinicianBias.Of(_options, sample == 0 ? question : string.Create(CultureInfo.InvariantCulture, $"{question}\nsample {sample}"));
        return _thinking.Answer(patient, bias) is { } label ? $$"""{"answer": "{{label}}"}""" : NoOption("what I would choose");
    }

    private string Check(string text)
    {
        var answer = Given(text, "answer");
        var named = _check.Recogniser.Resolve(Undressed(answer));
        var same = Given(text, "truth").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Undressed)
            .Any(truth => Plain(truth) == Plain(Undressed(answer)) || (named is not null && _check.Recogniser.Resolve(truth) == named));
        return $$"""{"same": {{(same ? "true" : "false")}}, "reason": {{Quoted(same ? "Both name the same." : "They do not name the same.")}}}""";
    }

    private static string Narrate(string text, ClinicianPatient patient)
    {
        var steps = string.Join(' ', Given(text, "steps").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Told));
        var answer = Given(text, "answer");
        return patient.Register == Register.Chart ? $"<think> {steps} </think> <answer> {answer} </answer>" : $"<think>{steps}</think><answer>{answer}</answer>";
    }

    private static string Told(string line) =>
        line.StartsWith("kept: ", StringComparison.Ordinal) || line.StartsWith("slip: ", StringComparison.Ordinal) ? line[6..]
        : line == "remark:" ? "Wait, that is wrong."
        : line.StartsWith("remark: ", StringComparison.Ordinal) && line[8..].TrimEnd('.') is { Length: > 0 } remark
            ? $"Wait, that is wrong: {(remark.Length > 1 && char.IsLower(remark[1]) ? char.ToLowerInvariant(remark[0]) + remark[1..] : remark)}."
        : line;

    /// <summary>A text without the label before it.</summary>
    private static string Undressed(string text) => text.Length > 3 && text[0] is >= 'A' and <= 'Z' && text[1] == '.' && text[2] == ' ' ? text[3..].Trim() : text.Trim();

    private static string Plain(string text) =>
        string.Join(' ', new string([.. text.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
