namespace Citrus.Research.Evaluation;

/// <summary>How a benchmark was asked and scored; always printed beside the number, for the number hangs on it.</summary>
/// <param name="Name">What was done, in a few words.</param>
/// <param name="Version">Raised whenever the same outputs could score differently.</param>
public sealed record Protocol(string Name, string Version)
{
    /// <summary>The student writes, most probable token first, until it ends; the answer is read from its text.</summary>
    public static Protocol Generation { get; } = new("greedy generation, think/answer", "1");

    /// <summary>Every option is scored as a continuation of the prompt; the likeliest is the answer (sum of log-probabilities).</summary>
    public static Protocol Likelihood { get; } = new("likelihood of options, summed", "1");

    /// <summary>As <see cref="Likelihood"/>, log-probability divided by the characters of the option (lm-evaluation-harness's acc_norm).</summary>
    public static Protocol LikelihoodPerCharacter { get; } = new("likelihood of options, per character", "1");

    public override string ToString() => $"{Name} v{Version}";
}
