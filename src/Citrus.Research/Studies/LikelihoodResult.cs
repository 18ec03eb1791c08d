namespace Citrus.Research.Studies;

/// <summary>What scoring a student by likelihood leaves: the second protocol, without a word of reasoning.</summary>
/// <param name="Protocol">How it was asked and read, name and version.</param>
/// <param name="Right">One character a question, in the order of the questions: 1 where the likeliest option is right, else 0. Which questions belong to a group, <see cref="ScoreResult.Members"/> says.</param>
public sealed record LikelihoodResult(string Protocol, string Right);
