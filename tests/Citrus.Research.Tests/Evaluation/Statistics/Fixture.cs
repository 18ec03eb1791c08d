using System.Text.Json;

namespace Citrus.Research.Tests.Evaluation.Statistics;

/// <summary>Numbers of the reference implementations, written by tests/fixtures/make_statistics_fixtures.py.</summary>
internal static class Fixture
{
    private static readonly Lazy<JsonElement> Root = new(() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "fixtures", "statistics.json"))).RootElement);

    public static JsonElement Of(string name) => Root.Value.GetProperty(name);

    public static double Number(string name, string field) => Of(name).GetProperty(field).GetDouble();

    public static double[] Row(string name, string field) => Numbers(Of(name).GetProperty(field));

    public static string[] Words(string name, string field) => [.. Of(name).GetProperty(field).EnumerateArray().Select(e => e.GetString()!)];

    public static IReadOnlyList<IReadOnlyList<double>> Table(string name, string field) => [.. Of(name).GetProperty(field).EnumerateArray().Select(Numbers)];

    public static IEnumerable<double[]> Rows(string name) => Of(name).EnumerateArray().Select(Numbers);

    private static double[] Numbers(JsonElement row) => [.. row.EnumerateArray().Select(e => e.GetDouble())];
}
