using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>A question of the simulated clinic, in both registers, with its truth and its exact posterior.</summary>
public sealed record ClinicQuestion
{
    public required Case Case { get; init; }

    /// <summary>In the chart register: the stem ends with <c>?</c>, option texts are ids.</summary>
    public required Question Chart { get; init; }

    /// <summary>In the vignette register: prose, option texts are names; same id, labels and answer as <see cref="Chart"/>.</summary>
    public required Question Vignette { get; init; }

    /// <summary>
    /// P(this option is right | everything the question tells, its options included), by label; sums to 1. The mean of its largest value is the
    /// best accuracy anyone can have.
    /// </summary>
    public required IReadOnlyDictionary<string, double> OptionPosterior { get; init; }

    /// <summary>
    /// Whether the pair of disease and context, forbidding or harmless, is held out: no treatment question of train has it, and those of only one of dev and test. Other kinds of questions, which do
    /// not ask about treatment, may have it.
    /// </summary>
    public required bool Unseen { get; init; }

    public string Id => Chart.Id;

    public string Kind => Chart.Kind;

    /// <summary>The question in one of its registers.</summary>
    public Question In(Register register) => register == Register.Chart ? Chart : Vignette;

    /// <summary>The label with the largest posterior: what an ideal expert answers.</summary>
    public string Best => OptionPosterior.OrderByDescending(p => p.Value).ThenBy(p => p.Key, StringComparer.Ordinal).First().Key;

    /// <summary>Largest option posterior: the chance that an ideal expert is right.</summary>
    public double Ceiling => OptionPosterior.Values.Max();
}
