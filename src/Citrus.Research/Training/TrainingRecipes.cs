using Citrus.Research.Models;

namespace Citrus.Research.Training;

/// <summary>The stages of the paper as recipes: for checkpoints of billions of parameters as published, and for our small students with what they need instead.</summary>
public static class TrainingRecipes
{
    private const string PublishedSft = "the paper's repository: rate 5e-6, 3 epochs, 8,192 tokens, where it cuts what is longer at its head, the question included; here such records lose the middle of their prompt, counted";

    /// <summary>AdamW as Hugging Face's trainer has it: betas 0.9 and 0.999, no decay, gradients clipped at a norm of 1.</summary>
    private static OptimizerOptions AdamW(double rate, double decay = 0) => new() { Muon = false, AdamRate = rate, AdamBeta2 = 0.999, AdamEpsilon = 1e-8, AdamDecay = decay, ClipNorm = 1 };

    private static TrainingOptions Large(double rate, double decay = 0) => new()
    {
        Optimizer = AdamW(rate, decay),
        Precision = ComputePrecision.BFloat16,
        Shape = RateShape.Cosine,
        FinalRate = 0,
    };

    private static readonly TrainingOptions Small = new();

    /// <summary>Continued pre-training of a checkpoint.</summary>
    public static TrainingRecipe Cpt { get; } = new()
    {
        Name = "cpt",
        Stage = TrainingStage.Cpt,
        About = "Plain text, joined with end tokens to sequences of 4,096 tokens, sixteen a step; for published checkpoints. `citrus corpus build` makes the text.",
        Published = "the paper states no figures for this stage; these are usual ones for going on with a model of 0.5 to 8 billion parameters: rate 1e-5 with decay 0.1, one pass",
        Epochs = 1,
        Training = Large(1e-5, decay: 0.1) with { FinalRate = 0.1 },
        Warmup = 0.01,
        Encoding = new EncodingOptions { MaxTokens = 4097 },
        BatchTokens = 65_536,
    };

    /// <summary>Stage 1 of supervised fine-tuning of a checkpoint.</summary>
    public static TrainingRecipe Sft1 { get; } = Sft("sft-1", "General instructions: short tasks, medical and other; for published checkpoints. Clinic data: `citrus clinic stage-data --stage sft-1`.");

    /// <summary>Stage 2.</summary>
    public static TrainingRecipe Sft2 { get; } = Sft("sft-2", "Complex instructions: orders of several hops; for checkpoints after stage 1. Clinic data: `citrus clinic stage-data --stage sft-2`.");

    /// <summary>Stage 3.</summary>
    public static TrainingRecipe Sft3 { get; } = Sft("sft-3", "Long medical reasoning: expert pathways told as thought and answer; for checkpoints after stage 2. Data: `citrus synthesize`, or `citrus clinic stage-data --stage sft-3`.");

    /// <summary>The paper's preference stage.</summary>
    public static TrainingRecipe CpoSimPo { get; } = Preferring("cpo-simpo", PreferenceOptions.CpoSimPo, 1e-6,
        "the paper's repository: CPO with SimPO's score, beta 10, gamma 5.4, alpha 0.05, rate 1e-6, at most 2,048 tokens of which 1,800 prompt, where an answer is cut to the 248 left; here the prompt loses its middle instead, counted");

    /// <summary>SimPO.</summary>
    public static TrainingRecipe SimPo { get; } = Preferring("simpo", PreferenceOptions.SimPo, 1e-6, "SimPO's authors for Llama-3-Instruct 8B v0.2: beta 10, gamma / beta 0.3, rate 1e-6, one epoch, 128 pairs a step");

    /// <summary>DPO.</summary>
    public static TrainingRecipe Dpo { get; } = Preferring("dpo", PreferenceOptions.Dpo, 5e-7, "Rafailov et al. 2023: beta 0.1, summed, against the model before; their rate for RMSprop was 1e-6, 5e-7 is usual with AdamW at 7 billion parameters");

    /// <summary>Continued pre-training of a small student, new or not.</summary>
    public static TrainingRecipe StudentCpt { get; } = new()
    {
        Name = "student-cpt",
        Stage = TrainingStage.Cpt,
        About = "Passages one by one, 16 a step, four times; for students of 0.1M to 100M parameters, new ones too.",
        Published = "ours; the rate is 5,000 times that of a published checkpoint, for a student begins with nothing",
        Epochs = 4,
        Training = Small with { Optimizer = new OptimizerOptions { MuonRate = 0.01 } },
    };

    /// <summary>Supervised fine-tuning of a small student: every stage.</summary>
    public static TrainingRecipe StudentSft { get; } = new()
    {
        Name = "student-sft",
        Stage = TrainingStage.Sft,
        About = "Examples, 16 a step, four times, answers weighed four times; for students, at every stage.",
        Published = "ours; chosen on dev with students of 0.1M (results/NEGATIVE.md has what did not work)",
        Epochs = 4,
        Training = Small with { Optimizer = new OptimizerOptions { MuonRate = 0.01 } },
        Encoding = new EncodingOptions { AnswerWeight = 4 },
    };

    /// <summary>Preference training of a small student.</summary>
    public static TrainingRecipe StudentCpo { get; } = new()
    {
        Name = "student-cpo",
        Stage = TrainingStage.Preference,
        About = "Pairs of a student's own answers, from where they part, summed, with a heavy anchor; for students. Replay the examples of the stage before.",
        Published = "ours; the paper's setting destroys such students (results/NEGATIVE.md), for right and wrong answers share most of their words",
        Epochs = 1,
        Training = Small with { DecayFraction = 1, Optimizer = new OptimizerOptions { Muon = false, AdamRate = 5e-4 } },
        Encoding = new EncodingOptions { FromDivergence = true },
        Loss = new PreferenceOptions { Beta = 1, Gamma = 0, Alpha = 20, LengthNormalised = false },
    };

    /// <summary>All of them, in the order of a chain of stages.</summary>
    public static IReadOnlyList<TrainingRecipe> All { get; } = [Cpt, Sft1, Sft2, Sft3, CpoSimPo, SimPo, Dpo, StudentCpt, StudentSft, StudentCpo];

    /// <summary>The recipe of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static TrainingRecipe Get(string name) =>
        All.FirstOrDefault(r => r.Name == name) ?? throw new ArgumentException($"There is no recipe '{name}'; there are {string.Join(", ", All.Select(r => r.Name))}.");

    private static TrainingRecipe Sft(string name, string about) => new()
    {
        Name = name,
        Stage = TrainingStage.Sft,
        About = about,
        Published = PublishedSft,
        Epochs = 3,
        Training = Large(5e-6),
        Warmup = 0.03,
        Encoding = new EncodingOptions { MaxTokens = 8193, Overlong = Overlong.CutPrompt },
        BatchTokens = 65_536,
    };

    private static TrainingRecipe Preferring(string name, PreferenceOptions loss, double rate, string published) => new()
    {
        Name = name,
        Stage = TrainingStage.Preference,
        About = $"Pairs, 64 a step, once; for published checkpoints after fine-tuning. Loss: {loss}.",
        Published = published,
        Epochs = 1,
        Training = Large(rate) with { BatchSize = 64 },
        Warmup = 0.1,
        Encoding = new EncodingOptions { MaxTokens = 2049, Overlong = Overlong.CutPrompt },
        Loss = loss,
    };
}
