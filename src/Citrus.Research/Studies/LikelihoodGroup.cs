namespace Citrus.Research.Studies;

/// <summary>Counts over a group of questions scored by likelihood.</summary>
/// <param name="Group">As in <see cref="ScoreGroup"/>.</param>
/// <param name="Questions">Questions in the group.</param>
/// <param name="Right">Of those, how many whose likeliest option is right.</param>
public sealed record LikelihoodGroup(string Group, int Questions, int Right);
