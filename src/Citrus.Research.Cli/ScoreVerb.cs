using System.CommandLine;
using Citrus.Research.Evaluation;
using Citrus.Research.Evaluation.Protocols;
using Citrus.Research.Questions;

namespace Citrus.Research.Cli;

/// <summary><c>citrus score</c>.</summary>
internal static class ScoreVerb
{
    public static Command Create()
    {
        var run = new Option<string?>("--run") { Description = "Folder of an evaluation; it is scored again as its outputs would be read today." };
        var predictions = new Option<string?>("--predictions") { Description = "File of saved outputs, ours or somebody else's: a JSON array, or JSON Lines." };
        var protocol = new Option<string?>("--protocol") { Description = "With --predictions: how they were asked, see `citrus evaluate --help`. generation reads an answer from each output; self-consistency takes records of one id as samples and counts votes; likelihood takes a score for each option. Default: generation." };
        var questions = new Option<string?>("--questions") { Description = "With --predictions: the benchmark. It counts whole, whatever the predictions leave out. Default: the questions that stand in the file." };
        var fields = new Option<string?>("--fields") { Description = $"With --predictions: where its records have what, e.g. id=realidx,output=completion; a path such as usage.tokens goes through objects and lists. {string.Join("; ", PredictionFields.Known.Select(k => $"{k.Name}: {k.Meaning}"))}. What is not said is looked for under usual names." };
        var output = new Option<string?>("--out") { Description = $"Folder to write {EvaluationFolder.SamplesFile}, {EvaluationFolder.QuestionsFile} and {EvaluationFolder.ScoreFile} to, for `citrus compare` and `citrus report`. Default: nothing is written." };
        return Verb.Create("score", "Score saved outputs again, without asking any model. Whatever does not fit (unknown, missing or repeated ids, other options, labels that no option has, broken lines, likelihoods that are no numbers) is told, and the denominator is always the benchmark's size.",
            "citrus score --run results/runs/dual\n"
            + "  citrus score --predictions gpt-4o.json --fields id=realidx,output=completion --protocol generation --questions medqa_test.jsonl --out results/runs/gpt-4o",
            (parse, cancellation) => (parse.GetValue(run), parse.GetValue(predictions)) switch
            {
                ({ } folder, null) when parse.GetValue(questions) is null && parse.GetValue(fields) is null && parse.GetValue(protocol) is null => OfFolder(folder, parse.GetValue(output)),
                ({ }, null) => throw new ArgumentException("--questions, --fields and --protocol go with --predictions; a run's folder holds its own."),
                (null, { } file) => OfFile(file, parse.GetValue(protocol) ?? GenerationProtocol.Name, parse.GetValue(questions), parse.GetValue(fields), parse.GetValue(output)),
                _ => throw new ArgumentException("Say what to score: --run DIR of an evaluation, or --predictions FILE of saved outputs; not both."),
            }, run, predictions, protocol, questions, fields, output);
    }

    private static VerbResult OfFolder(string path, string? output)
    {
        var folder = EvaluationFolder.Open(path);
        // What each sample came to when it was made, against what it comes to now.
        var truth = folder.Questions.ToDictionary(q => q.Id, StringComparer.Ordinal);
        var several = Ballot.Several(folder.Questions);
        var changed = folder.Samples.Where(s => truth.TryGetValue(s.Question, out var q) && TryRead(q, s, several) is { } now && (!now.Choice.SequenceEqual(s.Choice) || now.Correct != s.Correct)).ToList();
        ScoreCard.Say(folder.Card, folder.Parts, folder.Problems);
        Verb.Say(changed.Count == 0 ? $"  Every one of the {Inputs.N(folder.Samples.Count)} samples is read as it was when it was made."
            : $"  {Inputs.N(changed.Count)} of {Inputs.N(folder.Samples.Count)} samples are read otherwise than when they were made, e.g. {string.Join("; ", changed.Take(3).Select(s => $"{s.Question}: {(s.Choice.Count == 0 ? "none" : string.Join(", ", s.Choice))}, now {string.Join(", ", Ballot.Read(truth[s.Question], s, several).Choice.DefaultIfEmpty("none"))}"))}.");
        var outputs = output is null ? [] : Save(output, folder.Card, folder.Questions, folder.Samples, folder.Parts, folder.Problems);
        return new VerbResult(outputs, [.. ScoreCard.Figures(folder.Card, folder.Parts, folder.Problems), ("changed", changed.Count)]);
    }

    private static VerbResult OfFile(string file, string protocol, string? questionsFile, string? fields, string? output)
    {
        var exam = ExamProtocols.Parse(protocol);
        var benchmark = questionsFile is null ? null : Inputs.Read(questionsFile, null);
        var read = PredictionFile.Read(file, PredictionFields.Parse(fields), benchmark, exam);
        // Nobody knows how others asked; what is said is how their outputs were read.
        var label = new Protocol($"saved outputs, read as {protocol}", exam.Label.Version);
        var parts = EvaluationParts.Of(read.Questions, read.Samples, label, out var problems, exam.Count);
        IReadOnlyList<EvaluationProblem> all = [.. read.Problems, .. problems];
        var card = new EvaluationCard
        {
            Model = $"predictions:{Path.GetFileName(file)}",
            Weights = null,
            Spec = exam.ToString(),
            Protocol = label,
            Benchmark = EvaluationCard.BenchmarkOf(read.Questions),
            QuestionsFile = Path.GetFileName(questionsFile ?? file),
            QuestionsSha256 = EvaluationCard.HashOf(read.Questions),
        };
        ScoreCard.Say(card, parts, all);
        Verb.Say($"  {Inputs.N(read.Samples.Count)} predictions by the fields {read.Fields}");
        if (parts[^1].Score.Missing.Count == read.Questions.Count && problems.Any(p => p.Kind == EvaluationProblemKind.UnknownQuestion))
            Verb.Say($"  No prediction has an id of this benchmark (e.g. {read.Samples[0].Sample.Question}, where the benchmark has {read.Questions[0].Id}); --fields id={PredictionFile.ByStem} finds the questions by their text.");
        var several = Ballot.Several(read.Questions);
        var truth = read.Questions.ToDictionary(q => q.Id, StringComparer.Ordinal);
        var outputs = output is null ? [] : Save(output, card, read.Questions, [.. read.Samples.Select(s => truth.TryGetValue(s.Sample.Question, out var q) ? Marked(q, s.Sample, several) : s.Sample)], parts, all);
        return new VerbResult(outputs, [.. ScoreCard.Figures(card, parts, all), ("fields", read.Fields.ToString())]);
    }

    /// <summary>A sample as a run of ours would have logged it.</summary>
    private static Sample Marked(Question question, Sample sample, bool several)
    {
        var read = Ballot.Read(question, sample, several);
        return sample with { Answers = question.Answers, Extracted = read.Extracted, Correct = read.Correct, Chosen = several ? read.Choice : null, Output = sample.OptionScores is null ? sample.Output : read.Output };
    }

    private static Prediction? TryRead(Question question, Sample sample, bool several)
    {
        try
        {
            return Ballot.Read(question, sample, several);
        }
        catch (FormatException)
        {
            // Told among the problems.
            return null;
        }
    }

    private static List<string> Save(
        string folder, EvaluationCard card, IReadOnlyList<Question> questions, IReadOnlyList<Sample> samples, IReadOnlyList<EvaluationPart> parts, IReadOnlyList<EvaluationProblem> problems)
    {
        if (File.Exists(folder)) throw new IOException($"--out {folder} is a file; name a folder.");
        if (File.Exists(Path.Combine(folder, EvaluationFolder.SamplesFile))) throw new IOException($"{folder} holds samples already; name another folder with --out.");
        using var held = FolderLock.Take(folder);
        EvaluationFolder.Write(folder, card, questions, samples);
        return [Path.Combine(folder, EvaluationFolder.SamplesFile), Path.Combine(folder, EvaluationFolder.QuestionsFile), ScoreCard.Write(folder, card, questions.Count, new ExaminationResult(parts, problems, samples, 0), new ScoreExtras(0, null, null))];
    }
}
