using System.Runtime.InteropServices;

namespace Citrus.Research.Models.Native;

/// <summary>What the system is told about memory that a file is mapped to.</summary>
internal static partial class MappedPages
{
    private const int WillNeed = 3;

    /// <summary>Says that all of it will be read soon; a hint, which speeds up a file that is not in the page cache and costs nothing where the system takes none.</summary>
    /// <param name="start">Page-aligned, as a mapping's start is.</param>
    /// <param name="length">Bytes.</param>
    public static unsafe void WillBeRead(byte* start, long length)
    {
        if (OperatingSystem.IsLinux()) _ = Advise(start, (nuint)length, WillNeed);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static unsafe partial int Advise(byte* start, nuint length, int advice);
}
