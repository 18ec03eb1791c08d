namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>A message that cannot be believed or understood.</summary>
internal sealed class WireException(string message, Exception? innerException = null) : Exception(message, innerException);
