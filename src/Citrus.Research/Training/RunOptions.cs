using Citrus.Research.Models;

namespace Citrus.Research.Training;

/// <summary>How a training is kept on disk; nothing here changes what is learned.</summary>
public sealed record RunOptions
{
    /// <summary>Steps between two checkpoints; null writes them only at the end and where the run is stopped.</summary>
    public int? SaveEvery { get; init; }

    /// <summary>Newest checkpoints that are kept; the best by <see cref="Score"/> is kept beside them.</summary>
    public int Keep { get; init; } = 2;

    /// <summary>Steps between two lines of the log; each line's loss is a mean over them.</summary>
    public int LogEvery { get; init; } = 10;

    /// <summary>Floating-point operations a second that the machine could do at best, by which the log's MFU is reckoned; null leaves it out.</summary>
    public double? PeakOperations { get; init; }

    /// <summary>Everything that decides the result, by the name the user knows it by. A run that is resumed with another value is refused with that name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Scores the decoder at each checkpoint, higher is better; null keeps no best.</summary>
    public Func<Decoder, double>? Score { get; init; }

    /// <summary>Text of token ids, for the batch that is left where a training fails.</summary>
    public Func<IReadOnlyList<int>, string>? Decode { get; init; }

    /// <summary>Told what a person should know: where a run goes on, and what was skipped.</summary>
    public Action<string>? Notice { get; init; }

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Validate()
    {
        Check(SaveEvery is null or >= 1, nameof(SaveEvery), SaveEvery ?? 0, "at least 1, or null");
        Check(Keep >= 1, nameof(Keep), Keep, "at least 1");
        Check(LogEvery >= 1, nameof(LogEvery), LogEvery, "at least 1");
        Check(PeakOperations is null or > 0, nameof(PeakOperations), PeakOperations ?? 0, "above 0, or null");
        static void Check(bool good, string name, double value, string mend)
        {
            if (!good) throw new ArgumentException(FormattableString.Invariant($"Run: {name} is {value}; it must be {mend}."));
        }
    }
}
