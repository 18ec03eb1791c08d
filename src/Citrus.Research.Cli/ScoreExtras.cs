namespace Citrus.Research.Cli;

/// <summary>What an evaluation of a student has to say beside its score.</summary>
/// <param name="Shortened">Questions that were shortened to what it reads.</param>
/// <param name="Template">Its chat format; null for others.</param>
/// <param name="UnknownTokens">Share of the questions' tokens that its vocabulary lacks; null for others.</param>
internal sealed record ScoreExtras(int Shortened, string? Template, double? UnknownTokens);
