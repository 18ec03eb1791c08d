namespace Citrus.Research.Models;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The format's name of its element type, e.g. <c>F32</c>.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">Byte after the last.</param>
public sealed record SafetensorsEntry(string Name, string Type, long[] Shape, long Begin, long End);
