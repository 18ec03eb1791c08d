using System.Runtime.InteropServices;

namespace Citrus.Research.Models;

/// <summary>The GPU (or the CPU's memory) could not hold what a pass needs; the message says what to lower.</summary>
public sealed class OutOfDeviceMemoryException(string message, Exception cause) : InvalidOperationException(message, cause)
{
    /// <summary>Runs something, and turns libtorch's message about memory into one that can be acted on.</summary>
    /// <param name="doing">What was being done, e.g. <c>training on 4096 tokens</c>.</param>
    /// <param name="mend">What to lower.</param>
    internal static T Told<T>(Func<T> run, Func<string> doing, string mend)
    {
        try
        {
            return run();
        }
        catch (ExternalException e) when (IsOutOfMemory(e.Message))
        {
            throw new OutOfDeviceMemoryException($"Out of memory while {doing()}. {mend} libtorch said: {FirstFact(e.Message)}", e);
        }
    }

    internal static bool IsOutOfMemory(string message) =>
        message.Contains("out of memory", StringComparison.OrdinalIgnoreCase) || message.Contains("can't allocate memory", StringComparison.Ordinal);

    /// <summary>The line that names sizes: TorchScript wraps it in lines of its own, and a stack follows.</summary>
    private static string FirstFact(string message) => message.Split('\n').First(IsOutOfMemory).Trim();
}
