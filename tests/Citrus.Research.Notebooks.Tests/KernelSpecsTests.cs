using System.Text.Json.Nodes;
using Citrus.Research.Notebooks.Jupyter;

namespace Citrus.Research.Notebooks.Tests;

public sealed class KernelSpecsTests : IDisposable
{
    private readonly string prefix = Directory.CreateTempSubdirectory("citrus-spec-").FullName;

    public void Dispose() => Directory.Delete(prefix, recursive: true);

    [Fact]
    public void A_kernelspec_is_what_jupyter_reads_and_installing_again_changes_nothing()
    {
        var spec = KernelSpecs.Install(["/some/dotnet", "/some/citrus.dll"], prefix: prefix);
        Assert.Equal(Path.Combine(prefix, "share", "jupyter", "kernels", "citrus-csharp"), spec.Folder);
        var file = Path.Combine(spec.Folder, "kernel.json");
        var first = File.ReadAllText(file);
        var json = JsonNode.Parse(first)!;
        Assert.Equal(["/some/dotnet", "/some/citrus.dll", "kernel", "run", "--connection-file", "{connection_file}"], json["argv"]!.AsArray().Select(a => a!.ToString()));
        Assert.Equal(("C#", "message"), (json["language"]!.ToString(), json["interrupt_mode"]!.ToString()));
        Assert.True(File.Exists(Path.Combine(spec.Folder, "logo-64x64.png")));
        KernelSpecs.Install(["/some/dotnet", "/some/citrus.dll"], prefix: prefix);
        Assert.Equal(first, File.ReadAllText(file));
    }

    [Fact]
    public void The_list_flags_a_command_that_is_gone()
    {
        KernelSpecs.Install([Path.Combine(prefix, "gone")], prefix: prefix);
        var spec = Assert.Single(KernelSpecs.List(prefix), s => s.Folder.StartsWith(prefix, StringComparison.Ordinal));
        Assert.True(spec.IsOurs);
        Assert.Contains("does not exist any more", spec.Problem);
    }

    [Fact]
    public void A_kernelspec_of_somebody_else_s_is_neither_replaced_nor_removed()
    {
        var folder = Path.Combine(prefix, "share", "jupyter", "kernels", KernelSpecs.InteractiveName);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "kernel.json"), """{"argv":["dotnet","interactive"],"display_name":".NET (C#)","language":"C#"}""");
        Assert.Contains("--force", Assert.Throws<KernelException>(() => KernelSpecs.Install(["x"], KernelSpecs.InteractiveName, prefix)).Message);
        Assert.Contains("left alone", Assert.Throws<KernelException>(() => KernelSpecs.Uninstall(KernelSpecs.InteractiveName, prefix)).Message);
        Assert.True(KernelSpecs.Install(["x"], KernelSpecs.InteractiveName, prefix, force: true).IsOurs);
    }

    [Fact]
    public void Uninstalling_removes_the_folder_and_says_so_where_there_is_none()
    {
        var folder = KernelSpecs.Install(["x"], prefix: prefix).Folder;
        Assert.Equal(folder, KernelSpecs.Uninstall(prefix: prefix));
        Assert.False(Directory.Exists(folder));
        Assert.Contains("There is no kernelspec", Assert.Throws<KernelException>(() => KernelSpecs.Uninstall(prefix: prefix)).Message);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named_with_the_mend()
    {
        var file = Path.Combine(prefix, "file");
        File.WriteAllText(file, "");
        Assert.Contains("--prefix", Assert.Throws<KernelException>(() => KernelSpecs.Install(["x"], prefix: file)).Message);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("")]
    public void A_name_that_leaves_the_folder_is_refused(string name) => Assert.Throws<KernelException>(() => KernelSpecs.Install(["x"], name, prefix));

    [Fact]
    public void The_user_s_folder_is_jupyter_s()
    {
        Assert.Equal("/chosen", KernelFolders.UserData(v => v == "JUPYTER_DATA_DIR" ? "/chosen" : null, "/home/me"));
        if (!OperatingSystem.IsLinux()) return;
        Assert.Equal("/home/me/.local/share/jupyter", KernelFolders.UserData(_ => null, "/home/me"));
        Assert.Equal("/data/jupyter", KernelFolders.UserData(v => v == "XDG_DATA_HOME" ? "/data" : null, "/home/me"));
    }
}
