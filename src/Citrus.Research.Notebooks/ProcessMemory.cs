using System.Diagnostics;

namespace Citrus.Research.Notebooks;

/// <summary>How much memory this process takes.</summary>
internal static class ProcessMemory
{
    /// <summary>The most it ever had in use, in megabytes (10^6 bytes).</summary>
    public static long PeakMegabytes
    {
        get
        {
            using var self = Process.GetCurrentProcess();
            return self.PeakWorkingSet64 / 1_000_000;
        }
    }
}
