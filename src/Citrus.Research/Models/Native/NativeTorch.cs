using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Citrus.Research.Models.Native;

/// <summary>Brings libtorch and TorchSharp's own library into the process, once.</summary>
/// <remarks>
/// Only Linux needs help: a libstdc++ older than GCC 13's is put up with (<see cref="ElfVersionNeed"/>), and an existing PyTorch may supply libtorch
/// (<see cref="FolderVariable"/>). Elsewhere TorchSharp finds its libraries by itself.
/// </remarks>
internal static partial class NativeTorch
{
    /// <summary>Names the <c>torch/lib</c> folder of a PyTorch installation to take libtorch from.</summary>
    public const string FolderVariable = "CITRUS_TORCH";

    private const string Shim = "libLibTorchSharp.so", Version = "GLIBCXX_3.4.32", Marker = "_ZSt21ios_base_library_initv";

    private static readonly string[] Libraries = ["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"];

    /// <summary>The PyTorch installation that libtorch was or is to be taken from; null is the package's own.</summary>
    public static TorchFolder? Chosen { get; private set; }

    /// <summary>Loads everything and says where from, one line a library.</summary>
    /// <exception cref="DllNotFoundException">With what to do about it.</exception>
    public static IReadOnlyList<string> Load()
    {
        if (!OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 })
            throw new DllNotFoundException($"{FolderVariable} is read on Linux only. Unset it, and build with -p:TorchBackend=cpu or cuda-windows.");
        if (!OperatingSystem.IsLinux()) return ["libtorch and LibTorchSharp: found by TorchSharp itself"];
        QuietOpenMp();
        var shim = FindShim();
        Chosen = Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named ? TorchFolder.Find(named) : null;
        var log = new List<string>();
        var torch = Chosen?.Path ?? Path.GetDirectoryName(shim)!;
        foreach (var path in Libraries.Select(l => Path.Combine(torch, l)).Where(File.Exists))
        {
            Open(path);
            log.Add(path);
        }

        if (!log.Any(l => l.EndsWith("libtorch_cpu.so", StringComparison.Ordinal)))
        {
            throw new DllNotFoundException($"There is no libtorch_cpu.so in {torch}. Build with -p:TorchBackend=cpu, or set {FolderVariable} to the torch/lib "
                + "folder of a PyTorch installation.");
        }

        var (handle, from) = OpenShim(shim);
        log.Add(from);
        NativeLibrary.SetDllImportResolver(typeof(TorchSharp.torch).Assembly, (name, _, _) => name == "LibTorchSharp" ? handle : IntPtr.Zero);
        return log;
    }

    /// <summary>The patched library in a cache folder, named by its source's hash; rewritten where its content is not what it should be.</summary>
    public static string PatchedCopy(string library, string cache)
    {
        var source = File.ReadAllBytes(library);
        var patched = ElfVersionNeed.Weaken(source, Version, Marker);
        var folder = Path.Combine(cache, XxHash64.HashToUInt64(source).ToString("x16", CultureInfo.InvariantCulture));
        var path = Path.Combine(folder, Shim);
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(patched)) return path;
        Directory.CreateDirectory(folder);
        var draft = Path.Combine(folder, $"{Shim}.{Guid.NewGuid():n}");
        File.WriteAllBytes(draft, patched);
        File.Move(draft, path, overwrite: true);
        return path;
    }

    private static (IntPtr Handle, string From) OpenShim(string shim)
    {
        try
        {
            return (NativeLibrary.Load(shim), shim);
        }
        catch (DllNotFoundException e) when (e.Message.Contains(Version, StringComparison.Ordinal))
        {
            var path = PatchedCopy(shim);
            return (Open(path), $"{path} (copy of {shim} that does without {Version})");
        }
        catch (DllNotFoundException e)
        {
            throw Explained(shim, e);
        }
    }

    private static string PatchedCopy(string shim)
    {
        var failures = new List<Exception>();
        foreach (var cache in Caches())
        {
            try
            {
                return PatchedCopy(shim, cache);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failures.Add(e);
            }
            catch (InvalidDataException e)
            {
                throw new DllNotFoundException($"This system's libstdc++ is older than GCC 13's and {shim} cannot be made to do without it. {e.Message} Install a libstdc++ with {Version}.", e);
            }
        }

        throw new DllNotFoundException($"This system's libstdc++ is older than GCC 13's, so {shim} needs a patched copy, and no folder could be written to: "
            + string.Join(" ", failures.Select(f => f.Message)) + " Set XDG_CACHE_HOME to a folder that you may write to.");
    }

    private static IEnumerable<string> Caches()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (!string.IsNullOrEmpty(cache)) yield return Path.Combine(cache, "citrus-research");
        else if (home.Length > 0) yield return Path.Combine(home, ".cache", "citrus-research");
        yield return Path.Combine(Here(), "patched");
        yield return Directory.CreateTempSubdirectory("citrus-research-").FullName;
    }

    // Not AppContext.BaseDirectory: in a notebook host that is the host's folder.
    private static string Here() => Path.GetDirectoryName(typeof(NativeTorch).Assembly.Location) is { Length: > 0 } folder ? folder : AppContext.BaseDirectory;

    private static string FindShim()
    {
        var runtime = "linux-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        var search = new List<string> { Here(), Path.Combine(Here(), "runtimes", runtime, "native") };
        if (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string folders) search.AddRange(folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        return search.Select(folder => Path.Combine(folder, Shim)).FirstOrDefault(File.Exists)
            ?? throw new DllNotFoundException($"{Shim} was not found in {string.Join(", ", search.Distinct())}. It comes with the NuGet package TorchSharp: "
                + "build and run from the project's output folder.");
    }

    private static IntPtr Open(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e)
        {
            throw Explained(path, e);
        }
    }

    private static DllNotFoundException Explained(string path, DllNotFoundException cause)
    {
        var mend = cause.Message.Contains("GLIBC", StringComparison.Ordinal)
            ? "This Linux is older than libtorch supports (Debian 12, Ubuntu 22.04, RHEL 9 or newer)."
            : Chosen is { } chosen
                ? $"{FolderVariable} names PyTorch {(chosen.Version.Length > 0 ? chosen.Version : "of unknown version")}, and TorchSharp was built for {TorchFolder.Wanted}: install that version there (pip install \"torch=={TorchFolder.Wanted}.*\"), or unset the variable."
                : "Something that it needs is missing from the output folder: build again.";
        return new DllNotFoundException($"Could not load {path}. {mend} The loader said: {cause.Message}", cause);
    }

    /// <summary>Idle OpenMP threads sleep instead of spinning, which halves the speed of everything else on a busy machine.</summary>
    private static void QuietOpenMp()
    {
        // libgomp reads the C environment when it is loaded; Environment.SetEnvironmentVariable does not reach that.
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null && Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is null)
            _ = SetEnv("OMP_WAIT_POLICY", "PASSIVE", 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);
}
