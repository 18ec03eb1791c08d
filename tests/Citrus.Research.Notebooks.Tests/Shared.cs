namespace Citrus.Research.Notebooks.Tests;

/// <summary>State that a notebook changes in the host's copy of this assembly.</summary>
public static class Shared
{
    public static int Value { get; set; }
}
