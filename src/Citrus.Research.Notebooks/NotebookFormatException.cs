namespace Citrus.Research.Notebooks;

/// <summary>A notebook cannot be run as it stands: broken JSON, a version or a language that is not read, a parameter that is not declared. Nothing was executed.</summary>
public sealed class NotebookFormatException(string message, Exception? innerException = null) : Exception(message, innerException);
