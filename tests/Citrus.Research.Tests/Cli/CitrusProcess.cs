using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Citrus.Research.Tests.Cli;

/// <summary>The built command, run as a user runs it.</summary>
/// <param name="Exit">Exit code.</param>
/// <param name="Out">All of stdout.</param>
/// <param name="Error">All of stderr.</param>
internal sealed record CitrusProcess(int Exit, string Out, string Error)
{
    /// <summary>The last line of stdout, which is for machines.</summary>
    public JsonNode Line => JsonNode.Parse(Out.TrimEnd().Split('\n')[^1])!;

    public static CitrusProcess Run(params string[] args) => Run(null, args);

    /// <summary>The command in its own output folder: beside the tests a library is missing that the loopback server takes from ASP.NET Core's framework, and notebooks need it.</summary>
    public static CitrusProcess RunNotebooks(params string[] args)
    {
        var framework = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var (target, configuration) = (Path.GetFileName(framework), Path.GetFileName(Path.GetDirectoryName(framework))!);
        return Run(null, args, Path.Combine(Repository.Root, "src", "Citrus.Research.Cli", "bin", configuration, target));
    }

    /// <param name="started">Called with the process once it has written its first line to stderr.</param>
    /// <param name="folder">Where the command is; beside the tests where null.</param>
    public static CitrusProcess Run(Action<Process>? started, string[] args, string? folder = null)
    {
        // The test project builds the command beside itself; the host is the one this test runs on.
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(folder ?? AppContext.BaseDirectory, "citrus.dll"));
        foreach (var arg in args) start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        var first = started is null ? "" : process.StandardError.ReadLine() + "\n";
        started?.Invoke(process);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CitrusProcess(process.ExitCode, output, first + error.GetAwaiter().GetResult());
    }
}
