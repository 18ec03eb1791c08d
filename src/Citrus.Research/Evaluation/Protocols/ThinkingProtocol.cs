using System.Globalization;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation.Protocols;

/// <summary><c>thinking</c>: every question once for each budget of thought, and a score for each.</summary>
public sealed record ThinkingProtocol(ExamPrompt Prompt, IReadOnlyList<int> Budgets, double? Temperature, int AnswerTokens) : ExamProtocol
{
    public const string Name = "thinking";

    public static IReadOnlyList<string> Help { get; } =
    [
        "a sweep: every question once for each budget of thought, and a score for each. A student's thought is ended at the budget and the student goes on to answer; an endpoint is asked in the prompt to keep to it, and its output is cut at the budget and answer= more tokens.",
        "budgets=0,256,1024 (needed; tokens, up to 32 of them), answer=N (default 512), prompt=expert or bare, temperature= as in generation.",
    ];

    public override Protocol Label => new(string.Create(CultureInfo.InvariantCulture, $"thinking budgets {string.Join(", ", Budgets)} tokens{(Temperature is 0 ? ", greedy" : Temperature is { } t ? $" at temperature {t}" : ", the model's own temperature")}, {Prompt.Title}"), "1");

    public static ThinkingProtocol Of(ProtocolSpec spec, ExamSetting setting)
    {
        var text = spec.Text("budgets") ?? throw new FormatException("Protocol 'thinking' needs budgets=, tokens of thought joined by commas, e.g. thinking?budgets=0,256,1024.");
        var budgets = text.Split(',').Select(b => int.TryParse(b.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= 1_000_000 ? value
            : throw spec.Wrong("budgets", text, "whole numbers from 0 to 1000000 joined by commas")).ToList();
        if (budgets.Count > 32 || budgets.Distinct().Count() != budgets.Count) throw spec.Wrong("budgets", text, "up to 32 different budgets");
        var style = spec.Style() ?? setting.Style;
        if (style == PromptStyle.Plain) throw spec.Wrong("prompt", "plain", "expert or bare, for a plain answer has no thought");
        return new(new(style, setting), [.. budgets.Order()], GenerationProtocol.TemperatureOf(spec, setting), spec.Integer("answer", 1, 1_000_000) ?? 512);
    }

    public override IReadOnlyList<ExamAsk> Asks(Question question) =>
    [
        .. Budgets.Select(b => new ExamAsk(question, (Prompt with { ThinkingTokens = b }).Messages(question))
        {
            Variant = string.Create(CultureInfo.InvariantCulture, $"thinking={b}"),
            ThinkingTokens = b,
            MaxTokens = b + AnswerTokens,
            Temperature = (float?)Temperature,
        }),
    ];

    public override string ToString() => ProtocolSpec.Write(Name, ("budgets", string.Join(',', Budgets)), ("answer", AnswerTokens), ("prompt", Prompt.Word), ("temperature", (object?)Temperature ?? "model"));
}
