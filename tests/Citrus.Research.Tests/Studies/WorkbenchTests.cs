using Citrus.Research.Models;
using Citrus.Research.Studies;

namespace Citrus.Research.Tests.Studies;

/// <summary>What notebooks begin with.</summary>
[Collection("environment")]
public sealed class WorkbenchTests : IDisposable
{
    private readonly string? before = Environment.GetEnvironmentVariable(Torch.DeviceVariable);

    [Fact]
    public void The_first_line_of_a_notebook_names_versions_and_the_device()
    {
        var line = Workbench.Describe();
        Assert.Matches(@"^Citrus\.Research [0-9].*, \.NET 10\..* on .*, [0-9]+ cores; libtorch .*, device (cpu|cuda.*)$", line);
        Assert.DoesNotContain("\n", line);
    }

    [Fact]
    public void A_device_is_chosen_by_its_name_and_auto_leaves_the_choice()
    {
        Environment.SetEnvironmentVariable(Torch.DeviceVariable, null);
        Assert.StartsWith("device ", Workbench.Use("auto"));
        Assert.Null(Environment.GetEnvironmentVariable(Torch.DeviceVariable));
        Assert.Equal("device cpu", Workbench.Use("cpu"));
        Assert.Equal("cpu", Environment.GetEnvironmentVariable(Torch.DeviceVariable));
    }

    [Theory]
    [InlineData("gpu", "auto, cpu, cuda or cuda:N")]
    [InlineData("cuda:x", "auto, cpu, cuda or cuda:N")]
    [InlineData("cuda:99", "libtorch sees")]
    public void A_device_that_is_not_there_is_an_error_that_says_what_is_and_changes_nothing(string device, string said)
    {
        Environment.SetEnvironmentVariable(Torch.DeviceVariable, "cpu");
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => Workbench.Use(device)).Message);
        Assert.Equal("cpu", Environment.GetEnvironmentVariable(Torch.DeviceVariable));
    }

    [Fact]
    public void A_scale_chooses_among_three_and_an_unknown_one_names_those_there_are()
    {
        Assert.Equal([1, 2, 3, 3], new[] { "smoke", "default", "full", "gpu" }.Select(s => Workbench.At(s, 1, 2, 3)));
        Assert.Contains("smoke, default, full", Assert.Throws<ArgumentException>(() => Workbench.At("tiny", 1, 2, 3)).Message);
    }

    [Fact]
    public void A_studys_progress_is_a_line_at_once_then_every_so_often_then_at_the_end()
    {
        var said = new List<string>();
        var lines = StudyProgress.Lines(said.Add, TimeSpan.FromSeconds(15));
        foreach (var (done, seconds, left) in new (int, int, int?)[] { (0, 0, null), (1, 5, 100), (2, 16, 4000), (3, 20, 60), (4, 21, 0) })
            lines(new JobProgress(done, 4, done / 4.0, TimeSpan.FromSeconds(seconds), left is { } s ? TimeSpan.FromSeconds(s) : null, []));
        Assert.Equal(["0/4 steps, 0%, time left not known yet", "2/4 steps, 50%, 1:06:40 left", "4/4 steps, 100%, done after 0:21"], said);
    }

    public void Dispose() => Environment.SetEnvironmentVariable(Torch.DeviceVariable, before);
}
