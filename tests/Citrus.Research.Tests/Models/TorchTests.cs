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
}
