using System.Runtime.InteropServices;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>A Jupyter kernel for C#: what a kernelspec starts.</summary>
public static class JupyterKernel
{
    /// <summary>How long a shutdown may take before the process is ended whatever it does.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Serves until Jupyter shuts the kernel down or is gone itself, and then ends the process: code of a cell may have started threads that nobody else would end. SIGINT
    /// interrupts the running cell and nothing else. Owns the process's console while it serves.
    /// </summary>
    /// <param name="connectionFile">The file that Jupyter wrote.</param>
    /// <param name="log">Where it is noted what was dropped or went wrong; Jupyter shows it as the kernel's log.</param>
    /// <returns>Never, except by exception.</returns>
    /// <exception cref="KernelException">The connection file is no good, or a port is taken.</exception>
    public static async Task RunAsync(string connectionFile, TextWriter log)
    {
        var connection = ConnectionFile.Read(connectionFile);
        var kernel = new Kernel(connection, Environment.CurrentDirectory, log);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            kernel.Interrupt();
        });
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            kernel.End();
        });
        ParentWatch.Start(() =>
        {
            log.WriteLine("citrus kernel: the process that started this kernel is gone; so the kernel ends, too.");
            kernel.End();
        });
        await kernel.ServeAsync().ConfigureAwait(false);
        var last = new Thread(() =>
        {
            Thread.Sleep(LastPatience);
            System.Diagnostics.Process.GetCurrentProcess().Kill();
        })
        { IsBackground = true };
        last.Start();
        kernel.Dispose();
        Environment.Exit(0);
    }
}
