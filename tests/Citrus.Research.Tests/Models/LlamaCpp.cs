using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Citrus.Research.Tests.Models;

/// <summary>llama.cpp as npm's node-llama-cpp brings it; tests that ask it are skipped where it is absent.</summary>
internal static class LlamaCpp
{
    /// <summary>Names the node_modules folder that holds node-llama-cpp.</summary>
    public const string Variable = "CITRUS_NODE_MODULES";

    /// <summary>Has llama.cpp read files; one answer a run (see tests/fixtures/llama_cpp.mjs).</summary>
    public static async Task<IReadOnlyList<JsonNode>> Read(params object[] runs)
    {
        var modules = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(modules), $"{Variable} names no node_modules folder with node-llama-cpp (npm install --ignore-scripts node-llama-cpp@3.22.1)");
        Assert.SkipUnless(File.Exists(Path.Combine(modules!, "node-llama-cpp", "package.json")), $"{modules} holds no node-llama-cpp");
        var script = Path.Combine(Path.GetDirectoryName(typeof(LlamaCpp).Assembly.Location)!, "fixtures", "llama_cpp.mjs");
        var start = new ProcessStartInfo("node", [script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("node is not installed");
            throw;
        }

        using (process)
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.StandardInput.WriteAsync(JsonSerializer.Serialize(new { threads = 1, runs }));
            process.StandardInput.Close();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, await error);
            return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.StartsWith('{')).Select(l => JsonNode.Parse(l)!)];
        }
    }
}
