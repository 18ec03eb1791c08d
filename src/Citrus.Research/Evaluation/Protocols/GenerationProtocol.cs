using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation.Protocols;

/// <summary><c>generation</c>: the model writes one output for each question, the answer is read from it.</summary>
public sealed record GenerationProtocol(ExamPrompt Prompt, double? Temperature) : ExamProtocol
{
    public const string Name = "generation";

    public static IReadOnlyList<string> Help { get; } =
    [
        "the model writes, most probable token first, and its answer is read. prompt=expert (think, then answer; the default), plain (answer at once) or bare (the question alone; the default of students made here and of the clinic).",
        "temperature=0..2 or model (what the model's spec or server says). Default: 0, or what the model's spec says.",
    ];

    /// <inheritdoc/>
    public override Protocol Label => Temperature switch
    {
        // What students of ours were always asked, and so the name that their numbers always had.
        0 when Prompt.Style == PromptStyle.Bare => Protocol.Generation,
        0 => new($"greedy generation, {Prompt.Title}", "1"),
        null => new($"generation at the model's own temperature, {Prompt.Title}", "1"),
        { } t => new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"generation at temperature {t}, {Prompt.Title}"), "1"),
    };

    public static GenerationProtocol Of(ProtocolSpec spec, ExamSetting setting) => new(new(spec.Style() ?? setting.Style, setting), TemperatureOf(spec, setting));

    public override IReadOnlyList<ExamAsk> Asks(Question question) => [new(question, Prompt.Messages(question)) { Temperature = (float?)Temperature }];

    public override string ToString() => ProtocolSpec.Write(Name, ("prompt", Prompt.Word), ("temperature", (object?)Temperature ?? "model"));

    internal static double? TemperatureOf(ProtocolSpec spec, ExamSetting setting)
    {
        if (spec.Text("temperature") is "model") return null;
        return spec.Number("temperature", 0, 2) ?? (setting.ModelSetsTemperature ? null : 0);
    }
}
