using System.CommandLine;
using System.Globalization;
using Citrus.Research.Models;
using Citrus.Research.Training;
using Overlong = Citrus.Research.Training.Overlong;

namespace Citrus.Research.Cli;

/// <summary>What can be said to <c>citrus train</c>, and the recipe that it makes.</summary>
internal static class TrainOptions
{
    private static readonly string[] Stages = ["cpt", "sft", "preference"];

    // What is learned, and by whom.
    public static readonly Option<string> Stage = Say("--stage", "cpt: read plain text on. sft: learn from examples. preference: learn from pairs of a better and a worse answer. "
        + $"Each takes the recipe that fits the model; or name one: {string.Join(", ", TrainingRecipes.All.Select(r => r.Name))}.", required: true).AcceptOnlyFromAmong([.. Stages, .. TrainingRecipes.All.Select(r => r.Name).Where(n => !Stages.Contains(n))]);
    public static readonly Option<string> Data = Say("--data", "What to learn from. cpt: .txt (passages with empty lines between) or .jsonl with text. sft: messages, ShareGPT, alpaca, prompt/completion, question/answer. preference: prompt/chosen/rejected, DPO files of other tools. JSON or JSON Lines; the layout is seen from the file.", required: true);
    public static readonly Option<string> Out = Say("--out", "Folder for the trained model, as Hugging Face has it; with --lora a PEFT adapter.", required: true);
    public static readonly Option<string?> Base = new("--base") { Description = "Model to go on from: a student, or a checkpoint of Llama, Qwen2, Qwen2.5, Qwen3 or Mistral as published, with its tokenizer." };
    public static readonly Option<string?> Size = new("--size") { Description = $"Begin a new student of this size instead: {string.Join(", ", StudentSizes.Names)}." };
    public static readonly Option<string?> TokenizerKind = new Option<string?>("--tokenizer") { Description = "Of a new student: word (one token a word, for charts; the world's whole word list is added) or bpe (for prose). Default: what the data look like." }.AcceptOnlyFromAmong("word", "bpe");
    public static readonly Option<int> Vocabulary = new("--vocabulary") { Description = "Tokens of a new bpe tokenizer, 265 or more.", DefaultValueFactory = _ => 4096 };

    // How long.
    public static readonly Option<long?> Examples = new("--examples") { Description = "LENGTH. Stop after this many records, repetitions counted." };
    public static readonly Option<long?> Steps = new("--steps") { Description = "LENGTH. Stop after this many steps." };
    public static readonly Option<double?> Epochs = new("--epochs") { Description = "LENGTH. Times the data. Default: the recipe's." };

    // Batches.
    public static readonly Option<int?> Batch = new("--batch") { Description = "BATCH. Records a step." };
    public static readonly Option<int?> BatchTokens = new("--batch-tokens") { Description = "BATCH. Tokens a step instead: sequences are packed by best fit, each still reads only itself." };
    public static readonly Option<int?> Accumulate = new("--accumulate") { Description = "BATCH. Compute each step in so many parts: less memory, and the same is learned." };
    public static readonly Option<int?> MaxTokens = new("--max-tokens") { Description = "BATCH. Longest sequence. Default: the recipe's, at most what the model reads." };
    public static readonly Option<string?> TooLong = new Option<string?>("--overlong") { Description = "BATCH. Records that are longer: refuse, drop, cut-prompt or cut-answer; what is cut or dropped is counted and told." }.AcceptOnlyFromAmong("refuse", "drop", "cut-prompt", "cut-answer");

    // The step.
    public static readonly Option<double?> Rate = new("--rate") { Description = "STEP. Learning rate: Muon's for hidden matrices where the recipe uses it (AdamW's, for the rest, follows at 0.3 of it), else AdamW's. With --lora the default is ten times the recipe's." };
    public static readonly Option<string?> Optimiser = new Option<string?>("--optimizer") { Description = "STEP. muon (hidden matrices; AdamW for the rest) or adamw." }.AcceptOnlyFromAmong("muon", "adamw");
    public static readonly Option<string?> Schedule = new Option<string?>("--schedule") { Description = "STEP. How the rate falls after the warm-up: wsd (holds, then a line down), cosine or linear." }.AcceptOnlyFromAmong("wsd", "cosine", "linear");
    public static readonly Option<int?> Warmup = new("--warmup") { Description = "STEP. Steps over which the rate rises." };
    public static readonly Option<double?> Decay = new("--weight-decay") { Description = "STEP. Weight decay; norms and biases have none." };
    public static readonly Option<double?> Clip = new("--clip") { Description = "STEP. Largest norm of all gradients together; 0 does not clip." };
    public static readonly Option<double?> Average = new("--ema") { Description = "STEP. Decay of a running average of the weights, e.g. 0.999, which is what is scored and saved." };

    // What is trained.
    public static readonly Option<bool> Lora = new("--lora") { Description = "PART. Train a low-rank adapter and leave the model as it is." };
    public static readonly Option<int> LoraRank = new("--lora-rank") { Description = "PART. Its rank.", DefaultValueFactory = _ => new LoraOptions().Rank };
    public static readonly Option<double> LoraAlpha = new("--lora-alpha") { Description = "PART. Its update counts alpha / rank times.", DefaultValueFactory = _ => new LoraOptions().Alpha };
    public static readonly Option<string[]> LoraTargets = new("--lora-targets") { Description = $"PART. Layers that get one, of {string.Join(" ", LoraOptions.AllTargets)}. Default: all.", AllowMultipleArgumentsPerToken = true };
    public static readonly Option<string?> Adapter = new("--adapter") { Description = "PART. Go on with this PEFT adapter of the --base." };
    public static readonly Option<string[]> Freeze = new("--freeze") { Description = "PART. Leave weights of these names alone, e.g. 'model.embed_tokens.*' or 'model.layers.0.*'; * stands for anything.", AllowMultipleArgumentsPerToken = true };

    // The machine.
    public static readonly Option<string?> Precision = new Option<string?>("--precision") { Description = "MACHINE. fp32, or bf16: on a GPU the weights themselves (with float32 copies for the optimiser), on a CPU matrix products. Default: bf16 on a GPU for published models, else fp32." }.AcceptOnlyFromAmong("fp32", "bf16");
    public static readonly Option<bool> Checkpointing = new("--activation-checkpointing") { Description = "MACHINE. Compute each layer's inner values twice instead of keeping them: less memory, about a third more time." };
    public static readonly Option<int> Threads = new("--threads") { Description = "MACHINE. Threads of one tensor operation; 1 is fastest for small students, and resumes bit for bit.", DefaultValueFactory = _ => 1 };
    public static readonly Option<double?> Peak = new("--peak-tflops") { Description = "MACHINE. What it could do at best, for the log's MFU. Default: measured with a matrix product." };

    // Keeping.
    public static readonly Option<string?> Run = new("--run") { Description = "KEEP. Folder of the run: checkpoints, log.jsonl, TensorBoard events, loss plot. Default: --out with .run behind it." };
    public static readonly Option<bool> Fresh = new("--fresh") { Description = "KEEP. Begin anew where the folder has a run already, which is lost." };
    public static readonly Option<int?> SaveEvery = new("--save-every") { Description = "KEEP. Steps between checkpoints. Default: a tenth of the run." };
    public static readonly Option<int> Keep = new("--keep") { Description = "KEEP. Newest checkpoints kept; the best by --dev is kept besides.", DefaultValueFactory = _ => 2 };
    public static readonly Option<int> LogEvery = new("--log-every") { Description = "KEEP. Steps between lines of the log.", DefaultValueFactory = _ => 10 };
    public static readonly Option<string?> Dev = new("--dev") { Description = "KEEP. Questions that each checkpoint is scored on; the best by accuracy becomes --out. Not the test set." };
    public static readonly Option<string> DevProtocol = new Option<string>("--dev-protocol") { Description = "KEEP. likelihood (the likeliest option counts) or generation (the model writes, its answer is read).", DefaultValueFactory = _ => "likelihood" }.AcceptOnlyFromAmong("likelihood", "generation");
    public static readonly Option<int> DevLimit = new("--dev-limit") { Description = "KEEP. First so many questions of --dev.", DefaultValueFactory = _ => 200 };

    // Single stages.
    public static readonly Option<double?> AnswerWeight = new("--answer-weight") { Description = "SFT. Loss weight of the tokens between the answer tags." };
    public static readonly Option<double?> Beta = new("--beta") { Description = "PREFERENCE. How much one nat of lead of the better answer counts." };
    public static readonly Option<double?> Gamma = new("--gamma") { Description = "PREFERENCE. The lead, times beta, that is asked for." };
    public static readonly Option<double?> Alpha = new("--alpha") { Description = "PREFERENCE. Weight of the better answer's own likelihood, the anchor." };
    public static readonly Option<string?> Replay = new("--replay") { Description = "PREFERENCE. Examples that a batch is learned of beside each batch of pairs, so that what was learned stays; best the file of the sft stage." };
    public static readonly Option<bool> PerToken = new("--per-token") { Description = "PREFERENCE. Score answers by mean log-probability per token (SimPO), not by the sum (CPO)." };
    public static readonly Option<bool> Whole = new("--whole") { Description = "PREFERENCE. Learn from whole answers, not from the first word on in which the two differ. With --per-token --beta 10 --gamma 5.4 --alpha 0.05 the paper's setting, which harms small students (results/NEGATIVE.md)." };

    public static readonly Option<long> Seed = Inputs.Seed();
    public static readonly Option<string> World = Inputs.World();

    public static Symbol[] All { get; } =
    [
        Stage, Data, Out, Base, Size, TokenizerKind, Vocabulary, Examples, Steps, Epochs, Batch, BatchTokens, Accumulate, MaxTokens, TooLong, Rate, Optimiser, Schedule, Warmup, Decay, Clip, Average,
        Lora, LoraRank, LoraAlpha, LoraTargets, Adapter, Freeze, Precision, Checkpointing, Threads, Peak, Run, Fresh, SaveEvery, Keep, LogEvery, Dev, DevProtocol, DevLimit,
        AnswerWeight, Beta, Gamma, Alpha, PerToken, Whole, Replay, Seed, World,
    ];

    /// <summary>Options that decide nothing of what is learned, so they may change when a run is gone on with.</summary>
    private static readonly Symbol[] Free = [Out, Run, Fresh, SaveEvery, Keep, LogEvery, Peak, Dev, DevProtocol, DevLimit, Threads];

    /// <summary>The recipe named, or that of the stage for students or for published models.</summary>
    public static TrainingRecipe RecipeOf(string stage, bool student) => stage switch
    {
        "cpt" => student ? TrainingRecipes.StudentCpt : TrainingRecipes.Cpt,
        "sft" => student ? TrainingRecipes.StudentSft : TrainingRecipes.Sft1,
        "preference" => student ? TrainingRecipes.StudentCpo : TrainingRecipes.CpoSimPo,
        _ => TrainingRecipes.Get(stage),
    };

    /// <summary>The recipe with what the command line says otherwise; ranges are checked under the options' names.</summary>
    public static TrainingRecipe Resolve(ParseResult parse, TrainingRecipe recipe, bool student, bool gpu)
    {
        var o = recipe.Training.Optimizer;
        if (parse.GetValue(Optimiser) is { } kind) o = o with { Muon = kind == "muon" };
        var lora = parse.GetValue(Lora) || parse.GetValue(Adapter) is not null;
        if (In(parse, Rate, r => r is > 0 and < 1, "above 0 and below 1") is { } rate) o = o.Muon ? o with { MuonRate = rate, AdamRate = 0.3 * rate } : o with { AdamRate = rate };
        else if (lora && !student) o = o with { AdamRate = 10 * o.AdamRate };
        if (In(parse, Decay, d => d is >= 0 and < 10, "0 or above, e.g. 0.1") is { } decay) o = o with { AdamDecay = decay, MatrixDecay = decay };
        if (In(parse, Clip, c => c >= 0, "0 or above, e.g. 1") is { } clip) o = o with { ClipNorm = clip == 0 ? null : clip };
        var rounded = parse.GetValue(Precision) is { } given ? given == "bf16" : gpu && recipe.Training.Precision == ComputePrecision.BFloat16;
        var training = recipe.Training with
        {
            Optimizer = o,
            Precision = rounded ? ComputePrecision.BFloat16 : ComputePrecision.Float32,
            Threads = Inputs.AtLeast(parse.GetValue(Threads), 1, "--threads"),
            ActivationCheckpointing = parse.GetValue(Checkpointing),
            AverageDecay = In(parse, Average, e => e is >= 0 and < 1, "in 0..1, e.g. 0.999"),
            Shape = parse.GetValue(Schedule) switch { "cosine" => RateShape.Cosine, "linear" => RateShape.Linear, "wsd" => RateShape.WarmupStableDecay, _ => recipe.Training.Shape },
            BatchSize = parse.GetValue(Batch) is { } batch ? Inputs.AtLeast(batch, 1, "--batch") : recipe.Training.BatchSize,
            WarmupSteps = parse.GetValue(Warmup) is { } warm ? Inputs.AtLeast(warm, 0, "--warmup") : recipe.Training.WarmupSteps,
        };
        if (parse.GetValue(Batch) is not null && parse.GetValue(BatchTokens) is not null) throw new ArgumentException("Give --batch (records a step) or --batch-tokens (tokens a step), not both.");
        var encoding = recipe.Encoding;
        if (In(parse, AnswerWeight, w => w is > 0 and < 1000, "above 0, e.g. 4") is { } weight) encoding = encoding with { AnswerWeight = weight };
        if (parse.GetValue(Whole)) encoding = encoding with { FromDivergence = false };
        if (parse.GetValue(MaxTokens) is { } most) encoding = encoding with { MaxTokens = Inputs.AtLeast(most, 8, "--max-tokens") };
        if (parse.GetValue(TooLong) is { } cut) encoding = encoding with { Overlong = cut switch { "drop" => Overlong.Drop, "cut-prompt" => Overlong.CutPrompt, "cut-answer" => Overlong.CutAnswer, _ => Overlong.Refuse } };
        var loss = recipe.Loss;
        if (loss is not null)
        {
            loss = loss with { Beta = parse.GetValue(Beta) ?? loss.Beta, Gamma = parse.GetValue(Gamma) ?? loss.Gamma, Alpha = parse.GetValue(Alpha) ?? loss.Alpha, LengthNormalised = parse.GetValue(PerToken) || loss.LengthNormalised };
            loss.Validate();
        }
        else if (new Symbol[] { Beta, Gamma, Alpha, PerToken, Whole, Replay }.OfType<Option>().FirstOrDefault(x => parse.GetResult(x) is { Implicit: false }) is { } stray)
        {
            throw new ArgumentException($"{stray.Name} is for preference training; --stage {parse.GetValue(Stage)} has no use for it.");
        }

        return recipe with
        {
            Training = training,
            Encoding = encoding,
            Loss = loss,
            Epochs = In(parse, Epochs, e => e > 0, "above 0") ?? recipe.Epochs,
            Warmup = parse.GetValue(Warmup) is null ? recipe.Warmup : null,
            BatchTokens = parse.GetValue(BatchTokens) is { } tokens ? Inputs.AtLeast(tokens, 8, "--batch-tokens") : parse.GetValue(Batch) is null ? recipe.BatchTokens : null,
        };
    }

    /// <summary>What decides the result, by the name of its option, for a run to know itself by.</summary>
    public static Dictionary<string, string> Settings(ParseResult parse)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in All.Except(Free).OfType<Option>())
        {
            if (parse.GetResult(option) is not { Implicit: false } said) continue;
            // A switch has no words of its own.
            settings[option.Name] = said.Tokens.Count == 0 ? "on" : string.Join(' ', said.Tokens.Select(t => option == Data || option == Base || option == Replay || option == Adapter ? Path.GetFileName(Path.TrimEndingDirectorySeparator(t.Value)) : t.Value));
        }

        return settings;
    }

    private static double? In(ParseResult parse, Option<double?> option, Func<double, bool> good, string mend) =>
        parse.GetValue(option) is not { } value ? null : good(value) ? value : throw new ArgumentException($"{option.Name} is {value.ToString(CultureInfo.InvariantCulture)}; it must be {mend}.");

    private static Option<string> Say(string name, string text, bool required) => new(name) { Description = text, Required = required };
}
