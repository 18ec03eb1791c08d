using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Questions;

public sealed class ExtractionAgainstUpstreamTests
{
    [Fact]
    public void Dump()
    {
        using var w = new StreamWriter("/tmp/contam_dump.jsonl");
        foreach (var g in PublishedGenerations.Read())
        {
            var e = AnswerExtraction.Extract(g.Output, g.Options);
            w.WriteLine(System.Text.Json.JsonSerializer.Serialize(new { g.File, g.Id, g.Gold, g.Upstream, e.Letter, e.Named, Tier = e.Tier.ToString(), g.Output, Options = g.Options.Select(o => o.Label + ". " + o.Text) }));
        }
    }
}
