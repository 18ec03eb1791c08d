using System.Diagnostics;

namespace Citrus.Research.Cli;

/// <summary>This very program, started once more.</summary>
internal static class OwnProcess
{
    /// <summary>How to start it; the standard streams are the caller's to redirect.</summary>
    public static ProcessStartInfo Start(params string[] arguments)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        var start = new ProcessStartInfo(program);
        // Under `dotnet citrus.dll` the program is dotnet.
        if (string.Equals(Path.GetFileNameWithoutExtension(program), "dotnet", StringComparison.OrdinalIgnoreCase)) start.ArgumentList.Add(typeof(OwnProcess).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }
}
