using System.Diagnostics;
using System.Text.Json.Nodes;
using Citrus.Research.Tests.Cli;

namespace Citrus.Research.Tests.Notebooks;

/// <summary>A committed notebook under our kernel, by Jupyter's own nbconvert, as it lies in the checkout.</summary>
public sealed class JupyterNotebookTests
{
    [Fact]
    public async Task A_notebook_runs_unmodified_under_our_kernel_by_nbconvert()
    {
        var token = TestContext.Current.CancellationToken;
        var python = await PythonAsync(token);
        if (python is null) Assert.Skip("no python3 with nbconvert (Debian: apt install python3-nbclient python3-nbconvert)");
        using var folder = new TempFolder();
        var installed = CitrusProcess.RunNotebooks("kernel", "install", "--name", ".net-csharp", "--prefix", folder.Root);
        Assert.True(installed.Exit == 0, installed.Error);
        var run = await StartAsync(python, folder.Root, token, "-m", "nbconvert", "--to", "notebook", "--execute", "--output-dir", folder["out"], CommittedNotebooks.PathOf("01-questions"));
        Assert.True(run.Exit == 0, run.Error);

        var executed = JsonNode.Parse(await File.ReadAllTextAsync(folder[Path.Combine("out", "01-questions.ipynb")], token))!["cells"]!.AsArray().Where(c => c!["cell_type"]!.ToString() == "code").ToList();
        Assert.Equal(Enumerable.Range(1, executed.Count), executed.Select(c => (int)c!["execution_count"]!));
        var outputs = executed.SelectMany(c => c!["outputs"]!.AsArray()).ToList();
        Assert.DoesNotContain(outputs, o => o!["output_type"]!.ToString() == "error");
        Assert.Contains(outputs, o => o!["data"]?["application/vnd.plotly.v1+json"] is not null);
        Assert.Contains(outputs, o => o!["data"]?["text/html"]?.ToString().Contains("citrus-question", StringComparison.Ordinal) == true);
        // The committed file is as it was: nothing but the copy has outputs.
        Assert.All(CommittedNotebooks.Code("01-questions"), c => Assert.Empty(c.Outputs));
    }

    private static async Task<string?> PythonAsync(CancellationToken token)
    {
        foreach (var candidate in new[] { "/usr/bin/python3", "python3" })
        {
            try
            {
                if ((await StartAsync(candidate, null, token, "-c", "import nbconvert, nbclient, jupyter_client")).Exit == 0) return candidate;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // Not there; the next one may be.
            }
        }

        return null;
    }

    private static async Task<(int Exit, string Error)> StartAsync(string program, string? prefix, CancellationToken token, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Jupyter of this user's is left alone: the kernel is found below the prefix, and nothing is written elsewhere.
        if (prefix is not null)
        {
            start.Environment["JUPYTER_PATH"] = Path.Combine(prefix, "share", "jupyter");
            start.Environment["JUPYTER_RUNTIME_DIR"] = Path.Combine(prefix, "runtime");
            start.Environment["JUPYTER_CONFIG_DIR"] = Path.Combine(prefix, "config");
            start.Environment["IPYTHONDIR"] = Path.Combine(prefix, "ipython");
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(token), process.StandardError.ReadToEndAsync(token));
        try
        {
            await process.WaitForExitAsync(token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output + await error);
    }
}
