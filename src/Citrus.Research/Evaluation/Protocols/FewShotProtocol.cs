using System.Globalization;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation.Protocols;

/// <summary><c>few-shot</c>: as generation, after k questions with their answers, the same for every question of a language.</summary>
public sealed record FewShotProtocol(ExamPrompt Prompt, int Shots, string From, long Seed, double? Temperature, IReadOnlyDictionary<string, IReadOnlyList<Question>> Examples) : ExamProtocol
{
    public const string Name = "few-shot";

    public static IReadOnlyList<string> Help { get; } =
    [
        "generation after k answered questions, which are shown as earlier turns. from=FILE (needed): a train or dev file; a question that is asked is never among them. k=1..64 (default 5). seed=N (default 0) draws them.",
        "prompt=plain (default) or bare, temperature= as in generation. Chinese questions are shown Chinese examples.",
    ];

    public override Protocol Label => new(string.Create(CultureInfo.InvariantCulture, $"{Shots}-shot generation{(Temperature is 0 ? ", greedy" : Temperature is { } t ? $" at temperature {t}" : ", the model's own temperature")}, {Prompt.Title}, examples of {Path.GetFileName(From)} (seed {Seed})"), "1");

    /// <param name="spec">The options.</param>
    /// <param name="setting">The model and the benchmark.</param>
    /// <param name="asked">The questions that will be asked; none of them may be an example.</param>
    /// <exception cref="FormatException">No file is named, or it has too few questions that are not asked.</exception>
    public static FewShotProtocol Of(ProtocolSpec spec, ExamSetting setting, IReadOnlyList<Question> asked)
    {
        var (shots, seed) = (spec.Integer("k", 1, 64) ?? 5, spec.Integer("seed", 0, int.MaxValue) ?? 0);
        var from = spec.Text("from") ?? throw new FormatException("Protocol 'few-shot' needs from=FILE, a train or dev file that the examples are taken from, e.g. few-shot?k=5&from=train.jsonl.");
        var style = spec.Style() ?? (setting.Style == PromptStyle.Bare ? PromptStyle.Bare : PromptStyle.Plain);
        // Without the questions that are asked nothing is to be sent: a score is read again.
        if (asked.Count == 0) return new(new(style, setting), shots, from, seed, GenerationProtocol.TemperatureOf(spec, setting), new Dictionary<string, IReadOnlyList<Question>>());
        var stems = asked.Select(q => Plain(q.Stem)).ToHashSet(StringComparer.Ordinal);
        var free = QuestionFiles.Read(from).Where(q => !stems.Contains(Plain(q.Stem)) && (setting.Several || q.Answers.Count == 1)).DistinctBy(q => Plain(q.Stem)).ToList();
        var examples = new Dictionary<string, IReadOnlyList<Question>>();
        foreach (var language in asked.Select(QuestionLanguage.Of).Distinct(StringComparer.Ordinal))
        {
            var drawn = SeededRandom.For(seed, "few-shot", language).Sample(free.FindAll(q => QuestionLanguage.Of(q) == language), shots);
            if (drawn.Count < shots)
                throw new FormatException($"{from} has {drawn.Count} questions ({language}) that are not asked themselves; {shots} are needed. Name a train or dev file with from=, or a smaller k.");
            examples[language] = drawn;
        }

        return new(new(style, setting), shots, from, seed, GenerationProtocol.TemperatureOf(spec, setting), examples);
    }

    public override IReadOnlyList<ExamAsk> Asks(Question question) =>
        [new(question, (Prompt with { Examples = Examples[QuestionLanguage.Of(question)] }).Messages(question)) { Temperature = (float?)Temperature }];

    public override string ToString() => ProtocolSpec.Write(Name, ("k", Shots), ("from", From), ("seed", Seed), ("prompt", Prompt.Word), ("temperature", (object?)Temperature ?? "model"));

    /// <summary>A stem without case, spaces and marks: the same question in another typesetting is the same.</summary>
    private static string Plain(string stem) => string.Concat(stem.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
