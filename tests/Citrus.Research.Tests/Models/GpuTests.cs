using Citrus.Research.Models;

namespace Citrus.Research.Tests.Models;

public sealed class GpuTests
{
    [Fact]
    public void The_drivers_list_is_read_and_what_is_not_understood_left_out()
    {
        var found = Gpu.Parse("NVIDIA H200, 143771, 4, 580.65.06\nNVIDIA GH200 480GB, [N/A], [N/A], 580.65.06\n\nNVIDIA H100 80GB HBM3, 81559, 1024, 550.54.15\r\n");
        Assert.Equal([new Gpu("NVIDIA H200", 143771, 4, "580.65.06"), new Gpu("NVIDIA H100 80GB HBM3", 81559, 1024, "550.54.15")], found);
    }
}
