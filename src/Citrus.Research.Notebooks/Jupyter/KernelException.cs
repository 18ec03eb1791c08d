namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>The kernel cannot be started, installed or removed. The message says what is wrong and what would be right.</summary>
public sealed class KernelException(string message, Exception? innerException = null) : Exception(message, innerException);
