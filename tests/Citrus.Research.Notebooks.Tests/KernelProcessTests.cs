using System.Diagnostics;

namespace Citrus.Research.Notebooks.Tests;

/// <summary>The real kernel process, driven by Jupyter's own client (Debian: python3-jupyter-client, python3-nbconvert); see jupyter/kernel_scenarios.py.</summary>
public sealed class KernelProcessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(150);

    [Theory]
    [InlineData("executes")]
    [InlineData("fails_well")]
    [InlineData("answers_questions")]
    [InlineData("is_interrupted")]
    [InlineData("writes_much")]
    [InlineData("restarts_and_ends")]
    [InlineData("two_at_once")]
    [InlineData("refuses_forgeries")]
    [InlineData("dies_with_its_parent")]
    [InlineData("refuses_strangers")]
    [InlineData("converts")]
    public async Task The_kernel_under_jupyter(string scenario)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("the scenarios use signals and /proc");
        var citrus = Citrus();
        if (citrus is null) Assert.Skip("citrus.dll is not built; run dotnet build first");
        var python = await Python();
        if (python is null) Assert.Skip("no python3 with jupyter_client, nbclient and nbconvert (Debian: apt install python3-nbclient python3-nbconvert)");
        var folder = Directory.CreateTempSubdirectory("citrus-kernel-").FullName;
        try
        {
            var (code, text) = await Run(Host, folder, citrus, "kernel", "install");
            Assert.True(code == 0, text);
            (code, text) = await Run(python, folder, Path.Combine(AppContext.BaseDirectory, "jupyter", "kernel_scenarios.py"), scenario, Host, citrus, folder);
            Assert.True(code == 0 && text.TrimEnd().EndsWith("ok", StringComparison.Ordinal), $"{scenario}: exit {code}\n{text}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
        : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "dotnet"));

    private static string? Citrus()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = here.Parent!.Name;
        while (here is not null && !File.Exists(Path.Combine(here.FullName, "Citrus.Research.sln"))) here = here.Parent;
        var path = here is null ? "" : Path.Combine(here.FullName, "src", "Citrus.Research.Cli", "bin", configuration, "net10.0", "citrus.dll");
        return File.Exists(path) ? path : null;
    }

    private static async Task<string?> Python()
    {
        foreach (var candidate in new[] { "python3", "/usr/bin/python3" })
        {
            try
            {
                if ((await Run(candidate, Path.GetTempPath(), "-c", "import jupyter_client, nbclient, nbconvert, nbformat")).Code == 0) return candidate;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // Not there: the next one.
            }
        }

        return null;
    }

    private static async Task<(int Code, string Text)> Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder };
        start.Environment["JUPYTER_DATA_DIR"] = Path.Combine(folder, "data");
        start.Environment["JUPYTER_RUNTIME_DIR"] = Path.Combine(folder, "runtime");
        start.Environment["JUPYTER_CONFIG_DIR"] = Path.Combine(folder, "config");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await error + await output);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"{program} {string.Join(' ', arguments)} was stopped after {Limit}");
        }
    }
}
