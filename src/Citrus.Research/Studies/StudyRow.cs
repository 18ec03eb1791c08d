namespace Citrus.Research.Studies;

/// <summary>A line of a study's table: one student (or, with no seed, the mean over seeds) on one group of questions.</summary>
/// <param name="Seed">Null for the pooled line over all seeds.</param>
/// <param name="Group"><c>overall</c>, a kind, <c>seen</c> or <c>unseen</c> (see <see cref="ScoreGroup"/>).</param>
/// <param name="Questions">Per student.</param>
/// <param name="Letter">Share of answers whose label is right, 0..1: the headline.</param>
/// <param name="LetterLow">95% interval: Wilson's for one student; over seeds, Student's t on the seeds' means, never narrower than Wilson's for one.</param>
/// <param name="Named">Share of answers whose named option is right.</param>
/// <param name="Likelihood">Share of questions whose likeliest option, scored straight after the question and without reasoning, is right: the second protocol.</param>
/// <param name="TrainingTokens">Read after the base: fine-tuning, and what a preference stage adds.</param>
/// <param name="Ceiling">Accuracy of an ideal expert on these questions.</param>
/// <param name="Faithful">Share of checkable claims that are true; empty where the arm makes none. Overall lines only.</param>
/// <param name="Retracted">Statements the student took back; with the next three, overall lines of arms that check themselves only.</param>
/// <param name="Caught">Of those, statements that were wrong indeed.</param>
/// <param name="Repaired">Of the caught, those followed by a true statement.</param>
/// <param name="Missed">Wrong conclusions, tests, drugs and contraindications that stand.</param>
public sealed record StudyRow(
    string Study, string Scale, string World, string Split, string Budget, string Stage, string Arm, string Size, int? Seed, string Group, int Questions,
    double Letter, double LetterLow, double LetterHigh, double Named, double NamedLow, double NamedHigh, double Likelihood, double LikelihoodLow, double LikelihoodHigh, double Answered, double Ceiling, double Chance,
    long Parameters, long NonEmbeddingParameters, long TrainingExamples, long TrainingTokens, double OutputTokens, double? Faithful,
    int? Retracted, int? Caught, int? Repaired, int? Missed);
