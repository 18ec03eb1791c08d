using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>Makes our kernel known to Jupyter, and takes it away again. Files of others are never touched.</summary>
public static partial class KernelSpecs
{
    /// <summary>The name of our kernelspec.</summary>
    public const string DefaultName = "citrus-csharp";

    /// <summary>The name that notebooks written for .NET Interactive ask for.</summary>
    public const string InteractiveName = ".net-csharp";

    private const long MaxFileBytes = 1 << 20;
    private const string Mark = "citrus";
    private static readonly string[] Logos = ["logo-svg.svg", "logo-32x32.png", "logo-64x64.png"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a kernelspec; one of ours of that name is replaced.</summary>
    /// <param name="command">The command line that starts this program, without arguments.</param>
    /// <param name="name">Its name: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</param>
    /// <param name="prefix">Install below this prefix's <c>share/jupyter/kernels</c>; null is the user's own folder.</param>
    /// <param name="force">Replace a kernelspec of somebody else's.</param>
    /// <exception cref="KernelException">The name is no name, or the folder is somebody else's.</exception>
    public static KernelSpec Install(IReadOnlyList<string> command, string name = DefaultName, string? prefix = null, bool force = false)
    {
        name = Checked(name);
        var folder = Path.Combine(prefix is null ? KernelFolders.User : KernelFolders.Below(prefix), name);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !Read(folder).IsOurs && !force)
            throw new KernelException($"{folder} is a kernelspec that `citrus kernel install` did not write ({Read(folder).DisplayName}). Give another --name, or replace it with --force.");
        try
        {
            Write(folder, name, command);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KernelException($"{folder} cannot be written: {e.Message} Name a place that you may write to with --prefix, or with JUPYTER_DATA_DIR (which Jupyter has to know, too).", e);
        }

        return Read(folder);
    }

    /// <summary>Removes a kernelspec of ours and returns its folder.</summary>
    /// <exception cref="KernelException">There is none of that name, or it is somebody else's.</exception>
    public static string Uninstall(string name = DefaultName, string? prefix = null)
    {
        name = Checked(name);
        var folder = Path.Combine(prefix is null ? KernelFolders.User : KernelFolders.Below(prefix), name);
        if (!File.Exists(Path.Combine(folder, "kernel.json")))
            throw new KernelException($"There is no kernelspec {folder}; `citrus kernel list` shows what there is{(prefix is null ? ", and --prefix names another place" : "")}.");
        if (!Read(folder).IsOurs) throw new KernelException($"{folder} was not written by `citrus kernel install` and is left alone.");
        File.Delete(Path.Combine(folder, "kernel.json"));
        foreach (var logo in Logos) File.Delete(Path.Combine(folder, logo));
        // What somebody put beside our files is not ours.
        if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        return folder;
    }

    /// <summary>All kernelspecs where Jupyter looks for them, and below further prefixes.</summary>
    public static IReadOnlyList<KernelSpec> List(params IReadOnlyList<string> prefixes) =>
    [
        .. prefixes.Select(KernelFolders.Below).Concat(KernelFolders.All).Distinct(StringComparer.Ordinal).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateDirectories(f).Order(StringComparer.Ordinal)).Where(f => File.Exists(Path.Combine(f, "kernel.json"))).Select(Read),
    ];

    private static void Write(string folder, string name, IReadOnlyList<string> command)
    {
        Directory.CreateDirectory(folder);
        var spec = new JsonObject
        {
            ["argv"] = new JsonArray([.. command.Concat(["kernel", "run", "--connection-file", "{connection_file}"]).Select(a => JsonValue.Create(a))]),
            ["display_name"] = name == InteractiveName ? ".NET (C#)" : name == DefaultName ? "C# (Citrus)" : $"C# (Citrus, {name})",
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["env"] = Surroundings(command[0]),
            ["metadata"] = new JsonObject { ["debugger"] = false, [Mark] = new JsonObject { ["version"] = KernelInfo.ImplementationVersion } },
        };
        var file = Path.Combine(folder, "kernel.json");
        File.WriteAllText(file + ".part", spec.ToJsonString(Indented) + "\n");
        File.Move(file + ".part", file, overwrite: true);
        foreach (var logo in Logos)
        {
            using var from = typeof(KernelSpecs).Assembly.GetManifestResourceStream($"Citrus.Research.Notebooks.Jupyter.{logo}") ?? throw new InvalidOperationException($"{logo} is not embedded");
            using var to = File.Create(Path.Combine(folder, logo));
            from.CopyTo(to);
        }
    }

    private static string Checked(string name) => NameOf().IsMatch(name) && name.Trim('.').Length > 0 ? name.ToLowerInvariant()
        : throw new KernelException($"\"{name}\" is no name of a kernelspec: letters, digits, '.', '_' and '-' are.");

    private static KernelSpec Read(string folder)
    {
        var (name, file) = (Path.GetFileName(folder), Path.Combine(folder, "kernel.json"));
        try
        {
            if (!File.Exists(file)) return new KernelSpec(name, name, folder, [], false, "kernel.json is missing");
            if (new FileInfo(file).Length > MaxFileBytes || JsonNode.Parse(File.ReadAllText(file)) is not JsonObject spec) return new KernelSpec(name, name, folder, [], false, "kernel.json is no kernelspec");
            var arguments = spec["argv"] is JsonArray argv ? argv.Select(a => a?.ToString() ?? "").ToList() : [];
            var ours = (spec["metadata"] as JsonObject)?[Mark] is not null;
            return new KernelSpec(name, spec["display_name"]?.ToString() ?? name, folder, arguments, ours, Problem(arguments));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return new KernelSpec(name, name, folder, [], false, e.Message);
        }
    }

    /// <summary>The environment that the kernel starts in.</summary>
    private static JsonObject Surroundings(string program)
    {
        // Quick to start matters more to somebody who waits for a first cell than the last percent of speed of a long one.
        var variables = new JsonObject { ["DOTNET_TieredPGO"] = "0" };
        // A program that looks for the runtime by itself looks where the person's shell said, and a desktop's Jupyter has not read that.
        if (Path.GetFileNameWithoutExtension(program) != "dotnet") variables["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        return variables;
    }

    private static string Problem(List<string> arguments)
    {
        if (arguments.Count == 0) return "it names no command";
        foreach (var path in arguments.Take(2).Where(Path.IsPathRooted))
            if (!File.Exists(path))
                return $"{path} does not exist any more; run `citrus kernel install` again";
        return "";
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,100}$")]
    private static partial Regex NameOf();
}
