using Citrus.Research.Models;

namespace Citrus.Research.Tests.Models;

public sealed class TorchTests
{
    [Fact]
    public void Libtorch_loads_from_many_threads_at_once_and_says_what_it_is()
    {
        Parallel.For(0, 8, _ => Torch.EnsureLoaded());
        var found = Torch.Describe();
        Assert.True(found.Available, found.Problem);
        Assert.StartsWith("2.", found.Version);
        Assert.NotEmpty(found.LoadedFrom);
        Assert.True(found.Threads >= 1);
    }

    [Theory]
    [InlineData(null, 0, "cpu")]
    [InlineData("", 2, "cuda:0")]
    [InlineData("cpu", 2, "cpu")]
    [InlineData("cuda", 1, "cuda:0")]
    [InlineData("cuda:1", 2, "cuda:1")]
    public void The_device_is_the_first_gpu_unless_told_otherwise(string? wanted, int gpus, string device) => Assert.Equal(device, Torch.Choose(wanted, gpus));

    [Theory]
    [InlineData("cuda", 0, "0 GPUs")]
    [InlineData("cuda:1", 1, "1 GPU ")]
    [InlineData("gpu", 1, "cpu, cuda or cuda:N")]
    public void A_device_that_is_not_there_is_refused(string wanted, int gpus, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Torch.Choose(wanted, gpus)).Message, StringComparison.Ordinal);
}
