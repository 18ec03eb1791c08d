using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Citrus.Research.Notebooks.Packages;

/// <summary>The .NET SDK on this machine.</summary>
internal static class DotnetSdk
{
    private const string Mend = "Packages are restored by the .NET SDK, and none was found. Install it (https://dot.net), or set DOTNET_ROOT to its folder; #r \"path.dll\" works without.";

    /// <summary>The portable name of this platform, such as <c>linux-x64</c>.</summary>
    public static string Rid
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx"
                : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) || RuntimeInformation.RuntimeIdentifier.StartsWith("alpine", StringComparison.Ordinal) ? "linux-musl" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>The <c>dotnet</c> to call: that of the running runtime where it has an SDK, else one on the path.</summary>
    /// <exception cref="PackageException">There is none.</exception>
    public static string Find()
    {
        var file = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var runtime = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        var named = new[] { Environment.GetEnvironmentVariable("DOTNET_HOST_PATH"), Path.Combine(runtime, file), Beside(Environment.GetEnvironmentVariable("DOTNET_ROOT")) };
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(Beside);
        var found = named.Concat(onPath).Where(p => !string.IsNullOrEmpty(p) && File.Exists(p)).Select(p => p!).ToList();
        return found.FirstOrDefault(HasSdk) ?? found.FirstOrDefault() ?? throw new PackageException(Mend);

        string? Beside(string? folder) => string.IsNullOrEmpty(folder) ? null : Path.Combine(folder, file);
    }

    /// <summary>Runs the SDK and returns its exit code with all that it said.</summary>
    /// <exception cref="PackageException">It cannot be started, has no SDK, or took too long.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (int ExitCode, string Text) Run(string dotnet, string folder, string[] arguments, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(dotnet)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // Set by `dotnet run` and `dotnet test` for their own build; another SDK stumbles over them.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";

        var said = new StringBuilder();
        var ends = 0;
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new PackageException($"{Mend} ({dotnet}: {e.Message})", e);
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var watch = Stopwatch.StartNew();
        while (!process.WaitForExit(50))
        {
            if (watch.Elapsed < limit && !cancellationToken.IsCancellationRequested) continue;
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new PackageException(FormattableString.Invariant($"NuGet did not finish within {limit.TotalSeconds:0} s. Is a package source slow or unreachable?"));
        }

        // The last lines may still be on their way; something that outlives the SDK may keep them open for ever.
        SpinWait.SpinUntil(() => Volatile.Read(ref ends) == 2, TimeSpan.FromSeconds(5));
        lock (said)
        {
            var text = said.ToString();
            if (process.ExitCode != 0 && text.Contains("No .NET SDKs were found", StringComparison.OrdinalIgnoreCase)) throw new PackageException($"{Mend} ({dotnet} has runtimes only.)");
            return (process.ExitCode, text);
        }

        void Keep(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is null) Interlocked.Increment(ref ends);
            lock (said)
                if (line.Data is { } text && said.Length < 1_000_000) said.Append(text).Append('\n');
        }
    }

    private static bool HasSdk(string dotnet)
    {
        var target = new FileInfo(dotnet).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? dotnet;
        return Directory.Exists(Path.Combine(Path.GetDirectoryName(target)!, "sdk"));
    }
}
