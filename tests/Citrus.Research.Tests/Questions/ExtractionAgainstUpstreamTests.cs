using System.Text.Json;
using Citrus.Research.Evaluation;
using Citrus.Research.Evaluation.Statistics;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Questions;

/// <summary>Our reading of outputs that others published, held against theirs. With CITRUS_REGENERATE=1 the committed tables are written anew.</summary>
public sealed class ExtractionAgainstUpstreamTests
{
    private static string Table(string name) => Path.Combine(Repository.Root, "results", "extraction", name);

    [Fact]
    public void Every_disagreement_is_listed_and_explained_in_the_committed_table()
    {
        var read = PublishedGenerations.Read().Select(g => (Generation: g, Ours: AnswerExtraction.Extract(g.Output, g.Options))).ToList();
        var disagreements = read.Where(r => r.Ours.Label != r.Generation.Upstream)
            .Select(r => new ExtractionDisagreement(r.Generation.File, r.Generation.Id, r.Generation.Upstream, r.Ours.Label, r.Generation.Gold, r.Ours.Tier, ExtractionReason.Of(r.Generation, r.Ours))).ToList();
        var agreement = read.GroupBy(r => r.Generation.File).Select(file =>
        {
            var (n, upstream, ours) = (file.Count(), file.Count(r => r.Generation.Upstream == r.Generation.Gold), file.Count(r => r.Ours.Label == r.Generation.Gold));
            var (theirs, own) = (Wilson.Of(upstream, n), Wilson.Of(ours, n));
            static double Round(double share) => Math.Round(share, 4);
            return new ExtractionAgreement(
                file.Key, n, file.Count(r => r.Ours.Label == r.Generation.Upstream), file.Count(r => r.Ours.Label != r.Generation.Upstream), file.Count(r => r.Generation.Upstream is null), file.Count(r => r.Ours.Label is null),
                Round((double)upstream / n), Round(theirs.Low), Round(theirs.High), Round((double)ours / n), Round(own.Low), Round(own.High));
        }).ToList();
        if (Environment.GetEnvironmentVariable("CITRUS_REGENERATE") == "1")
        {
            CsvTables.Write(Table("disagreements.csv"), disagreements);
            CsvTables.Write(Table("agreement.csv"), agreement);
        }

        Assert.Equal(CsvTables.ToCsv(agreement), File.ReadAllText(Table("agreement.csv")));
        Assert.Equal(CsvTables.ToCsv(disagreements), File.ReadAllText(Table("disagreements.csv")));
    }

    [Fact]
    public void The_publishers_own_scores_come_out_of_their_fields()
    {
        var right = PublishedGenerations.Read().Where(g => g.Upstream == g.Gold).GroupBy(g => g.File).ToDictionary(g => g.Key, g => g.Count());
        using var agents = JsonDocument.Parse(File.ReadAllBytes(RealData.File("medagents_model_outputs", "UPSTREAM_SCORES.json")));
        foreach (var file in agents.RootElement.EnumerateObject()) Assert.Equal(file.Value.GetProperty("correct").GetInt32(), right[Path.GetFileName(file.Name)]);
        using var pro = JsonDocument.Parse(File.ReadAllBytes(RealData.File("mmlu_pro_model_outputs", "UPSTREAM_SCORES.json")));
        foreach (var model in pro.RootElement.EnumerateObject())
            Assert.Equal(model.Value.GetProperty("health").GetProperty("upstream_pred_correct").GetInt32() + model.Value.GetProperty("biology").GetProperty("upstream_pred_correct").GetInt32(), right[model.Name + ".health_biology.jsonl"]);
    }
}
