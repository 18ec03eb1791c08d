using Citrus.Research.Models.Native;

namespace Citrus.Research.Tests.Models.Native;

public sealed class TorchFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("torch-folder").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory, InlineData("torch/lib"), InlineData("torch"), InlineData("")]
    public void A_PyTorch_installation_is_found_by_its_lib_folder_or_one_above(string named)
    {
        var lib = Installation("libc10.so", "libtorch_cpu.so", "libtorch.so");
        File.WriteAllText(Path.Combine(_root, "torch", "version.py"), "from typing import Optional\n\n__all__ = ['__version__']\n__version__ = '2.10.0+cu128'\ncuda: Optional[str] = '12.8'\n");
        var found = TorchFolder.Find(Path.Combine(_root, named));
        Assert.Equal(new TorchFolder(lib, "2.10.0+cu128"), found);
        Assert.True(found.Fits);
    }

    [Theory, InlineData("1.13.0a0", false), InlineData("2.11.0+cu130", false), InlineData("2.1.0", false), InlineData("2.10.2", true)]
    public void Another_version_is_noticed(string version, bool fits)
    {
        Installation("libc10.so", "libtorch_cpu.so", "libtorch.so");
        File.WriteAllText(Path.Combine(_root, "torch", "build-version"), version + "\n");
        var found = TorchFolder.Find(_root);
        Assert.Equal((version, fits), (found.Version, found.Fits));
    }

    [Fact]
    public void An_unknown_version_is_given_the_benefit_of_the_doubt()
    {
        Installation("libc10.so", "libtorch_cpu.so", "libtorch.so");
        File.WriteAllText(Path.Combine(_root, "torch", "version.py"), "nothing of use");
        Assert.Equal(("", true), (TorchFolder.Find(_root).Version, TorchFolder.Find(_root).Fits));
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Contains("no such folder", Assert.Throws<DllNotFoundException>(() => TorchFolder.Find(Path.Combine(_root, "nowhere"))).Message);
        var lib = Installation("libtorch_cpu.so");
        var message = Assert.Throws<DllNotFoundException>(() => TorchFolder.Find(_root)).Message;
        Assert.Contains($"no libc10.so and no libtorch.so in {lib}", message);
        Assert.Contains("torch.__path__", message);
    }

    private string Installation(params string[] files)
    {
        var lib = Directory.CreateDirectory(Path.Combine(_root, "torch", "lib")).FullName;
        foreach (var file in files) File.WriteAllText(Path.Combine(lib, file), "");
        return lib;
    }
}
