using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>
/// Tells when the process that started the kernel is gone, so that a killed Jupyter leaves no kernel behind. Jupyter names its process in <c>JPY_PARENT_PID</c>: a process
/// id, on Windows an inherited handle. Elsewhere than on Windows the parent that the system knows is watched as well.
/// </summary>
internal static partial class ParentWatch
{
    private const string Variable = "JPY_PARENT_PID";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Calls back once when the parent is gone, on a thread of its own.</summary>
    public static void Start(Action gone)
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        long? parent = long.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
        var thread = new Thread(OperatingSystem.IsWindows() ? WaitForHandle : Poll) { IsBackground = true, Name = "parent-watch" };
        thread.Start();

        void WaitForHandle()
        {
            if (parent is null) return;
            try
            {
                using var handle = new ManualResetEvent(false) { SafeWaitHandle = new SafeWaitHandle((nint)parent.Value, ownsHandle: false) };
                handle.WaitOne();
                gone();
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException)
            {
                // Not a handle that can be waited for: whoever set the variable meant something else.
            }
        }

        void Poll()
        {
            var first = GetParent();
            // A parent that died while this process started: init, or who stands for it, is the parent already.
            while (GetParent() == first && (parent is null or > int.MaxValue || IsAlive((int)parent.Value))) Thread.Sleep(Interval);
            gone();
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "getppid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetParent();
}
