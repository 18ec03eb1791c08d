using Citrus.Research.Clinic;

namespace Citrus.Research.Tests.Clinic;

public sealed class FitTests
{
    private static readonly Observation[] FeverCoughNoShadow = [new("fever", true), new("cough", true), new("shadow", false)];

    [Theory]
    [InlineData("flu", 0)]
    [InlineData("measles", 1)]
    [InlineData("bronchial_cancer", 2)]
    public void What_speaks_against_a_disease_is_counted(string disease, int against) =>
        Assert.Equal(against, Fit.Against(World.Tiny, World.Tiny.Diseases[disease], FeverCoughNoShadow));

    [Fact]
    public void Ties_go_to_the_more_frequent_disease()
    {
        // Red spots and a shadow speak once against each: measles (1 in the old) and cancer (6).
        var two = new[] { World.Tiny.Diseases["measles"], World.Tiny.Diseases["bronchial_cancer"] };
        Observation[] seen = [new("rash", true), new("shadow", true)];
        Assert.Equal("bronchial_cancer", Fit.Rank(World.Tiny, two, Sex.Male, AgeBand.Old, seen)[0].Disease.Id);
        Assert.Equal("measles", Fit.Rank(World.Tiny, two, Sex.Male, AgeBand.Child, seen)[0].Disease.Id);
    }
}
