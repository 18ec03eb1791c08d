using System.Globalization;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation.Protocols;

/// <summary><c>self-consistency</c>: n sampled outputs a question, the answer given most often counts (Wang et al. 2022, arXiv 2203.11171).</summary>
public sealed record SelfConsistencyProtocol(ExamPrompt Prompt, int N, double? Temperature) : ExamProtocol
{
    public const string Name = "self-consistency";

    public static IReadOnlyList<string> Help { get; } =
    [
        "n outputs a question, sampled; what most of them chose is the answer. A tie goes to what was chosen first, by the sample's number; an output without an answer does not vote. The mean accuracy of one sample and how often all agree are told too.",
        "n=2..1000 (default 8), temperature=0.01..2 or model (default 0.7, or what the model's spec says), prompt= as in generation.",
    ];

    public override Protocol Label => new(string.Create(CultureInfo.InvariantCulture, $"self-consistency, majority of {N} samples at {(Temperature is { } t ? $"temperature {t}" : "the model's own temperature")}, ties to the first given, {Prompt.Title}"), "1");

    public static SelfConsistencyProtocol Of(ProtocolSpec spec, ExamSetting setting) => new(
        new(spec.Style() ?? setting.Style, setting), spec.Integer("n", 2, 1000) ?? 8,
        spec.Text("temperature") is "model" ? null : spec.Number("temperature", 0.01, 2) ?? (setting.ModelSetsTemperature ? null : 0.7));

    public override int Count(Question question) => N;

    public override IReadOnlyList<ExamAsk> Asks(Question question)
    {
        var messages = Prompt.Messages(question);
        return [.. Enumerable.Range(0, N).Select(i => new ExamAsk(question, messages) { Repeat = i, Temperature = (float?)Temperature })];
    }

    public override string ToString() => ProtocolSpec.Write(Name, ("n", N), ("temperature", (object?)Temperature ?? "model"), ("prompt", Prompt.Word));
}
