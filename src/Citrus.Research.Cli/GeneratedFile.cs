using System.Diagnostics;
using System.Text.Json.Nodes;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Studies;

namespace Citrus.Research.Cli;

/// <summary>Answers to a file of prompts, one JSON line each, appended as they are finished; what is there already is not asked again.</summary>
internal static class GeneratedFile
{
    /// <summary>One answer.</summary>
    /// <param name="Id">The prompt's.</param>
    /// <param name="Asked">Hash of model, settings and prompt: what the answer depends on.</param>
    /// <param name="End">Why it ended.</param>
    public sealed record Line(string Id, string Asked, string Text, int PromptTokens, int Tokens, int ThinkingTokens, bool ThoughtCut, string End, double LogProbability);

    public static VerbResult Run(Student student, string model, string? adapter, IReadOnlyList<PromptFile.Asked> prompts, string output, GenerationOptions options, CancellationToken cancellation)
    {
        var settings = Settings(model, adapter, options);
        var keys = prompts.Select(p => StepHash.HexOf(new JsonObject { ["settings"] = settings.DeepClone(), ["turns"] = new JsonArray([.. p.Turns.Select(t => (JsonNode)new JsonArray(t.Role, t.Text))]) }.ToJsonString())).ToList();
        using var journal = JsonLinesJournal<Line>.Open(output, StepHash.Json);
        var there = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in journal.Records) there[line.Id] = line.Asked;
        var open = new List<int>();
        for (var i = 0; i < prompts.Count; i++)
        {
            if (!there.TryGetValue(prompts[i].Id, out var asked)) open.Add(i);
            else if (asked != keys[i])
                throw new InvalidDataException($"{output} holds an answer to '{prompts[i].Id}' that was written with another model, other settings or another prompt. Give --out another file, or the command that began this one.");
        }

        if (open.Count == 0)
        {
            Verb.Say($"All {Inputs.N(prompts.Count)} prompts are answered in {output}; nothing to do.");
            return new VerbResult([output], ("prompts", prompts.Count), ("written", 0), ("tokens", 0), ("tokensPerSecond", 0));
        }

        if (open.Count < prompts.Count) Console.Error.WriteLine($"{Inputs.N(prompts.Count - open.Count)} of {Inputs.N(prompts.Count)} are answered already; going on.");
        var encoded = open.Select(i => Encoded(student, prompts[i])).ToList();
        var (display, start, clock) = (new ProgressDisplay(), DateTime.UtcNow, Stopwatch.StartNew());
        var (done, tokens, read, cut) = (0, 0L, 0L, 0);
        // Each prompt has the stream of its own id, so that an answer is the same whichever were finished before.
        display.Run(() => student.Write(encoded, options, null, cancellation, (at, answer) =>
        {
            var i = open[at];
            journal.Append(new Line(prompts[i].Id, keys[i], answer.Text.Trim(), answer.PromptTokens, answer.Tokens, answer.ThinkingTokens, answer.ThoughtCut, answer.End.ToString(), Math.Round(answer.LogProbability, 4)));
            (done, tokens, read, cut) = (done + 1, tokens + answer.Tokens, read + answer.PromptTokens, cut + (answer.Stopped ? 0 : 1));
            display.Show($"{Inputs.N(done)}/{Inputs.N(open.Count)} answers", (double)done / open.Count, Inputs.Left(start, done, open.Count - done), [$"{Inputs.F(tokens / clock.Elapsed.TotalSeconds, 0)} tokens/s"]);
        }, at => SeedOf(options, prompts[open[at]].Id)));
        var seconds = clock.Elapsed.TotalSeconds;
        Verb.Say($"{Inputs.N(done)} answers, {Inputs.N(tokens)} tokens in {ProgressDisplay.Duration(clock.Elapsed)} ({Inputs.F(tokens / seconds, 0)} tokens/s): {output}");
        if (cut > 0) Console.Error.WriteLine($"{Inputs.N(cut)} answers were cut off at a limit; --max-tokens allows more.");
        return new VerbResult([output], ("prompts", prompts.Count), ("written", done), ("promptTokens", read), ("tokens", tokens), ("cutOff", cut), ("tokensPerSecond", Math.Round(tokens / seconds, 1)));
    }

    private static SeededRandom SeedOf(GenerationOptions options, string id) => SeededRandom.For(options.Seed, "generate", "id", id);

    private static IReadOnlyList<int> Encoded(Student student, PromptFile.Asked asked)
    {
        IReadOnlyList<int> ids;
        try
        {
            ids = student.Prompt(asked.Turns);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"Prompt '{asked.Id}': {e.Message}", e);
        }

        var limit = student.Decoder.Config.MaxPositions;
        return ids.Count < limit ? ids : throw new InvalidDataException($"Prompt '{asked.Id}' has {Inputs.N(ids.Count)} tokens; this model reads {Inputs.N(limit)}, answer included. Shorten it or leave it out.");
    }

    /// <summary>All that an answer depends on, beside its prompt; how many are in flight is not among it.</summary>
    private static JsonObject Settings(string model, string? adapter, GenerationOptions o) => new()
    {
        ["model"] = Weights(model),
        ["adapter"] = adapter is null ? null : Weights(adapter),
        ["maxTokens"] = o.MaxNewTokens,
        ["temperature"] = o.Temperature,
        ["topK"] = o.TopK,
        ["topP"] = o.TopP,
        ["minP"] = o.MinP,
        ["seed"] = o.Seed,
        ["stops"] = new JsonArray([.. o.StopTexts.Select(s => (JsonNode)s)]),
        ["maxThinking"] = o.MaxThinkingTokens,
    };

    /// <summary>Which weights: names, sizes and times of the files.</summary>
    private static JsonArray Weights(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFiles().Where(f => f.Extension is ".safetensors" or ".json").OrderBy(f => f.Name, StringComparer.Ordinal)
            .Select(f => (JsonNode)$"{f.Name} {f.Length} {f.LastWriteTimeUtc.Ticks}")];
}
