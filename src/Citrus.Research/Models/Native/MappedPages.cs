using System.Runtime.InteropServices;

namespace Citrus.Research.Models.Native;

/// <summary>What the system is told about memory that a file is mapped to.</summary>
internal static partial class MappedPages
{
    private const int WillNeed = 3, HugePage = 14, Collapse = 25;

    /// <summary>Says that all of it will be read soon; a hint, which speeds up a file that is not in the page cache and costs nothing where the system takes none.</summary>
    /// <param name="start">Page-aligned, as a mapping's start is.</param>
    /// <param name="length">Bytes.</param>
    public static unsafe void WillBeRead(byte* start, long length)
    {
        if (OperatingSystem.IsLinux()) _ = Advise(start, (nuint)length, WillNeed);
    }

    /// <summary>Asks for large pages in fresh memory that is about to be filled, which spares a fault for every 4 KB; a hint like the other.</summary>
    public static unsafe void WillBeFilled(Span<byte> memory)
    {
        const nuint page = 4096;
        if (!OperatingSystem.IsLinux() || memory.Length < 1 << 22) return;
        fixed (byte* start = memory)
        {
            var (from, to) = (((nuint)start + page - 1) & ~(page - 1), ((nuint)start + (nuint)memory.Length) & ~(page - 1));
            _ = Advise((byte*)from, to - from, HugePage);
        }
    }

    /// <summary>Gathers memory in large pages that will be read from end to end again and again, as a decoder's weights are for every token; a hint like the others (Linux 6.1 and newer).</summary>
    /// <param name="length">Bytes.</param>
    public static unsafe void WillBeStreamed(byte* start, long length)
    {
        const nuint page = 1 << 21;
        if (!OperatingSystem.IsLinux() || length < (long)page / 2) return;
        // Whole large pages, with whatever of our own memory shares the first and the last.
        var (from, to) = ((nuint)start & ~(page - 1), ((nuint)start + (nuint)length + page - 1) & ~(page - 1));
        _ = Advise((byte*)from, to - from, Collapse);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static unsafe partial int Advise(byte* start, nuint length, int advice);
}
