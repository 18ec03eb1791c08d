using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Studies;

namespace Citrus.Research.Cli;

/// <summary>The frame around every verb: errors for people on stderr, one JSON line for machines at the end of stdout.</summary>
internal static class Verb
{
    /// <summary>Verbs that keep what they have done when they are stopped.</summary>
    private static readonly string[] Resumable = ["reproduce", "study run", "evaluate", "train", "synthesize", "synthesize label", "synthesize reason", "synthesize verify", "synthesize narrate", "synthesize emit", "pairs", "dialogues", "batch submit", "batch collect", "batch run", "batch answer", "generate", "data get"];

    /// <summary>A command whose work is <paramref name="run"/>.</summary>
    public static Command Create(string name, string description, string example, Func<ParseResult, CancellationToken, VerbResult> run, params Symbol[] symbols)
    {
        var command = new Command(name, $"{description}\n\nExample:\n  {example}");
        foreach (var symbol in symbols)
        {
            if (symbol is Option option) command.Add(option);
            else command.Add((Argument)symbol);
        }

        // On a thread of its own: Ctrl+C is listened to only once the action has returned its task.
        command.SetAction((parse, cancellation) => Task.Run(() => Run(FullName(parse), parse, cancellation, run), CancellationToken.None));
        return command;
    }

    /// <summary>A command that only holds others.</summary>
    public static Command Group(string name, string description, params Command[] commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands) group.Add(command);
        return group;
    }

    private static int Run(string name, ParseResult parse, CancellationToken cancellation, Func<ParseResult, CancellationToken, VerbResult> run)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var result = run(parse, cancellation);
            if (result.Error is not null) Console.Error.WriteLine(result.Error);
            var line = new JsonObject
            {
                ["ok"] = result.Error is null,
                ["command"] = name,
                ["seconds"] = Math.Round(clock.Elapsed.TotalSeconds, 2),
                ["outputs"] = JsonSerializer.SerializeToNode(result.Outputs, StepHash.Json),
            };
            if (result.Error is not null) line["error"] = result.Error;
            foreach (var (key, value) in result.Figures) line[key] = JsonSerializer.SerializeToNode(value, StepHash.Json);
            using var self = Process.GetCurrentProcess();
            line["cpuSeconds"] = Math.Round(self.TotalProcessorTime.TotalSeconds, 2);
            line["peakMB"] = self.PeakWorkingSet64 / 1_000_000;
            Console.Out.WriteLine(line.ToJsonString(StepHash.Json));
            return result.Error is null ? 0 : 1;
        }
        catch (Exception error)
        {
            var message = cancellation.IsCancellationRequested && Causes(error).All(e => e is OperationCanceledException)
                ? Causes(error).OfType<StoppedException>().FirstOrDefault()?.Message ?? (Resumable.Contains(name)
                    ? "Stopped. What was finished is kept; the same command goes on from there."
                    : "Stopped before the end; the same command begins anew.")
                : string.Join(Environment.NewLine, Causes(error).Select(Explain).Distinct());
            if (Environment.GetEnvironmentVariable("CITRUS_DEBUG") == "1") Console.Error.WriteLine(error);
            return Fail(name, clock.Elapsed, message);
        }
    }

    /// <summary>A command line that cannot be understood: what is wrong, where help is, and the JSON line.</summary>
    public static int Refuse(ParseResult parse)
    {
        var name = FullName(parse);
        var below = parse.CommandResult.Command.Subcommands;
        var problem = below.Count > 0 && parse.CommandResult.Command.Action is null && parse.UnmatchedTokens.Count == 0
            ? $"Which one? {(name.Length == 0 ? "citrus" : "citrus " + name)} {string.Join(" | ", below.Select(c => c.Name))}"
            : string.Join(Environment.NewLine, parse.Errors.Select(e => e.Message));
        return Fail(name, TimeSpan.Zero, $"{problem}{Environment.NewLine}Run `citrus {(name.Length == 0 ? "" : name + " ")}--help` for what can be said, with an example.");
    }

    private static int Fail(string name, TimeSpan time, string message)
    {
        Console.Error.WriteLine(message);
        Console.Out.WriteLine(new JsonObject
        {
            ["ok"] = false,
            ["command"] = name,
            ["seconds"] = Math.Round(time.TotalSeconds, 2),
            ["error"] = message,
        }.ToJsonString(StepHash.Json));
        return 1;
    }

    private static IEnumerable<Exception> Causes(Exception error) =>
        error is AggregateException many ? many.Flatten().InnerExceptions : [error];

    private static string Explain(Exception error) => error switch
    {
        _ when IsDiskFull(error) => $"The disk is full: {error.Message} Free some space and run the same command again; what was finished is kept.",
        FileNotFoundException { FileName: { } file } missing when !missing.Message.Contains(file, StringComparison.Ordinal) => $"{missing.Message} ({file})",
        ArgumentException { ParamName: { } parameter } => error.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal),
        UnauthorizedAccessException => $"{error.Message} Name a folder that you may write to.",
        DllNotFoundException dll => $"{dll.Message} Run `citrus doctor` to see what is missing.",
        TypeInitializationException { InnerException: { } inner } => Explain(inner),
        _ => error.Message,
    };

    private static bool IsDiskFull(Exception? error) =>
        error is not null && (error is IOException { HResult: unchecked((int)0x80070070) or 28 } || IsDiskFull(error.InnerException));

    private static string FullName(ParseResult parse)
    {
        var names = new List<string>();
        for (var symbol = parse.CommandResult; symbol is not null && symbol.Command is not RootCommand; symbol = symbol.Parent as System.CommandLine.Parsing.CommandResult)
            names.Insert(0, symbol.Command.Name);
        return string.Join(' ', names);
    }

    /// <summary>Prints for people: to stdout; long lines are the terminal's to wrap, and stay whole in a file.</summary>
    public static void Say(string text) => Console.Out.WriteLine(text);
}
