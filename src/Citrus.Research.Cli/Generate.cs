using System.CommandLine;
using System.Diagnostics;
using Citrus.Research.Models;

namespace Citrus.Research.Cli;

/// <summary><c>citrus generate</c>.</summary>
internal static class Generate
{
    private static readonly Option<string> Model = new("--model") { Description = "Folder of a checkpoint: a student made here, or a Llama, Qwen or Mistral as published.", Required = true };

    private static readonly Option<string?> Adapter = new("--adapter") { Description = "Folder of a PEFT adapter (adapter_config.json) of that model." };

    private static readonly Option<string?> Prompt = new("--prompt") { Description = "What the user says, or - to read it from standard input. The model's own chat format is applied. The answer is printed as it is written." };

    private static readonly Option<string?> Prompts = new("--prompts") { Description = "A file of JSON lines to answer, each {\"id\": .., \"prompt\": \"..\"} or {\"id\": .., \"messages\": [{\"role\": .., \"content\": ..}]}. Needs --out." };

    private static readonly Option<string?> Out = new("--out") { Description = "With --prompts: a file of JSON lines that the answers are appended to, each as soon as it is finished. The same command goes on where it stopped." };

    private static readonly Option<string?> System = new("--system") { Description = "System prompt before the user's words." };

    private static readonly Option<double> Temperature = new("--temperature") { Description = "0 takes the likeliest token each time; higher is more varied.", DefaultValueFactory = _ => 0 };

    private static readonly Option<int> TopK = new("--top-k") { Description = "Draw from the K likeliest tokens only; 0 is all.", DefaultValueFactory = _ => 0 };

    private static readonly Option<double> TopP = new("--top-p") { Description = "Draw from the smallest set of likeliest tokens with this probability in all; 1 is all.", DefaultValueFactory = _ => 1 };

    private static readonly Option<double> MinP = new("--min-p") { Description = "Draw from tokens at least this fraction as probable as the likeliest; 0 is all. Order: temperature, top-k, top-p, min-p.", DefaultValueFactory = _ => 0 };

    private static readonly Option<string[]> Stops = new("--stop") { Description = "A text that ends an answer and is not part of it; may be given several times.", DefaultValueFactory = _ => [] };

    private static readonly Option<int> MaxTokens = new("--max-tokens") { Description = "Most tokens to write, thought included.", DefaultValueFactory = _ => 200 };

    private static readonly Option<int?> MaxThinking = new("--max-thinking") { Description = "Most tokens of a thought (<think>); then </think> is written for the model and it goes on to answer." };

    private static readonly Option<int> BatchSize = new("--batch-size") { Description = "Prompts of the file in flight at once.", DefaultValueFactory = _ => 64 };

    private static readonly Option<long> Seed = Inputs.Seed();

    public static Command Create() => Verb.Create("generate", """
        Ask a checkpoint, and print its answer while it is written; or answer a file of prompts, side by side.

        Sampling is greedy unless --temperature says otherwise. A file that was stopped (Ctrl+C too) goes on with the same command: finished answers are kept.
        """,
        "citrus generate --model students/dual --prompt \"dept cardiology male old has dizziness no fever history none ask diagnosis ? atrial_fibrillation A heart_failure B\"\n"
        + "  citrus generate --model models/Qwen2.5-0.5B-Instruct --system \"You are a physician.\" --prompts cases.jsonl --out answers.jsonl --temperature 0.7 --top-p 0.9 --max-tokens 512",
        Run, Model, Adapter, Prompt, Prompts, Out, System, Temperature, TopK, TopP, MinP, Stops, MaxTokens, MaxThinking, BatchSize, Seed);

    private static VerbResult Run(ParseResult parse, CancellationToken cancellation)
    {
        var (prompt, file, output) = (parse.GetValue(Prompt), parse.GetValue(Prompts), parse.GetValue(Out));
        if (prompt is null == file is null) throw new ArgumentException("Say what to answer: --prompt TEXT for one answer, or --prompts FILE --out FILE for many; not both.");
        if (file is not null && output is null) throw new ArgumentException("--prompts needs --out FILE, the file that the answers are appended to.");
        if (file is null && output is not null) throw new ArgumentException("--out belongs to --prompts; the answer to --prompt is printed.");
        var options = new GenerationOptions
        {
            MaxNewTokens = Inputs.AtLeast(parse.GetValue(MaxTokens), 1, "--max-tokens"),
            Temperature = parse.GetValue(Temperature),
            TopK = parse.GetValue(TopK),
            TopP = parse.GetValue(TopP),
            MinP = parse.GetValue(MinP),
            StopTexts = parse.GetValue(Stops) ?? [],
            MaxThinkingTokens = parse.GetValue(MaxThinking),
            BatchSize = Inputs.AtLeast(parse.GetValue(BatchSize), 1, "--batch-size"),
            Seed = parse.GetValue(Seed),
        };
        options.Validate();
        var asked = file is null ? null : PromptFile.Read(file, parse.GetValue(System));
        using var student = Student.Load(Inputs.StudentFolder(parse.GetValue(Model)!));
        if (parse.GetValue(Adapter) is { } adapter) student.Decoder.Attach(PeftAdapter.Read(adapter, student.Decoder));
        return asked is null ? One(student, prompt!, parse.GetValue(System), options, cancellation) : GeneratedFile.Run(student, parse.GetValue(Model)!, parse.GetValue(Adapter), asked, Inputs.OutputFile(output!), options, cancellation);
    }

    private static VerbResult One(Student student, string prompt, string? system, GenerationOptions options, CancellationToken cancellation)
    {
        var said = (prompt is "-" ? Console.In.ReadToEnd() : prompt).Trim();
        if (said.Length == 0) throw new ArgumentException("The prompt is empty; write --prompt \"TEXT\", or --prompt - and give the text on standard input.");
        var ids = student.Prompt(PromptFile.Turns(system, said));
        var limit = student.Decoder.Config.MaxPositions;
        if (ids.Count >= limit) throw new ArgumentException($"The prompt has {Inputs.N(ids.Count)} tokens; this model reads {Inputs.N(limit)}, answer included. Shorten it.");
        UnknownWords? unknown = student.IsOurs ? UnknownWords.In(student.Tokenizer, [student.Tokenizer.Encode(said)]) : null;
        var clock = Stopwatch.StartNew();
        var begun = false;
        var answer = student.AnswerAsync(ids, options, piece =>
        {
            var shown = begun ? piece : piece.TrimStart();
            begun |= shown.Length > 0;
            Console.Out.Write(shown);
            Console.Out.Flush();
        }, cancellation).GetAwaiter().GetResult();
        var seconds = clock.Elapsed.TotalSeconds;
        Console.Out.WriteLine();
        if (unknown is { Unknown: > 0 } some)
        {
            var words = said.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(w => UnknownWords.In(student.Tokenizer, [student.Tokenizer.Encode(w)]).Unknown > 0).Distinct().ToList();
            Console.Error.WriteLine($"Not in its vocabulary: {some}, e.g. {string.Join(", ", words.Take(5))}. The answer is worth little where much is unknown.");
        }

        if (answer.ThoughtCut) Console.Error.WriteLine($"Its thought was ended after {Inputs.N(answer.ThinkingTokens)} tokens; --max-thinking allows more.");
        if (answer.End == GenerationEnd.Length) Console.Error.WriteLine($"Cut off after {Inputs.N(answer.Tokens)} tokens; --max-tokens allows more.");
        if (answer.End == GenerationEnd.Positions) Console.Error.WriteLine($"Cut off where the model reads no further: {Inputs.N(limit)} tokens, prompt included.");
        return new VerbResult([], ("answer", answer.Text.Trim()), ("promptTokens", answer.PromptTokens), ("tokens", answer.Tokens), ("stopped", answer.Stopped), ("end", answer.End.ToString()),
            ("thinkingTokens", answer.ThinkingTokens), ("logProbability", Math.Round(answer.LogProbability, 4)), ("tokensPerSecond", Math.Round(answer.Tokens / seconds, 1)),
            ("unknownTokens", unknown is { } share ? Math.Round(share.Share, 4) : null));
    }
}
