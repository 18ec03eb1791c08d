using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Citrus.Research.Cli;

/// <summary>Progress with an ETA: a live display on a terminal, a plain line every so often elsewhere.</summary>
internal sealed class ProgressDisplay
{
    private readonly bool _live = !Console.IsErrorRedirected && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("CI") is null;
    private readonly object _gate = new();
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private DateTime _last = DateTime.MinValue;
    private LiveDisplayContext? _context;

    /// <summary>Shows progress while <paramref name="work"/> runs.</summary>
    public void Run(Action work)
    {
        if (!_live)
        {
            work();
            return;
        }

        _console.Live(new Text("")).AutoClear(true).Start(context =>
        {
            lock (_gate) _context = context;
            try
            {
                work();
            }
            finally
            {
                lock (_gate) _context = null;
            }
        });
    }

    /// <summary>One state of the work.</summary>
    /// <param name="title">What is being done, e.g. "pathways 3/14".</param>
    /// <param name="fraction">0..1.</param>
    /// <param name="remaining">Estimated time left, or null while unknown.</param>
    /// <param name="details">What runs just now.</param>
    public void Show(string title, double fraction, TimeSpan? remaining, IReadOnlyList<string> details)
    {
        lock (_gate)
        {
            var now = DateTime.UtcNow;
            if (now - _last < (_context is null ? TimeSpan.FromSeconds(10) : TimeSpan.FromMilliseconds(200)) && fraction < 1) return;
            _last = now;
            var eta = fraction >= 1 ? "done" : remaining is { } left ? "about " + Duration(left) + " left" : "estimating";
            var percent = fraction.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "");
            if (_context is null)
            {
                Console.Error.WriteLine($"{title}  {percent}  {eta}{(details.Count == 0 ? "" : "  [" + string.Join("; ", details) + "]")}");
                return;
            }

            var bar = new StringBuilder().Append('█', (int)(fraction * 40)).Append('░', 40 - (int)(fraction * 40));
            var lines = new List<IRenderable> { new Text($"{title}  {bar}  {percent}  {eta}") };
            lines.AddRange(details.Select(d => new Text("  " + d)));
            _context.UpdateTarget(new Rows(lines));
        }
    }

    public static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? $"{(int)time.TotalHours} h {time.Minutes} min"
        : time.TotalMinutes >= 1 ? $"{(int)time.TotalMinutes} min {time.Seconds} s" : $"{Math.Max(1, (int)time.TotalSeconds)} s";
}
