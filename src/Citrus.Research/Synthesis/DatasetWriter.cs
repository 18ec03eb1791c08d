using System.Text.Json;
using Citrus.Research.Examples;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>The last stage: filters the narratives and writes data files and card.</summary>
public static class DatasetWriter
{
    public const string Alpaca = "alpaca";
    public const string ShareGpt = "sharegpt";
    public const string Parquet = "parquet";

    public const string ExamplesFile = "examples.jsonl";
    public const string CardFile = "card.json";
    public const string ReadableCardFile = "card.md";

    /// <summary>Where a call gave no reply and the same command tries again.</summary>
    public const string ExpertFailed = "expert failed";

    /// <summary>Where an earlier stage has not been run for a question.</summary>
    public const string NotThere = "earlier stage not run";

    private const string DatasetInfo = "dataset_info.json";

    /// <summary>What can be written beside the <c>messages</c> file.</summary>
    public static IReadOnlyList<string> Formats { get; } = [Alpaca, ShareGpt, Parquet];

    /// <summary>Filters, writes, and counts.</summary>
    /// <param name="made">A run with all stages before this one.</param>
    public static SynthesisOutcome Write(SynthesisPipelineOptions options, SynthesisOutcome made)
    {
        var (candidates, rejected) = Candidates(options, made);
        var (kept, filtered) = new NarrativeFilters(options.Filters, Against(options)).Apply(candidates.Select(c => (c.Question, c.Narrative, c.Example)));
        rejected.AddRange(filtered);
        var traces = candidates.ToDictionary(c => c.Question.Id, c => c.Trace, StringComparer.Ordinal);
        made = made with
        {
            Kept = [.. kept.Select(k => (k.Question, traces[k.Question.Id], k.Narrative, k.Example))],
            Rejected = rejected,
        };

        var at = (string file) => Path.Combine(options.Folder, file);
        var examples = made.Kept.Select(k => k.Example).ToList();
        ExampleFiles.WriteExamples(at(ExamplesFile), examples);
        Files.Write(at(SynthesisPipeline.RejectedFile), string.Concat(rejected.Select(r => JsonSerializer.Serialize(r, SynthesisPipeline.Json) + "\n")));
        var written = new List<string> { ExamplesFile };
        // A file of an earlier run that is no longer asked for would tell of other examples.
        foreach (var (format, file) in new[] { (Alpaca, "examples.alpaca.json"), (ShareGpt, "examples.sharegpt.json"), (Parquet, "examples.parquet") })
        {
            if (!options.Formats.Contains(format))
            {
                File.Delete(at(file));
                continue;
            }

            written.Add(file);
            if (format == Alpaca) AlpacaFiles.Write(at(file), examples);
            else if (format == ShareGpt) ShareGptFiles.Write(at(file), examples);
            else ExampleParquet.Write(at(file), Rows(options, made));
        }

        File.Delete(at(DatasetInfo));
        if (options.Formats.Any(f => f is Alpaca or ShareGpt))
        {
            written.Add(DatasetInfo);
            Files.Write(at(DatasetInfo), Info(options.Formats));
        }

        var card = DatasetCard.Of(options, made, written);
        Files.Write(at(CardFile), JsonSerializer.Serialize(card, new JsonSerializerOptions(SynthesisPipeline.Json) { WriteIndented = true }) + "\n");
        Files.Write(at(ReadableCardFile), DatasetCardText.Of(card));
        return made with { Card = card, Files = [.. written.Append(SynthesisPipeline.TracesFile).Append(CardFile).Append(ReadableCardFile).Select(at)] };
    }

    private static (List<(Question Question, Trace Trace, Narrative Narrative, Example Example)> Candidates, List<Rejection> Rejected) Candidates(SynthesisPipelineOptions options, SynthesisOutcome made)
    {
        var failed = made.Problems.Select(p => (p.Question, p.Stage)).ToHashSet();
        var candidates = new List<(Question, Trace, Narrative, Example)>();
        var rejected = new List<Rejection>();
        for (var i = 0; i < made.Questions.Count; i++)
        {
            var question = made.Questions[i];
            void Missing(SynthesisStage stage, string name)
            {
                var problem = failed.Contains((question.Id, stage));
                rejected.Add(new(question.Id, name, problem ? ExpertFailed : NotThere, problem ? made.Problems.First(p => p.Question == question.Id && p.Stage == stage).Cause : ""));
            }

            if (made.Traces[i] is not { } trace) Missing(SynthesisStage.Reason, "reason");
            else if (made.Verified[i] is not { } verdict) Missing(SynthesisStage.Verify, "verify");
            else if (!verdict.Kept) rejected.Add(new(question.Id, "verify", verdict.Reason, trace.Unusable ?? verdict.Said ?? (trace.AnswerLabel is { } label ? $"{label}. {trace.AnswerText}" : trace.AnswerText ?? "")));
            else if (made.Told[i] is not { } told) Missing(SynthesisStage.Narrate, "narrate");
            else if (told.Narrative is not { } narrative) rejected.Add(new(question.Id, "narrate", told.Reason, told.Problem ?? ""));
            else candidates.Add((question, trace, narrative, ExampleWriter.Write(question, narrative, "pathway:" + options.Pathway, told.Open)));
        }

        return (candidates, rejected);
    }

    private static Contamination? Against(SynthesisPipelineOptions options) => options.Against.Count == 0 ? null
        : new Contamination(options.Against.SelectMany(f => QuestionFiles.Read(f).Select(q => (Path.GetFileName(f), q))), options.Filters.Contamination);

    private static IEnumerable<ExampleRow> Rows(SynthesisPipelineOptions options, SynthesisOutcome made)
    {
        var told = made.Told.OfType<ToldTrace>().ToDictionary(t => t.Question, StringComparer.Ordinal);
        return made.Kept.Select(k =>
        {
            var use = ExpertUse.Of(k.Trace) + told[k.Question.Id].Use;
            return new ExampleRow
            {
                Id = k.Example.Id,
                QuestionId = k.Question.Id,
                Question = k.Example.Turns[0].Text,
                Messages = [.. k.Example.Turns.Select(t => new ExampleMessage { Role = t.Role, Content = t.Text })],
                Thought = k.Narrative.ThinkText,
                Answer = k.Narrative.Answer,
                Pathway = options.Pathway,
                Source = k.Example.Source,
                Difficulty = k.Question.Tags.GetValueOrDefault(Difficulty.Tag),
                Language = QuestionLanguage.Of(k.Question),
                TokensIn = use.UnknownTokens == 0 ? use.TokensIn : null,
                TokensOut = use.UnknownTokens == 0 ? use.TokensOut : null,
                Cost = use.WholeCost,
            };
        });
    }

    // LLaMA-Factory finds a data set by this file beside it.
    private static string Info(IReadOnlyList<string> formats)
    {
        var sets = new SortedDictionary<string, object>(StringComparer.Ordinal);
        if (formats.Contains(Alpaca)) sets["citrus_alpaca"] = new { file_name = "examples.alpaca.json" };
        if (formats.Contains(ShareGpt)) sets["citrus_sharegpt"] = new { file_name = "examples.sharegpt.json", formatting = "sharegpt", columns = new { messages = "conversations" } };
        return JsonSerializer.Serialize(sets, new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n";
    }
}
