namespace Citrus.Research.Studies;

/// <summary>A study cannot go on; the message says what is wrong and what would mend it.</summary>
public sealed class StudyException(string message, Exception? inner = null) : Exception(message, inner);
