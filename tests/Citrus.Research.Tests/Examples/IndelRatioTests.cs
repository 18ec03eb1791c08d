using System.Text.Json.Nodes;
using Citrus.Research.Examples;
using CsCheck;

namespace Citrus.Research.Tests.Examples;

public sealed class IndelRatioTests
{
    [Theory]
    // thefuzz's README, rounded there: github.com/seatgeek/thefuzz
    [InlineData("this is a test", "this is a test!", 97)]
    [InlineData("fuzzy wuzzy was a bear", "wuzzy fuzzy was a bear", 91)]
    // fuzzywuzzy's README (github.com/ZhensongQian/fuzzywuzzy): case counts
    [InlineData("this is a test", "this is a TEST!", 69)]
    public void The_ratio_is_that_of_thefuzz(string a, string b, int published) => Assert.Equal(published, Math.Round(IndelRatio.Of(a, b)));

    [Theory]
    [InlineData("", "", 100)]
    [InlineData("", "a", 0)]
    [InlineData("ab", "cd", 0)]
    [InlineData("kitten", "sitting", 100 * 8 / 13.0)]
    [InlineData("𠀀患者", "𠀀患", 80)] // a character outside the basic plane is one character
    public void Small_cases_are_as_counted_by_hand(string a, string b, double expected) => Assert.Equal(expected, IndelRatio.Of(a, b), 1e-12);

    [Fact]
    public void It_is_what_a_script_in_another_language_finds() // tests/fixtures/make_ratio_fixtures.py
    {
        foreach (var pair in JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "fixtures", "ratios.json")))!.AsArray())
            Assert.Equal((double)pair!["ratio"]!, IndelRatio.Of((string)pair["a"]!, (string)pair["b"]!), 1e-9);
    }

    [Fact]
    public void It_is_what_the_dynamic_programme_gives()
    {
        var text = Gen.String[Gen.Char["abc \u4e2d"], 0, 200];
        Gen.Select(text, text).Sample((a, b) => Math.Abs(IndelRatio.Of(a, b) - Plain(a, b)) < 1e-9, iter: 300);
    }

    /// <summary>The textbook's table, one cell at a time.</summary>
    internal static double Plain(string a, string b)
    {
        var row = new int[b.Length + 1];
        foreach (var c in a)
        {
            var diagonal = 0;
            for (var j = 1; j <= b.Length; j++) (diagonal, row[j]) = (row[j], c == b[j - 1] ? diagonal + 1 : Math.Max(row[j], row[j - 1]));
        }

        return a.Length + b.Length == 0 ? 100 : 200.0 * row[^1] / (a.Length + b.Length);
    }
}
