using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks.Tests;

/// <summary>The built command, run as a user runs it. This project does not build it: where it is not there, tests skip.</summary>
/// <param name="Exit">Exit code.</param>
/// <param name="Out">All of stdout.</param>
/// <param name="Error">All of stderr.</param>
internal sealed record CitrusCommand(int Exit, string Out, string Error)
{
    /// <summary>The last line of stdout, which is for machines.</summary>
    public JsonNode Line => JsonNode.Parse(Out.TrimEnd().Split('\n')[^1])!;

    /// <summary>The program of the checkout in this configuration, or null.</summary>
    public static string? Program
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            var configuration = here.Parent!.Name;
            while (here is not null && !File.Exists(Path.Combine(here.FullName, "Citrus.Research.sln"))) here = here.Parent;
            var path = here is null ? "" : Path.Combine(here.FullName, "src", "Citrus.Research.Cli", "bin", configuration, "net10.0", "citrus.dll");
            return File.Exists(path) ? path : null;
        }
    }

    /// <summary>Runs it; skips the test where it is not built.</summary>
    public static Task<CitrusCommand> Run(params string[] arguments) => Run(static _ => Task.CompletedTask, arguments);

    /// <summary>Runs it, and does something meanwhile.</summary>
    public static async Task<CitrusCommand> Run(Func<Process, Task> meanwhile, params string[] arguments)
    {
        if (Program is not { } program)
        {
            Assert.Skip("citrus.dll is not built; run dotnet build first");
            throw new InvalidOperationException();
        }

        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } named ? named
            : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "dotnet"));
        return await Run(host, [program, .. arguments], meanwhile);
    }

    /// <summary>Runs any program to its end.</summary>
    public static Task<CitrusCommand> Run(string file, string[] arguments) => Run(file, arguments, static _ => Task.CompletedTask);

    private static async Task<CitrusCommand> Run(string file, string[] arguments, Func<Process, Task> meanwhile)
    {
        var start = new ProcessStartInfo(file) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await meanwhile(process);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CitrusCommand(process.ExitCode, await output, await error);
    }
}
