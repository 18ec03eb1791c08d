using System.Globalization;

namespace Citrus.Research.Figures;

/// <summary>What a student made of one question's options, as <c>results/evaluation/option-scores.csv</c> keeps it.</summary>
/// <param name="Student">The folder of the student that was examined.</param>
/// <param name="Question">Id of the question.</param>
/// <param name="Right">Which option is right, from 0.</param>
/// <param name="Scores">Each option's log-probability in nats, in the options' order, joined by spaces.</param>
public sealed record OptionScores(string Student, string Question, int Right, string Scores)
{
    /// <summary>The scores as numbers.</summary>
    /// <exception cref="InvalidDataException">One is none, or the right option is none of them.</exception>
    public IReadOnlyList<double> Values()
    {
        var values = new List<double>();
        foreach (var text in Scores.Split(' '))
            values.Add(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : throw new InvalidDataException($"{Student}, question {Question}: \"{text}\" is no score in nats."));
        return Right >= 0 && Right < values.Count ? values : throw new InvalidDataException($"{Student}, question {Question}: option {Right} of {values.Count} cannot be the right one.");
    }
}
