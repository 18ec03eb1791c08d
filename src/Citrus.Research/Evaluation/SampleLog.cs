using System.Text;
using System.Text.Json;
using Citrus.Research.Experts;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>Reads sample logs that others wrote, or that a killed run left: what cannot be read is told, never an end.</summary>
internal static class SampleLog
{
    /// <summary>The samples of a log with their lines; a torn last line is left out, for its writer was stopped in it.</summary>
    /// <param name="unreadable">Lines that are no samples.</param>
    /// <exception cref="InvalidDataException">A line is longer than any sample can be.</exception>
    public static IReadOnlyList<(int Line, Sample Sample)> Read(string path, out IReadOnlyList<EvaluationProblem> unreadable)
    {
        var samples = new List<(int, Sample)>();
        var problems = new List<EvaluationProblem>();
        AppendOnlyFile.ReadLines(path, (number, _, line) =>
        {
            try
            {
                if (number == 1 && line.StartsWith("\uFEFF"u8)) line = line[3..];
                var sample = JsonSerializer.Deserialize<Sample>(line, Sample.Json) ?? throw new JsonException("null is no sample");
                samples.Add((number, Whole(sample)));
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException)
            {
                problems.Add(new(EvaluationProblemKind.Unreadable, "", number, $"{path}, line {number}: not a sample ({error.Message}): '{Encoding.UTF8.GetString(line[..Math.Min(line.Length, 60)])}'"));
            }
        });
        unreadable = problems;
        return samples;
    }

    /// <summary>The serialiser lets null through where a record says there is none.</summary>
    private static Sample Whole(Sample sample) => sample switch
    {
        { Question: null or "" } => throw new JsonException("the field question is missing"),
        { Extracted: null } => sample with { Extracted = new ExtractedAnswer(ExtractionTier.None, null, null, false), Output = sample.Output ?? "", Prompt = sample.Prompt ?? "", Answers = sample.Answers ?? [] },
        _ => sample with { Output = sample.Output ?? "", Prompt = sample.Prompt ?? "", Answers = sample.Answers ?? [], Variant = sample.Variant ?? "", Benchmark = sample.Benchmark ?? "" },
    };
}
