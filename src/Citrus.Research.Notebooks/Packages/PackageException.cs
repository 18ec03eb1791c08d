namespace Citrus.Research.Notebooks.Packages;

/// <summary>Packages cannot be had. The message says why and what would help.</summary>
internal sealed class PackageException(string message, Exception? innerException = null) : Exception(message, innerException);
