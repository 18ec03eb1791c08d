using System.Globalization;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation.Protocols;

/// <summary><c>shuffling</c>: every question in n orders of its options, the answers brought back to the options' own labels and counted as votes.</summary>
/// <param name="Inner">How each order is asked.</param>
public sealed record ShufflingProtocol(ExamProtocol Inner, int N, long Seed) : ExamProtocol
{
    public const string Name = "shuffling";

    public static IReadOnlyList<string> Help { get; } =
    [
        "every question in n orders of its options, the published order first. Answers are brought back to the options' own labels: the majority counts (ties to the earlier order), with likelihoods the best mean over orders. Told too: one order's mean accuracy, how often all orders agree.",
        "n=2..120 (default 4), seed=N (default 0), ask=generation (default) or likelihood, and that protocol's own options.",
    ];

    public override Protocol Label => new(string.Create(CultureInfo.InvariantCulture, $"option shuffling, {N} orders (seed {Seed}), {(ScoresOptions ? "mean un-shuffled score" : "majority of un-shuffled answers")}; {Inner.Label.Name}"), "1");

    public override bool ScoresOptions => Inner.ScoresOptions;

    public static ShufflingProtocol Of(ProtocolSpec spec, ExamSetting setting) => new(
        spec.Word("ask", GenerationProtocol.Name, LikelihoodProtocol.Name) == LikelihoodProtocol.Name ? LikelihoodProtocol.Read(spec, setting) : GenerationProtocol.Of(spec, setting),
        spec.Integer("n", 2, 120) ?? 4, spec.Integer("seed", 0, int.MaxValue) ?? 0);

    public override int Count(Question question)
    {
        var possible = 1;
        for (var i = 2; i <= question.Options.Count && possible < N; i++) possible *= i;
        return Math.Min(N, possible);
    }

    public override IReadOnlyList<ExamAsk> Asks(Question question) =>
        [.. OptionOrder.Draw(question, N, Seed).SelectMany((order, i) => Inner.Asks(OptionOrder.Apply(question, order)).Select(a => a with { Variant = OptionOrder.Variant(order), Repeat = i }))];

    public override string ToString()
    {
        var inner = new ProtocolSpecText(Inner.ToString());
        return ProtocolSpec.Write(Name, ("n", N), ("seed", Seed), ("ask", inner.Name)) + (inner.Options.Length > 0 ? "&" + inner.Options : "");
    }

    /// <summary>The inner protocol's own text in its two halves.</summary>
    private readonly record struct ProtocolSpecText(string Text)
    {
        public string Name => Text.Split('?')[0];

        public string Options => Text.Contains('?', StringComparison.Ordinal) ? Text[(Text.IndexOf('?', StringComparison.Ordinal) + 1)..] : "";
    }
}
