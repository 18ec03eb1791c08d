using System.Globalization;

namespace Citrus.Research.Studies;

/// <summary>A study's progress as plain lines with the time left, for a place that cannot redraw a bar: a notebook cell, a log.</summary>
public static class StudyProgress
{
    /// <summary>Says how far a run is: at once, then every so often, and at the end.</summary>
    /// <param name="say">Gets each line, from whichever thread reports; never two at a time.</param>
    /// <param name="every">Least time between two lines; 15 seconds where null.</param>
    public static Action<JobProgress> Lines(Action<string> say, TimeSpan? every = null)
    {
        var gate = new Lock();
        TimeSpan? last = null;
        return progress =>
        {
            lock (gate)
            {
                var finished = progress.Done == progress.Total;
                if (last is { } before && !finished && progress.Elapsed - before < (every ?? TimeSpan.FromSeconds(15))) return;
                last = progress.Elapsed;
                say(Line(progress));
            }
        };
    }

    /// <summary>One state as a line.</summary>
    public static string Line(JobProgress progress) => string.Create(CultureInfo.InvariantCulture,
        $"{progress.Done}/{progress.Total} steps, {100 * progress.Fraction:0}%, {(progress.Done == progress.Total ? "done after " + Time(progress.Elapsed) : progress.Remaining is { } left ? Time(left) + " left" : "time left not known yet")}");

    private static string Time(TimeSpan time) => time.TotalHours >= 1 ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
