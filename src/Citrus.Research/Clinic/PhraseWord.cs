namespace Citrus.Research.Clinic;

/// <summary>A word of a text (a run of letters and digits, or one other character), in lower case, and where it begins.</summary>
internal readonly record struct PhraseWord(string Text, int Start);
