using System.Text.Json;
using System.Text.Json.Nodes;

namespace Citrus.Research.Tests.Notebooks;

/// <summary>What VS Code and Dev Containers read of the checkout: JSON with comments, as both allow. That a container starts is not tested.</summary>
public sealed class WorkspaceFilesTests
{
    [Fact]
    public void Vs_code_is_told_which_extensions_open_the_notebooks_and_where_a_kernel_starts()
    {
        var wanted = Read(".vscode", "extensions.json")["recommendations"]!.AsArray().Select(e => e!.ToString()).ToList();
        Assert.Contains("ms-toolsai.jupyter", wanted);
        Assert.Contains("ms-dotnettools.csharp", wanted);
        Assert.Equal("${fileDirname}", Read(".vscode", "settings.json")["jupyter.notebookFileRoot"]!.ToString());
        Assert.All(Read(".vscode", "tasks.json")["tasks"]!.AsArray(), t => Assert.Equal("dotnet", t!["command"]!.ToString()));
    }

    [Fact]
    public void The_container_has_the_sdk_jupyter_and_a_browser_and_installs_the_kernel_under_the_name_that_notebooks_ask_for()
    {
        var container = Read(".devcontainer", "devcontainer.json");
        var recipe = File.ReadAllText(Path.Combine(Repository.Root, ".devcontainer", container["build"]!["dockerfile"]!.ToString()));
        Assert.Contains("python3-nbclient", recipe);
        Assert.Contains("chromium", recipe);
        Assert.Equal("10.0", container["features"]!.AsObject().Single(f => f.Key.Contains("dotnet", StringComparison.Ordinal)).Value!["version"]!.ToString());
        var after = container["postCreateCommand"]!.ToString();
        Assert.Contains("dotnet build -c Release", after);
        Assert.Contains("kernel install --name .net-csharp", after);
    }

    private static JsonNode Read(params string[] path) => JsonNode.Parse(
        File.ReadAllText(Path.Combine([Repository.Root, .. path])), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!;
}
