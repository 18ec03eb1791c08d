using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation.Protocols;

/// <summary><c>likelihood</c>: every option is scored as a continuation, the likeliest is the answer, the first of equals. For models that score texts.</summary>
/// <param name="Prompt">How the question is put.</param>
/// <param name="Of">What of an option is scored: <c>answer</c> (label and text, as a student writes it), <c>letter</c> or <c>text</c>.</param>
/// <param name="PerCharacter">Divide by the characters of the option's text, as lm-evaluation-harness's acc_norm does.</param>
public sealed record LikelihoodProtocol(ExamPrompt Prompt, string Of, bool PerCharacter) : ExamProtocol
{
    public const string Name = "likelihood", PerCharacterName = "likelihood-per-character";

    public static IReadOnlyList<string> Help { get; } =
    [
        "no writing: every option is scored as a continuation of the question, in nats, the likeliest is the answer. Models that score texts only (student:DIR). of=answer (letter and text as a student writes them; the default), letter or text.",
        "per=character divides by the option's length, as lm-evaluation-harness's acc_norm; likelihood-per-character is short for that. prompt=bare (default) or plain.",
    ];

    public override bool ScoresOptions => true;

    public override Protocol Label => (Of, PerCharacter, Prompt.Style) switch
    {
        ("answer", false, PromptStyle.Bare) => Protocol.Likelihood,
        ("answer", true, PromptStyle.Bare) => Protocol.LikelihoodPerCharacter,
        _ => new($"likelihood of {(Of == "answer" ? "options" : "the option's " + Of)}, {(PerCharacter ? "per character" : "summed")}, {Prompt.Title}", "1"),
    };

    public static LikelihoodProtocol Read(ProtocolSpec spec, ExamSetting setting)
    {
        var of = spec.Word("of", "answer", "letter", "text") ?? "answer";
        var perCharacter = spec.Name == PerCharacterName || spec.Word("per", "character", "option") == "character";
        if (perCharacter && of == "letter") throw new FormatException($"Protocol '{spec.Name}': letters have one length; per=character goes with of=answer or of=text.");
        return new(new(spec.Style() is PromptStyle.Plain ? PromptStyle.Plain : PromptStyle.Bare, setting), of, perCharacter);
    }

    public override IReadOnlyList<ExamAsk> Asks(Question question)
    {
        var messages = Prompt.Messages(question);
        return
        [
            new(question, messages)
            {
                Continuations = [.. question.Options.Select(o => Continuation(question, o))],
                Divisors = PerCharacter ? [.. question.Options.Select(o => (double)o.Text.Length)] : null,
            },
        ];
    }

    public override string ToString() => ProtocolSpec.Write(Name, ("of", Of), ("per", PerCharacter ? "character" : "option"), ("prompt", Prompt.Word));

    private string Continuation(Question question, Option option)
    {
        if (Of == "answer") return Prompt.Style == PromptStyle.Bare ? Prompt.Setting.Continuation(question, option) : $"<answer>{option.Label}. {option.Text}</answer>";
        // What stands before the option in a whole answer stands here too.
        var lead = Prompt.Style == PromptStyle.Bare ? " <answer> " : "<answer>";
        return lead + (Of == "letter" ? option.Label : option.Text);
    }
}
