using Citrus.Research.Evaluation;
using Citrus.Research.Questions;

namespace Citrus.Research.Cli;

/// <summary>What an evaluation's folder says about its questions.</summary>
internal sealed record EvaluatedRun(string Folder, IReadOnlyList<Question> Questions, IReadOnlyList<Sample> Samples)
{
    public static EvaluatedRun Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder {folder}; --run is a folder made by `citrus evaluate`.");
        var (questions, samples) = (Path.Combine(folder, "questions.jsonl"), Path.Combine(folder, "samples.jsonl"));
        foreach (var file in new[] { questions, samples })
            if (!File.Exists(file)) throw new FileNotFoundException($"{file} is missing; an evaluation's folder holds questions.jsonl and samples.jsonl. Evaluate again to write it.", file);
        return new EvaluatedRun(folder, Inputs.Read(questions, null), Sample.Read(samples));
    }
}
