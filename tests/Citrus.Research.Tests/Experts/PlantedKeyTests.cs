using Citrus.Research.Experts;
using Citrus.Research.LoopbackServer;
using Citrus.Research.Tests.Cli;

namespace Citrus.Research.Tests.Experts;

/// <summary>A server that sends the key back wherever it can; it must be found nowhere.</summary>
public sealed class PlantedKeyTests
{
    [Fact]
    public async Task A_planted_key_is_in_no_file_of_a_session_and_no_exception()
    {
        using var folder = new TempFolder();
        await using var endpoint = await Endpoint.StartAsync(new()
        {
            Key = Endpoint.PlantedKey,
            EchoKey = true,
            Reasoning = "content",
            Faults = FaultPlan.Parse("429:0.1,500:0.1,filter-400:0.2,context:0.1,json:0.1,truncate:0.1"),
        });
        var errors = new List<Exception>();
        using (var session = Endpoint.Session(new() { Cache = folder["c.sqlite"], Ledger = folder["l.jsonl"], Record = folder["record"], Retries = 0 }))
        {
            for (var i = 0; i < 40; i++)
            {
                foreach (var options in new[] { "", "?stream=true" })
                {
                    try
                    {
                        var reply = await Endpoint.Ask(session.Open(endpoint.Spec + options), $"question {i}");
                        Assert.Contains("***", reply.Text, StringComparison.Ordinal);
                        Assert.DoesNotContain(Endpoint.PlantedKey, reply.ToString(), StringComparison.Ordinal);
                    }
                    catch (ExpertException e)
                    {
                        errors.Add(e);
                    }
                }
            }
        }

        Assert.True(errors.Count > 10);
        Assert.All(errors, e => Assert.DoesNotContain(Endpoint.PlantedKey, e.ToString(), StringComparison.Ordinal));
        var files = Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories);
        Assert.True(files.Length >= 3);
        Assert.All(files, f => Assert.DoesNotContain(Endpoint.PlantedKey, System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(f)), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_command_shows_which_variables_are_set_and_no_value()
    {
        // A child process inherits the variable.
        Environment.SetEnvironmentVariable(EndpointKinds.ServerKey, Endpoint.PlantedKey);
        try
        {
            var help = CitrusProcess.Run("experts");
            Assert.Equal((0, "set"), (help.Exit, (string)help.Line["variables"]![EndpointKinds.ServerKey]!));
            await using var endpoint = await Endpoint.StartAsync(new() { EchoKey = true });
            var tried = CitrusProcess.Run("experts", "try", endpoint.Spec);
            Assert.True(tried.Exit == 0, tried.Error);
            Assert.Equal("Bearer " + Endpoint.PlantedKey, endpoint.Server.LastHeaders["Authorization"]);
            await using var refusing = await Endpoint.StartAsync(new() { EchoKey = true, Key = "another" });
            var refused = CitrusProcess.Run("experts", "try", refusing.Spec);
            Assert.Equal(1, refused.Exit);
            Assert.Contains("401", refused.Error, StringComparison.Ordinal);
            Assert.DoesNotContain(Endpoint.PlantedKey, help.Out + help.Error + tried.Out + tried.Error + refused.Out + refused.Error, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(EndpointKinds.ServerKey, null);
        }
    }
}
