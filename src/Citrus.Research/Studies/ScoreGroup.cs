namespace Citrus.Research.Studies;

/// <summary>Counts over a group of scored questions.</summary>
/// <param name="Group"><c>overall</c>, a kind of question, or <c>seen</c> / <c>unseen</c>: treatment questions whose history forbids the first-line drug, by whether treatment questions of training have that disease with that context.</param>
/// <param name="Questions">Questions in the group.</param>
/// <param name="Letter">Answers whose label is right.</param>
/// <param name="Named">Answers whose named option is right.</param>
/// <param name="Answered">Answers from which a label could be read.</param>
/// <param name="Ceiling">Mean of the best option's exact posterior: the accuracy of an ideal expert, 0..1.</param>
public sealed record ScoreGroup(string Group, int Questions, int Letter, int Named, int Answered, double Ceiling);
