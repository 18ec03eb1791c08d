using System.Diagnostics;

namespace Citrus.Research.Tests.Notebooks;

/// <summary>
/// Notebooks run, not only compiled, in a stand-in for .NET Interactive's last release: Roslyn 4.14 with its own script loader, that release's formatter, FSharp.Core 10.0 in the default context.
/// That kernel itself is not run.
/// </summary>
public sealed class InteractiveStandInTests
{
    [Theory]
    [InlineData("01-questions")]
    [InlineData("04-evaluation")]
    public async Task A_notebook_runs_to_its_end_and_draws_while_the_hosts_own_fsharp_core_stays_the_only_one_in_the_default_context(string name)
    {
        var token = TestContext.Current.CancellationToken;
        var framework = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var (target, configuration) = (Path.GetFileName(framework), Path.GetFileName(Path.GetDirectoryName(framework))!);
        var library = Path.Combine(Repository.Root, "src", "Citrus.Research.Cli", "bin", "Release", "net10.0", "Citrus.Research.dll");
        if (!File.Exists(library)) Assert.Skip($"{library} is not built; notebooks name it: dotnet build -c Release");
        var host = Path.Combine(Repository.Root, "tests", "Citrus.Research.InteractiveStandIn", "bin", configuration, target, "Citrus.Research.InteractiveStandIn.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [host, CommittedNotebooks.PathOf(name), "scale", "smoke"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(token), process.StandardError.ReadToEndAsync(token));
        await process.WaitForExitAsync(token);
        var lines = (await output).Split('\n').Select(l => l.TrimEnd()).ToList();
        Assert.True(process.ExitCode == 0, await error);
        Assert.StartsWith("host: C# 13.0, Microsoft.CodeAnalysis.CSharp.Scripting, Version=4.14.0.0", lines[0]);
        Assert.Equal(CommittedNotebooks.Code(name).Select(c => $"cell {c.Id}: done"), lines.Where(l => l.StartsWith("cell ", StringComparison.Ordinal)));
        Assert.Contains(lines, l => l.StartsWith("[result application/vnd.plotly.v1+json ", StringComparison.Ordinal));
        Assert.Equal(["default context: FSharp.Core 10.0.0.0"], lines.Where(l => l.StartsWith("default context: ", StringComparison.Ordinal)));
    }
}
