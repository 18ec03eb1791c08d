using Citrus.Research.Studies;
using Citrus.Research.Training;

namespace Citrus.Research.Tests.Training;

public sealed class TrainingRecipesTests
{
    public static TheoryData<string> Names => [.. TrainingRecipes.All.Select(r => r.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Every_recipe_is_whole(string name)
    {
        var recipe = TrainingRecipes.Get(name);
        recipe.For(1000).Validate();
        recipe.For(1000, batches: 20).Validate();
        recipe.Encoding.Validate();
        recipe.Loss?.Validate();
        Assert.Equal(recipe.Stage == TrainingStage.Preference, recipe.Loss is not null);
        Assert.True(recipe.About.Length > 20 && recipe.Published.Length > 3);
    }

    [Fact]
    public void The_papers_figures_are_there_as_published() // its repository's training scripts; FIELD_NOTES
    {
        Assert.Equal((5e-6, 3, 8193), (TrainingRecipes.Sft3.Training.Optimizer.AdamRate, TrainingRecipes.Sft3.Epochs, TrainingRecipes.Sft3.Encoding.MaxTokens!.Value));
        var preference = TrainingRecipes.CpoSimPo;
        Assert.Equal((10, 5.4, 0.05, true, 1e-6), (preference.Loss!.Beta, preference.Loss.Gamma, preference.Loss.Alpha, preference.Loss.LengthNormalised, preference.Training.Optimizer.AdamRate));
    }

    [Fact]
    public void A_students_recipes_are_those_of_the_studies()
    {
        var (study, recipe) = (new PreferenceRecipe(), TrainingRecipes.StudentCpo);
        Assert.Equal((study.Loss, study.Optimizer, study.DecayFraction), (recipe.Loss, recipe.Training.Optimizer, recipe.Training.DecayFraction));
        Assert.Equal(new FineTuneRecipe().Optimizer, TrainingRecipes.StudentSft.Training.Optimizer);
    }

    [Fact]
    public void A_budget_follows_from_the_records()
    {
        Assert.Equal((3000, null, 6), (TrainingRecipes.Sft1.For(1000).Examples, TrainingRecipes.Sft1.For(1000).Steps, TrainingRecipes.Sft1.For(1000).WarmupSteps));
        Assert.Equal((null, 60, 2), (TrainingRecipes.Sft1.For(1000, 20).Examples, TrainingRecipes.Sft1.For(1000, 20).Steps, TrainingRecipes.Sft1.For(1000, 20).WarmupSteps));
    }

    [Fact]
    public void An_unknown_name_lists_the_known() => Assert.Contains("sft-1", Assert.Throws<ArgumentException>(() => TrainingRecipes.Get("sft")).Message);
}
