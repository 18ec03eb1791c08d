using System.CommandLine;
using System.Text.Json;
using Citrus.Research.Clinic;
using Citrus.Research.Examples;
using Citrus.Research.Models;
using Citrus.Research.Studies;
using Citrus.Research.Tokenization;
using Citrus.Research.Training;

namespace Citrus.Research.Cli;

/// <summary><c>citrus train</c>.</summary>
internal static class Train
{
    private static readonly PreferenceRecipe Preferred = new();

    private const string Cpt = "cpt", Sft = "sft", Preference = "preference";

    private static readonly Option<string> Stage = new Option<string>("--stage") { Description = "cpt: read plain text on. sft: learn from examples (messages). preference: learn from pairs of a better and a worse answer.", Required = true }
        .AcceptOnlyFromAmong(Cpt, Sft, Preference);
    private static readonly Option<string> Data = new("--data") { Description = "What to learn from: for cpt .txt (passages with empty lines between) or .jsonl with text; for sft .jsonl with messages; for preference .jsonl with prompt, chosen, rejected.", Required = true };
    private static readonly Option<string> Out = new("--out") { Description = "Folder to save the student in, as Hugging Face has it.", Required = true };
    private static readonly Option<string?> Base = new("--base") { Description = "Go on from this student, with its tokenizer." };
    private static readonly Option<string?> Size = new("--size") { Description = $"Begin a new student of this size: {string.Join(", ", StudentSizes.Names)}." };
    private static readonly Option<string?> TokenizerKind = new Option<string?>("--tokenizer") { Description = "Of a new student: word (one token a word, for charts; the world's whole word list is added) or bpe (for prose). Default: what the data look like." }
        .AcceptOnlyFromAmong("word", "bpe");
    private static readonly Option<int> Vocabulary = new("--vocabulary") { Description = "Tokens of a new bpe tokenizer, 265 or more.", DefaultValueFactory = _ => 4096 };
    private static readonly Option<long?> Examples = new("--examples") { Description = "Stop after this many records, repetitions counted. Default: four times the file, for preference once." };
    private static readonly Option<long?> Steps = new("--steps") { Description = "Stop after this many steps." };
    private static readonly Option<int> Batch = new("--batch") { Description = "Records a step.", DefaultValueFactory = _ => 16 };
    private static readonly Option<double?> Rate = new("--rate") { Description = "Learning rate: Muon's for hidden matrices in cpt and sft (0.01; AdamW's, for the rest, follows at 0.3 of it), AdamW's in preference." };
    private static readonly Option<double> AnswerWeight = new("--answer-weight") { Description = "sft: loss weight of the tokens between the answer tags.", DefaultValueFactory = _ => 4 };
    private static readonly Option<int> Threads = new("--threads") { Description = "Threads of one tensor operation; 1 is fastest for small students.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> Beta = new("--beta") { Description = "preference: how much one nat of lead of the better answer counts.", DefaultValueFactory = _ => Preferred.Loss.Beta };
    private static readonly Option<double> Gamma = new("--gamma") { Description = "preference: the lead, times beta, that is asked for.", DefaultValueFactory = _ => Preferred.Loss.Gamma };
    private static readonly Option<double> Alpha = new("--alpha") { Description = "preference: weight of the better answer's own likelihood, the anchor.", DefaultValueFactory = _ => Preferred.Loss.Alpha };
    private static readonly Option<string?> Replay = new("--replay") { Description = "preference: examples (.jsonl with messages) that a batch is learned of beside each batch of pairs, so that what was learned stays; best the file of the sft stage." };
    private static readonly Option<bool> PerToken = new("--per-token") { Description = "preference: score answers by mean log-probability per token (SimPO), not by the sum (CPO)." };
    private static readonly Option<bool> Whole = new("--whole") { Description = "preference: learn from whole answers, not from the first word on in which the two differ. With --per-token --beta 10 --gamma 5.4 --alpha 0.05 the paper's setting, which harms small students (results/NEGATIVE.md)." };
    private static readonly Option<string> Precision = new Option<string>("--precision") { Description = "fp32, or bf16: matrix products in bfloat16, half the time from 1M parameters on where the processor has them.", DefaultValueFactory = _ => "fp32" }
        .AcceptOnlyFromAmong("fp32", "bf16");
    private static readonly Option<long> Seed = Inputs.Seed();
    private static readonly Option<string> World = Inputs.World();

    public static Command Create() => Verb.Create("train", "Train a student on files made by `citrus synthesize` or `citrus clinic`, or on your own, and save it as a Hugging Face folder.",
        "citrus train --stage sft --data data/dual/examples.jsonl --size 0.4M --out students/dual",
        Run, Stage, Data, Out, Base, Size, TokenizerKind, Vocabulary, Examples, Steps, Batch, Rate, AnswerWeight, Threads, Precision, Beta, Gamma, Alpha, PerToken, Whole, Replay, Seed, World);

    private static VerbResult Run(ParseResult parse, CancellationToken cancellation)
    {
        var (stage, file, folder, seed) = (parse.GetValue(Stage)!, parse.GetValue(Data)!, parse.GetValue(Out)!, parse.GetValue(Seed));
        var (from, size) = (parse.GetValue(Base), parse.GetValue(Size));
        if (from is null == size is null) throw new ArgumentException($"Give --base DIR to go on from a student, or --size NAME ({string.Join(", ", StudentSizes.Names)}) to begin a new one{(from is null ? "" : "; not both")}.");
        if (from is null && stage == Preference) throw new ArgumentException("--stage preference needs --base: a student that has learned nothing has no answers to prefer. Train one with --stage sft first.");
        if (from is not null && parse.GetValue(TokenizerKind) is not null) throw new ArgumentException("--tokenizer is for a new student; one that goes on from --base keeps its tokenizer.");
        if (size is not null) StudentSizes.Get(size, SpecialTokens.All.Count + 1);
        Checkpoint.EnsureReplaceable(folder);
        if (Directory.Exists(file)) throw new IOException($"--data {file} is a folder; name a file in it.");

        // Everything is read and checked before a minute is spent on training.
        var passages = stage == Cpt ? ExampleFiles.ReadPassages(file).ToList() : [];
        var examples = stage == Sft ? ExampleFiles.ReadExamples(file).ToList() : [];
        var pairs = stage == Preference ? ExampleFiles.ReadPairs(file).ToList() : [];
        var replayed = stage == Preference && parse.GetValue(Replay) is { } replayFile ? ExampleFiles.ReadExamples(replayFile).ToList() : [];
        var records = passages.Count + examples.Count + pairs.Count;
        if (records == 0) throw new InvalidDataException($"{file} holds no record to learn from.");
        if (from is not null) Inputs.StudentFolder(from);
        var tokenizer = from is not null ? StudentTokenizer.Load(from) : NewTokenizer(parse, [.. passages.Select(p => p.Text), .. examples.SelectMany(e => e.Turns.Select(t => t.Text))]);
        using var student = new Student(from is not null ? Checkpoint.Load(from) : new Decoder(StudentSizes.Get(size!, tokenizer.VocabularySize), seed), tokenizer);

        var limit = student.Decoder.Config.MaxPositions;
        var weight = parse.GetValue(AnswerWeight) is > 0 and < 1000 and var w ? w : throw new ArgumentException("--answer-weight must be above 0, e.g. 4.");
        List<TrainingSequence> sequences = [.. passages.SelectMany(p => Pieces(TrainingEncoder.Encode(tokenizer, p), limit)), .. examples.Select(e => Fitting(e.Id, () => TrainingEncoder.Encode(tokenizer, e, weight)))];
        List<TrainingPair> encoded = [.. pairs.Select(p =>
        {
            TrainingPair both = null!;
            Fitting(p.Id, () => (both = TrainingEncoder.Encode(tokenizer, p, fromDivergence: !parse.GetValue(Whole))).Chosen);
            Fitting(p.Id, () => both.Rejected);
            return both;
        })];
        List<TrainingSequence> replay = [.. replayed.Select(e => Fitting(e.Id, () => TrainingEncoder.Encode(tokenizer, e, weight), parse.GetValue(Replay)))];
        var unknown = UnknownWords.In(tokenizer, [.. sequences.Select(s => s.Ids), .. encoded.SelectMany(p => new[] { p.Chosen.Ids, p.Rejected.Ids })]);

        var rate = parse.GetValue(Rate);
        if (rate is not null and not (> 0 and < 1)) throw new ArgumentException($"--rate is {rate.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)}; it must be above 0 and below 1.");
        var options = new TrainingOptions
        {
            BatchSize = Inputs.AtLeast(parse.GetValue(Batch), 1, "--batch"),
            Examples = parse.GetValue(Examples) ?? (parse.GetValue(Steps) is null ? (stage == Preference ? 1L : 4L) * Math.Max(encoded.Count, sequences.Count) : null),
            Steps = parse.GetValue(Steps),
            Threads = parse.GetValue(Threads),
            Precision = parse.GetValue(Precision) == "bf16" ? ComputePrecision.BFloat16 : ComputePrecision.Float32,
            Optimizer = stage == Preference ? Preferred.Optimizer with { AdamRate = rate ?? Preferred.Optimizer.AdamRate } : new OptimizerOptions { MuonRate = rate ?? 0.01, AdamRate = 0.3 * (rate ?? 0.01) },
        };
        options.Validate();
        var c = student.Decoder.Config;
        Verb.Say($"{stage}: {Inputs.N(records)} records from {file}; a student of {Inputs.N(c.Parameters)} parameters ({Inputs.N(c.NonEmbeddingParameters)} without embedding), "
            + $"{(from is null ? "new, seed " + seed : "from " + from)}; {(tokenizer is WordTokenizer ? "word" : "bpe")} tokenizer of {Inputs.N(tokenizer.VocabularySize)} tokens");
        if (unknown.Unknown > 0) Verb.Say($"  not in its vocabulary: {unknown}{(unknown.Share > 0.1 ? ". It cannot learn what it cannot read: train a new student on this text instead of going on from --base." : "")}");

        var loss = new PreferenceOptions { Beta = parse.GetValue(Beta), Gamma = parse.GetValue(Gamma), Alpha = parse.GetValue(Alpha), LengthNormalised = parse.GetValue(PerToken) };
        if (stage == Preference) loss.Validate();

        var display = new ProgressDisplay();
        TrainingSummary? summary = null;
        var reached = 0L;
        void Show(TrainingProgress p)
        {
            reached = p.Step;
            display.Show($"{stage} step {Inputs.N(p.Step)}", p.Fraction, p.Remaining, [$"loss {Inputs.F(p.Loss)}", $"{Inputs.N((long)p.TokensPerSecond)} tokens/s"]);
        }

        try
        {
            display.Run(() => summary = stage == Preference
                ? Trainer.Prefer(student.Decoder, TrainingBatches.Shuffled(encoded, options.BatchSize, seed), loss, options,
                    replay.Count == 0 ? null : TrainingBatches.Shuffled(replay, options.BatchSize, seed + 1), Show, cancellation)
                : Trainer.Train(student.Decoder, TrainingBatches.Shuffled(sequences, options.BatchSize, seed), options, Show, cancellation));
        }
        catch (OperationCanceledException) when (reached > 0)
        {
            // What it has learned so far is kept, though never in the place of a finished student.
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()) folder = Path.TrimEndingDirectorySeparator(folder) + ".stopped";
        }

        Checkpoint.Save(student.Decoder, folder, tokenizer.EndId, tokenizer.PadId, draft =>
        {
            tokenizer.Save(draft);
            File.WriteAllText(Path.Combine(draft, "training.json"), JsonSerializer.Serialize(new
            {
                stage,
                data = new { file = Path.GetFileName(file), sha256 = Inputs.Sha256(file), records },
                from = from is null ? null : new { folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(from)), sha256 = Inputs.Sha256(Path.Combine(from, Checkpoint.WeightsFile)) },
                seed,
                options,
                loss = stage == Preference ? loss : null,
                replay = replay.Count == 0 ? null : new { file = Path.GetFileName(parse.GetValue(Replay)!), sha256 = Inputs.Sha256(parse.GetValue(Replay)!), records = replay.Count },
                stoppedAfterStep = summary is null ? (long?)reached : null,
                summary,
            }, new JsonSerializerOptions(StepHash.Json) { WriteIndented = true }) + "\n");
        });
        if (summary is null)
            throw new StoppedException($"Stopped after about {Inputs.N(reached)} steps. The student as it then was is in {folder}; go on from it with --base {folder} and another --out (the learning rate begins anew).");
        Verb.Say($"  {Inputs.N(summary.Steps)} steps, {Inputs.N(summary.Examples)} records, {Inputs.N(summary.Tokens)} tokens ({Inputs.N(summary.LossTokens)} learned) in {ProgressDisplay.Duration(TimeSpan.FromSeconds(summary.Seconds))}: {Inputs.N((long)(summary.Tokens / summary.Seconds))} tokens/s");
        Verb.Say($"  loss {Inputs.F(summary.Curve[0].Loss)} -> {Inputs.F(summary.FinalLoss)}{(stage == Preference ? "" : " nats a token")}{(summary.PreferenceAccuracy is { } a ? $"; the better answer scores higher in {Inputs.F(a)} of the last pairs" : "")}");
        Verb.Say($"  saved in {folder}; ask it: citrus generate --model {folder} --prompt \"...\"");
        return new VerbResult([folder], ("stage", stage), ("parameters", c.Parameters), ("steps", summary.Steps), ("examples", summary.Examples), ("tokens", summary.Tokens),
            ("tokensPerSecond", Math.Round(summary.Tokens / summary.Seconds)), ("firstLoss", Math.Round(summary.Curve[0].Loss, 4)), ("loss", Math.Round(summary.FinalLoss, 4)), ("unknownTokens", Math.Round(unknown.Share, 4)));

        TrainingSequence Fitting(string id, Func<TrainingSequence> encode, string? source = null)
        {
            try
            {
                var sequence = encode();
                return sequence.Ids.Length <= limit + 1 ? sequence : throw new ArgumentException($"{id} has {Inputs.N(sequence.Ids.Length)} tokens; the student reads {Inputs.N(limit)}. Shorten it or leave it out.");
            }
            catch (ArgumentException e)
            {
                throw new InvalidDataException($"{source ?? file}, {id}: {e.Message}", e);
            }
        }
    }

    private static StudentTokenizer NewTokenizer(ParseResult parse, IReadOnlyList<string> texts)
    {
        // A chart is known by its words, which are known beforehand.
        var world = ChartWords.Of(StudyWorld.Open(parse.GetValue(World)!).Knowledge).ToList();
        var known = world.Concat(SpecialTokens.All).ToHashSet(StringComparer.Ordinal);
        var some = texts.Take(400).SelectMany(t => t.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToList();
        var chart = some.Count(known.Contains) > 0.7 * some.Count;
        if ((parse.GetValue(TokenizerKind) ?? (chart ? "word" : "bpe")) == "bpe")
            return BpeTrainer.Train(texts, new BpeTrainerOptions { VocabularySize = Inputs.AtLeast(parse.GetValue(Vocabulary), 265, "--vocabulary") });
        var learned = WordTokenizer.Train(texts);
        if (!chart) return learned;
        // Words that this file happens not to use come along, so that an exam holds no unknown word.
        var more = Enumerable.Range(0, learned.VocabularySize).Select(learned.TokenOf).OfType<string>().Where(w => !known.Contains(w));
        return WordTokenizer.Of([.. world, .. more]);
    }

    /// <summary>A passage in pieces that the student can read at once.</summary>
    private static IEnumerable<TrainingSequence> Pieces(TrainingSequence passage, int limit) =>
        passage.Ids.Chunk(limit).Where(p => p.Length > 1).Select(p => new TrainingSequence(p));
}
