using System.Runtime.InteropServices;

namespace Citrus.Research.Models.Native;

/// <summary>Two names of one file system that change places at once, so that whoever looks, or dies in between, finds the old or the new.</summary>
internal static partial class ExchangedNames
{
    private const int WorkingDirectory = -100;

    private const uint Exchange = 2;

    /// <summary>False where the system or the file system cannot; then nothing has happened.</summary>
    public static bool TryExchange(string one, string other)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return Rename(WorkingDirectory, one, WorkingDirectory, other, Exchange) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            // musl before 1.2.6 and glibc before 2.28 have no such function.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(int oldFolder, string oldPath, int newFolder, string newPath, uint flags);
}
