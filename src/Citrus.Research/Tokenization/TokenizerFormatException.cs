namespace Citrus.Research.Tokenization;

/// <summary>A tokenizer's file cannot be read, or asks for something that is not supported.</summary>
public sealed class TokenizerFormatException(string message, Exception? inner = null) : Exception(message, inner);
