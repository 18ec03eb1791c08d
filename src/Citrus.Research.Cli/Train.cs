using System.CommandLine;
using System.Globalization;
using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text.Json;
using Citrus.Research.Models;
using Citrus.Research.Studies;
using Citrus.Research.Tokenization;
using Citrus.Research.Training;
using TorchSharp;
using O = Citrus.Research.Cli.TrainOptions;

namespace Citrus.Research.Cli;

/// <summary><c>citrus train</c>.</summary>
internal static class Train
{
    public static Command Create() => Verb.Create("train",
        """
        Train a model on files made by `citrus synthesize`, `citrus clinic` or `citrus corpus`, or on your own, and save it as a Hugging Face folder (with --lora: a PEFT adapter).
        A stage brings a recipe with it, so --stage, --data, --out and a model (--base DIR or --size NAME) are enough; options marked LENGTH, BATCH, STEP, PART and so on change a part of it.
        Stop it whenever you like, even with kill -9: the same command goes on from its last checkpoint. Curves: tensorboard --logdir OUT.run/events, or loss.html in OUT.run.
        """,
        """
        citrus train --stage sft --data data/dual/examples.jsonl --size 0.4M --out students/dual
          citrus train --stage sft-3 --data examples.jsonl --base Qwen2.5-0.5B-Instruct --lora --dev dev.jsonl --out adapters/sft3
          citrus train --stage cpo-simpo --data pairs.jsonl --base models/sft3 --batch-tokens 16384 --accumulate 4 --out models/preferred
        """,
        Run, O.All);

    private static VerbResult Run(ParseResult parse, CancellationToken cancellation)
    {
        var (file, folder, seed) = (parse.GetValue(O.Data)!, parse.GetValue(O.Out)!, parse.GetValue(O.Seed));
        var (from, size) = (parse.GetValue(O.Base), parse.GetValue(O.Size));
        Check(parse, from, size);
        Checkpoint.EnsureReplaceable(folder);
        var known = from is null ? null : StudentTokenizer.Load(from);
        var student = known is null or { Roles.User: not null };
        var gpu = Torch.DefaultDevice.type == DeviceType.CUDA;
        var recipe = O.Resolve(parse, O.RecipeOf(parse.GetValue(O.Stage)!, student), student, gpu);
        if (from is null && recipe.Stage == TrainingStage.Preference) throw new ArgumentException("--stage preference needs --base: a student that has learned nothing has no answers to prefer. Train one with --stage sft first.");

        // Everything is read and checked before a minute is spent on training.
        var data = TrainData.Read(file, recipe.Stage);
        var replayed = parse.GetValue(O.Replay) is { } replayFile ? TrainData.Read(replayFile, TrainingStage.Sft) : null;
        var dev = parse.GetValue(O.Dev) is { } devFile ? Inputs.Read(devFile, parse.GetValue(O.DevLimit)) : null;
        var tokenizer = known ?? data.NewTokenizer(parse.GetValue(O.TokenizerKind), parse.GetValue(O.Vocabulary), parse.GetValue(O.World)!);
        var config = from is not null ? Checkpoint.LoadConfig(from) : StudentSizes.Get(size!, tokenizer.VocabularySize);
        if (tokenizer.VocabularySize > config.VocabularySize) throw new InvalidDataException($"{from}: the tokenizer has {tokenizer.VocabularySize} tokens, the model knows {config.VocabularySize}. They are not of one checkpoint.");
        data.Encode(tokenizer, recipe, config.MaxPositions);
        replayed?.Encode(tokenizer, TrainingRecipes.StudentSft with { Encoding = recipe.Encoding with { FromDivergence = false, AnswerWeight = parse.GetValue(O.AnswerWeight) ?? TrainingRecipes.StudentSft.Encoding.AnswerWeight } }, config.MaxPositions);
        var unknown = UnknownWords.In(tokenizer, data.Ids);

        using var decoder = Load(parse, from, config, seed, recipe, gpu);
        var (batches, options, parts) = Plan(parse, recipe, data);
        options.Validate();
        Say(parse, recipe, data, decoder, tokenizer, unknown, options, parts);

        var runFolder = Path.GetFullPath(parse.GetValue(O.Run) ?? Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + ".run");
        if (parse.GetValue(O.Fresh) && File.Exists(Path.Combine(runFolder, "run.json"))) Directory.Delete(runFolder, recursive: true);
        var settings = O.Settings(parse);
        settings["the contents of --data (sha256)"] = Inputs.Sha256(file);
        if (from is not null) settings["the weights of --base (sha256 of their beginnings)"] = Fingerprint(from);
        if (parse.GetValue(O.Replay) is { } other) settings["the contents of --replay (sha256)"] = Inputs.Sha256(other);
        settings["the recipe's options"] = JsonSerializer.Serialize(options with { Threads = 1 }, StepHash.Json) + (recipe.Loss is { } l ? " " + l : "");
        var peak = parse.GetValue(O.Peak) is { } given ? (given > 0 ? given * 1e12 : throw new ArgumentException("--peak-tflops must be above 0."))
            : PeakSpeed.Measure(decoder.Device, options.Precision == ComputePrecision.BFloat16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32, options.Threads);
        var display = new ProgressDisplay();
        using var run = Open(runFolder, new RunOptions
        {
            SaveEvery = parse.GetValue(O.SaveEvery) is { } every ? Inputs.AtLeast(every, 1, "--save-every") : Math.Max(1, TotalSteps(options, data.Count) / 10),
            Keep = Inputs.AtLeast(parse.GetValue(O.Keep), 1, "--keep"),
            LogEvery = Inputs.AtLeast(parse.GetValue(O.LogEvery), 1, "--log-every"),
            PeakOperations = peak,
            Settings = settings,
            Score = dev is null ? null : new DevScorer(dev, tokenizer, parse.GetValue(O.DevProtocol) == "likelihood", cancellation).Score,
            Decode = tokenizer.Decode,
            Notice = text => Verb.Say("  " + text),
        });
        if (recipe.Loss is { Reference: true }) data.EncodedPairs = ReferenceScores.Of(decoder, data.EncodedPairs, Path.Combine(runFolder, "reference.json"), precision: options.Precision, cancellation: cancellation);
        var summary = Go(parse, recipe, data, replayed, decoder, options, batches(), parts, run, display, cancellation);
        var best = dev is null ? null : run.LoadBest(decoder);

        Save(parse, folder, decoder, tokenizer, JsonSerializer.Serialize(new
        {
            stage = recipe.Stage.ToString().ToLowerInvariant(),
            recipe = recipe.Name,
            data = new { file = Path.GetFileName(file), sha256 = settings["the contents of --data (sha256)"], records = data.Records },
            encoding = data.Report,
            from = from is null ? null : new { folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(from)), sha256 = Fingerprint(from) },
            adapter = decoder.Adapter?.Options,
            frozen = parse.GetValue(O.Freeze) is { Length: > 0 } frozen ? frozen : null,
            seed,
            options,
            loss = recipe.Loss,
            replay = replayed is null ? null : new { file = Path.GetFileName(parse.GetValue(O.Replay)!), sha256 = Inputs.Sha256(parse.GetValue(O.Replay)!), records = replayed.Records },
            dev = dev is null ? null : new { file = Path.GetFileName(parse.GetValue(O.Dev)!), questions = dev.Count, protocol = parse.GetValue(O.DevProtocol), bestStep = best?.Step, accuracy = best?.Score },
            summary,
        }, new JsonSerializerOptions(StepHash.Json) { WriteIndented = true }) + "\n", from);
        var plots = LossPlot.Draw(runFolder, $"Training {Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}: {recipe.Name}", seed);
        return Card(recipe, folder, runFolder, decoder, summary, best, unknown, plots, peak);
    }

    private static void Check(ParseResult parse, string? from, string? size)
    {
        if (from is null == size is null) throw new ArgumentException($"Give --base DIR to go on from a model, or --size NAME ({string.Join(", ", StudentSizes.Names)}) to begin a new student{(from is null ? "" : "; not both")}.");
        if (from is not null && parse.GetValue(O.TokenizerKind) is not null) throw new ArgumentException("--tokenizer is for a new student; a model that goes on from --base keeps its tokenizer.");
        if (size is not null) StudentSizes.Get(size, SpecialTokens.All.Count + 1);
        if (from is not null)
        {
            Inputs.StudentFolder(from);
            if (!File.Exists(Path.Combine(from, Checkpoint.ConfigFile)) && File.Exists(Path.Combine(from, PeftAdapter.ConfigFile)))
                throw new InvalidDataException($"{from} is an adapter, not a model; give the model it was trained on with --base, and this with --adapter.");
        }

        var lora = parse.GetValue(O.Lora) || parse.GetValue(O.Adapter) is not null;
        if (lora && from is null) throw new ArgumentException("--lora needs --base: an adapter is an update of a model that is there.");
        if (lora && parse.GetValue(O.Freeze) is { Length: > 0 }) throw new ArgumentException("--freeze and --lora do not go together: with an adapter the whole model is frozen.");
        if (!parse.GetValue(O.Lora) && new Symbol[] { O.LoraRank, O.LoraAlpha, O.LoraTargets }.OfType<Option>().FirstOrDefault(x => parse.GetResult(x) is { Implicit: false }) is { } stray) throw new ArgumentException($"{stray.Name} is for a new adapter; add --lora.");
        if (parse.GetValue(O.Lora) && parse.GetValue(O.Adapter) is not null) throw new ArgumentException("Give --lora for a new adapter or --adapter DIR to go on with one, not both.");
    }

    /// <summary>The model as training begins: loaded or new, with its adapter or its frozen weights.</summary>
    private static Decoder Load(ParseResult parse, string? from, DecoderConfig config, long seed, TrainingRecipe recipe, bool gpu)
    {
        var type = gpu && from is not null && recipe.Training.Precision == ComputePrecision.BFloat16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;
        var decoder = from is null ? new Decoder(config, seed) : Checkpoint.Load(from, type: type);
        try
        {
            if (parse.GetValue(O.Adapter) is { } adapter)
            {
                decoder.Attach(PeftAdapter.Read(adapter, decoder, from));
                if (PeftAdapter.Dropout(adapter) is > 0 and var dropout) Verb.Say($"  {adapter} was trained with lora_dropout {Inputs.F(dropout, 2)}; training here drops nothing out.");
            }

            if (parse.GetValue(O.Lora))
            {
                var targets = parse.GetValue(O.LoraTargets) is { Length: > 0 } named ? named.SelectMany(t => t.Split(',', StringSplitOptions.RemoveEmptyEntries)).ToArray() : LoraOptions.AllTargets;
                decoder.Attach(new LoraOptions { Rank = Inputs.AtLeast(parse.GetValue(O.LoraRank), 1, "--lora-rank"), Alpha = parse.GetValue(O.LoraAlpha), Targets = targets }, seed);
            }

            if (parse.GetValue(O.Freeze) is { Length: > 0 } patterns)
            {
                var names = Decoder.Names(config).Select(n => n.Name).ToList();
                bool Meant(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
                if (patterns.FirstOrDefault(p => !names.Exists(n => Meant(p, n))) is { } stray)
                    throw new ArgumentException($"--freeze {stray} names no weights of this model; it has {string.Join(", ", names.Take(4))} and so on. * stands for anything.");
                decoder.Freeze(name => patterns.Any(p => Meant(p, name)));
            }

            return decoder;
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <summary>How steps are made of the data, and the budget.</summary>
    private static (Func<object> Batches, TrainingOptions Options, int Parts) Plan(ParseResult parse, TrainingRecipe recipe, TrainData data)
    {
        var (seed, pairs) = (parse.GetValue(O.Seed), data.Stage == TrainingStage.Preference);
        var lengths = pairs ? data.EncodedPairs.Select(p => p.Chosen.Ids.Length + p.Rejected.Ids.Length - 2L).ToList() : [.. data.Sequences.Select(s => s.Ids.Length - 1L)];
        // A step of many tokens is computed in parts of about 8,192, unless said otherwise.
        var tokens = recipe.BatchTokens is { } asked ? Math.Max(asked, (int)lengths.Max()) : (int?)null;
        if (recipe.BatchTokens is { } least && parse.GetValue(O.BatchTokens) is not null && lengths.Max() > least)
            throw new ArgumentException($"--batch-tokens is {least}, but the longest {(pairs ? "pair" : "sequence")} has {lengths.Max()} tokens: raise it, or lower --max-tokens (with --overlong).");
        var parts = parse.GetValue(O.Accumulate) is { } accumulate ? Inputs.AtLeast(accumulate, 1, "--accumulate") : tokens is { } t ? Math.Max(1, t / 8192) : 1;
        long? packed = tokens is { } bin ? Math.Max(1, (lengths.Sum() + bin - 1) / bin) : null;
        var options = recipe.For(data.Count, packed);
        var perStep = packed is { } bins ? Math.Max(1, data.Count / (double)bins) : options.BatchSize;
        options = options with
        {
            Accumulate = parts,
            // Records of one part, by which the warm-up's share of the budget is reckoned.
            BatchSize = Math.Max(1, (int)Math.Round(perStep / parts)),
            Examples = Math.Max(1, (long)Math.Ceiling(data.Count * recipe.Epochs)),
            Steps = null,
        };
        if (parse.GetValue(O.Steps) is not null || parse.GetValue(O.Examples) is not null)
        {
            if (parse.GetValue(O.Epochs) is not null) throw new ArgumentException("Give --epochs, or --steps and --examples; not both.");
            options = options with { Steps = AtLeastOne(O.Steps), Examples = AtLeastOne(O.Examples) };
            if (recipe.Warmup is { } share) options = options with { WarmupSteps = (int)Math.Ceiling(share * TotalSteps(options, data.Count)) };
        }

        object Stream() => pairs
            ? (tokens is { } p ? BatchStreams.Packed(data.EncodedPairs, p, seed) : BatchStreams.Shuffled(data.EncodedPairs, recipe.Training.BatchSize, seed)).ToEnd().InParts(parts)
            : (tokens is { } s ? BatchStreams.Packed(data.Sequences, s, seed) : BatchStreams.Shuffled(data.Sequences, recipe.Training.BatchSize, seed)).ToEnd().InParts(parts);
        return (Stream, options, parts);

        long? AtLeastOne(Option<long?> option) => parse.GetValue(option) is not { } value ? null : value >= 1 ? value : throw new ArgumentException($"{option.Name} is {value}; it must be 1 or more.");
    }

    private static TrainingRun Open(string folder, RunOptions options)
    {
        try
        {
            return TrainingRun.Open(folder, options);
        }
        catch (RunException e) when (File.Exists(Path.Combine(folder, "run.json")))
        {
            throw new RunException($"{e.Message} (--run or --out names another; --fresh forgets this one.)", e);
        }
    }

    private static TrainingSummary Go(
        ParseResult parse, TrainingRecipe recipe, TrainData data, TrainData? replayed, Decoder decoder, TrainingOptions options, object batches, int parts, TrainingRun run, ProgressDisplay display, CancellationToken cancellation)
    {
        TrainingSummary? summary = null;
        var fullRate = options.Optimizer.Muon ? options.Optimizer.MuonRate : options.Optimizer.AdamRate;
        void Show(TrainingProgress p)
        {
            List<string> details = [$"loss {Inputs.F(p.Loss)}", $"{Inputs.N((long)p.TokensPerSecond)} tokens/s", $"rate {(p.RateFactor * fullRate).ToString("G3", CultureInfo.InvariantCulture)}"];
            if (p.GradientNorm is { } norm) details.Add($"gradient {norm.ToString("G3", CultureInfo.InvariantCulture)}");
            if (p.Mfu is { } mfu) details.Add($"MFU {mfu.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "")}");
            if ((p.DeviceMemory ?? p.Memory) is { } memory) details.Add($"{Inputs.F(memory / 1e9, 1)} GB");
            if (p.Score is { } score) details.Add($"dev {Inputs.F(score)}");
            display.Show($"{recipe.Name} step {Inputs.N(p.Step)}", p.Fraction, p.Remaining, details);
        }

        try
        {
            var seed = parse.GetValue(O.Seed);
            display.Run(() => summary = batches is IEnumerable<IReadOnlyList<TrainingPair>> pairs
                ? Trainer.Prefer(decoder, pairs, recipe.Loss!, options, replayed is null ? null : BatchStreams.Shuffled(replayed.Sequences, recipe.Training.BatchSize, seed + 1).ToEnd().InParts(parts), Show, cancellation, run)
                : Trainer.Train(decoder, (IEnumerable<IReadOnlyList<TrainingSequence>>)batches, options, Show, cancellation, run));
            return summary!;
        }
        catch (TrainingFailedException e)
        {
            throw new TrainingFailedException(e.Message.Replace("lower the learning rate or clip gradients (ClipNorm)", "lower --rate, or clip gradients with --clip 1", StringComparison.Ordinal), e);
        }
        catch (Exception e) when (e is OutOfDeviceMemoryException or OutOfMemoryException)
        {
            throw new TrainingFailedException($"Memory is not enough. Compute a step in more parts (--accumulate, now {parts}), lower --batch-tokens or --batch, or --max-tokens; add --activation-checkpointing; train with --lora or --precision bf16. "
                + $"What was learned until the last checkpoint is kept in {run.Folder}. ({e.Message})", e);
        }
    }

    private static void Save(ParseResult parse, string folder, Decoder decoder, StudentTokenizer tokenizer, string note, string? from)
    {
        void More(string draft)
        {
            tokenizer.Save(draft);
            File.WriteAllText(Path.Combine(draft, "training.json"), note);
        }

        if (decoder.Adapter is null) Checkpoint.Save(decoder, folder, tokenizer.EndId, tokenizer.PadId, More);
        else PeftAdapter.Save(decoder, folder, from, writeMore: More);
    }

    private static void Say(ParseResult parse, TrainingRecipe recipe, TrainData data, Decoder decoder, StudentTokenizer tokenizer, UnknownWords unknown, TrainingOptions options, int parts)
    {
        var (from, c) = (parse.GetValue(O.Base), decoder.Config);
        var trained = decoder.Trainable.Sum(p => p.Value.numel());
        Verb.Say($"{recipe.Name}: {Inputs.N(data.Records)} records from {parse.GetValue(O.Data)}; {c.Architecture} of {Inputs.N(c.Parameters)} parameters ({Inputs.N(c.NonEmbeddingParameters)} without embedding), "
            + $"{(from is null ? "new, seed " + parse.GetValue(O.Seed) : "from " + from)}{(trained == c.Parameters ? "" : $", {Inputs.N(trained)} of them trained{(decoder.Adapter is null ? "" : " in an adapter")}")}; "
            + $"{(tokenizer is WordTokenizer ? "word" : "bpe")} tokenizer of {Inputs.N(tokenizer.VocabularySize)} tokens");
        var o = options.Optimizer;
        Verb.Say($"  {(o.Muon ? $"Muon at {G(o.MuonRate)}, AdamW at {G(o.AdamRate)}" : $"AdamW at {G(o.AdamRate)}")}, about {Inputs.N(TotalSteps(options, data.Count))} steps of {(recipe.BatchTokens is { } t ? $"up to {Inputs.N(t)} tokens" : $"{Inputs.N(recipe.Training.BatchSize)} records")}"
            + $"{(parts > 1 ? $" in {parts} parts" : "")}, {options.Shape} after {Inputs.N(options.WarmupSteps)} steps of warm-up, {(options.Precision == ComputePrecision.BFloat16 ? "bf16" : "fp32")} on {decoder.Device}");
        if (recipe.Loss is { } loss) Verb.Say($"  loss: {loss}");
        if (data.Report is { } report) Verb.Say("  " + report);
        if (unknown.Unknown > 0) Verb.Say($"  not in its vocabulary: {unknown}{(unknown.Share > 0.1 ? ". It cannot learn what it cannot read: train a new student on this text instead of going on from --base." : "")}");
    }

    private static VerbResult Card(TrainingRecipe recipe, string folder, string run, Decoder decoder, TrainingSummary summary, (long Step, double Score)? best, UnknownWords unknown, IReadOnlyList<string> plots, double peak)
    {
        var mfu = TrainingRun.ReadLog(run).Select(l => l.Mfu).OfType<double>().Order().ToList() is { Count: > 0 } all ? all[all.Count / 2] : (double?)null;
        Verb.Say($"  {Inputs.N(summary.Steps)} steps, {Inputs.N(summary.Examples)} records, {Inputs.N(summary.Tokens)} tokens ({Inputs.N(summary.LossTokens)} learned) in {ProgressDisplay.Duration(TimeSpan.FromSeconds(summary.Seconds))}: {Inputs.N((long)(summary.Tokens / summary.Seconds))} tokens/s");
        if (mfu is { } m) Verb.Say($"  MFU {m.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "")} (median; 6 operations a weight and token, 4 where frozen, and attention, of {G(peak / 1e12)} TFLOP/s)");
        Verb.Say($"  loss {Inputs.F(summary.Curve[0].Loss)} -> {Inputs.F(summary.FinalLoss)}{(recipe.Stage == TrainingStage.Preference ? "" : " nats a token")}{(summary.PreferenceAccuracy is { } a ? $"; the better answer scores higher in {Inputs.F(a)} of the last pairs" : "")}");
        if (best is { } b) Verb.Say($"  best on dev: {Inputs.F(b.Score)} after step {Inputs.N(b.Step)}, which is what was saved");
        Verb.Say($"  run in {run}: checkpoints, log.jsonl, {(plots.Count > 0 ? "loss.html, " : "")}events for `tensorboard --logdir {Path.Combine(run, "events")}`; delete it when you need it no more");
        Verb.Say(decoder.Adapter is null ? $"  saved in {folder}; ask it: citrus generate --model {folder} --prompt \"...\"" : $"  adapter saved in {folder}; put it into its model: citrus merge --help");
        return new VerbResult([folder, run], ("stage", recipe.Stage.ToString().ToLowerInvariant()), ("recipe", recipe.Name), ("parameters", decoder.Config.Parameters), ("trained", decoder.Trainable.Sum(p => p.Value.numel())),
            ("steps", summary.Steps), ("examples", summary.Examples), ("tokens", summary.Tokens), ("tokensPerSecond", Math.Round(summary.Tokens / summary.Seconds)), ("mfu", mfu is { } x ? Math.Round(x, 4) : null),
            ("firstLoss", Math.Round(summary.Curve[0].Loss, 4)), ("loss", Math.Round(summary.FinalLoss, 4)), ("devAccuracy", best is { } y ? Math.Round(y.Score, 4) : null), ("bestStep", best?.Step),
            ("unknownTokens", Math.Round(unknown.Share, 4)));
    }

    private static int TotalSteps(TrainingOptions options, int records)
    {
        var byExamples = options.Examples is { } e ? (e + ((long)options.BatchSize * options.Accumulate) - 1) / ((long)options.BatchSize * options.Accumulate) : long.MaxValue;
        return (int)Math.Clamp(Math.Min(byExamples, options.Steps ?? long.MaxValue), 1, int.MaxValue);
    }

    /// <summary>Tells one checkpoint from another without reading all of it: config, and size and first megabyte of each file of weights.</summary>
    private static string Fingerprint(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => f.EndsWith(".safetensors", StringComparison.Ordinal) || Path.GetFileName(f) == Checkpoint.ConfigFile).Order(StringComparer.Ordinal))
        {
            using var stream = File.OpenRead(file);
            var bytes = new byte[Math.Min(stream.Length, 1 << 20)];
            stream.ReadExactly(bytes);
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)} {stream.Length} ")));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string G(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
