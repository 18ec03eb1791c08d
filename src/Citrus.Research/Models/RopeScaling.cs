namespace Citrus.Research.Models;

/// <summary>Llama 3.1's stretching of the rotary wavelengths (<c>rope_type: llama3</c>), as Transformers computes it.</summary>
/// <param name="Factor">Long wavelengths are made so many times longer.</param>
/// <param name="LowFrequencyFactor">Wavelengths above <paramref name="OriginalMaxPositions"/> / this are long.</param>
/// <param name="HighFrequencyFactor">Wavelengths below <paramref name="OriginalMaxPositions"/> / this stay; between the two the factor is interpolated.</param>
/// <param name="OriginalMaxPositions">Longest sequence of pre-training, in tokens.</param>
public sealed record RopeScaling(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalMaxPositions);
