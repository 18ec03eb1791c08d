namespace Citrus.Research.Evaluation;

/// <summary>Whether a student that checks its conclusions catches its own errors, counted over its written answers.</summary>
/// <param name="Checked">Answers that hold a check.</param>
/// <param name="FirstWrong">Of those, answers whose first conclusion was not the diagnosis.</param>
/// <param name="Caught">Of the first-wrong ones, those in which a check said so.</param>
/// <param name="Repaired">Of the first-wrong ones, those whose last conclusion is the diagnosis.</param>
/// <param name="FalseAlarms">Answers whose first conclusion was the diagnosis and was called wrong.</param>
/// <param name="Broken">Of those first right, those whose last conclusion is not the diagnosis.</param>
public sealed record SelfCorrection(int Checked, int FirstWrong, int Caught, int Repaired, int FalseAlarms, int Broken)
{
    public static SelfCorrection None { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>Adds one answer in the chart register: <c>so x . check x 3 wrong so y .</c></summary>
    /// <param name="answer">The whole answer.</param>
    /// <param name="disease">The id of the true diagnosis.</param>
    public SelfCorrection Add(string answer, string disease)
    {
        var words = answer.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string? first = null, last = null;
        bool check = false, called = false;
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == "so" && i + 1 < words.Length)
            {
                last = words[i + 1];
                first ??= last;
            }
            else if (words[i] == "check" && first is not null && i + 1 < words.Length && words[i + 1] == first)
            {
                check = true;
                called |= i + 3 < words.Length && words[i + 3] == "wrong";
            }
        }

        if (!check || first is null) return this;
        var right = first == disease;
        return new SelfCorrection(
            Checked + 1,
            FirstWrong + (right ? 0 : 1),
            Caught + (!right && called ? 1 : 0),
            Repaired + (!right && last == disease ? 1 : 0),
            FalseAlarms + (right && called ? 1 : 0),
            Broken + (right && last != disease ? 1 : 0));
    }
}
