using System.CommandLine;
using Citrus.Research.Notebooks.Jupyter;

namespace Citrus.Research.Cli;

/// <summary><c>citrus kernel</c>.</summary>
internal static class KernelVerbs
{
    public static Command Create() => Verb.Group("kernel", "The Jupyter kernel for C#: make it known to JupyterLab, Notebook and VS Code, or take it away.", Install(), Uninstall(), List(), Run());

    /// <summary>Serves Jupyter; the short way that a kernelspec takes, without building the other verbs first.</summary>
    public static async Task<int> ServeAsync(string connectionFile)
    {
        try
        {
            await JupyterKernel.RunAsync(connectionFile, Console.Error).ConfigureAwait(false);
            return 0;
        }
        catch (KernelException e)
        {
            await Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return 1;
        }
    }

    private static Command Install()
    {
        var (name, prefix, user, force) = (Name(), Prefix(), new Option<bool>("--user") { Description = "Install for this user (the default)." }, new Option<bool>("--force") { Description = "Replace a kernelspec of that name that this verb did not write." });
        return Verb.Create("install", "Make the kernel known to Jupyter; repeat it after moving or updating citrus. `--name .net-csharp` serves notebooks that ask for .NET Interactive where that is absent.",
            "citrus kernel install", (parse, _) =>
            {
                var below = parse.GetValue(prefix);
                if (below is not null && parse.GetValue(user)) throw new ArgumentException("--user and --prefix name two places; give one.");
                var spec = KernelSpecs.Install(OwnCommand(), parse.GetValue(name)!, below, parse.GetValue(force));
                Verb.Say($"{spec.DisplayName} is installed as {spec.Name} in {spec.Folder}");
                Verb.Say($"It starts {string.Join(' ', spec.Arguments)}");
                Verb.Say("Choose it in JupyterLab, Notebook or VS Code (Select Kernel > Jupyter Kernel); a page that is open must be reloaded.");
                return new VerbResult([Path.Combine(spec.Folder, "kernel.json")], ("name", spec.Name), ("argv", spec.Arguments));
            }, user, prefix, name, force);
    }

    private static Command Uninstall()
    {
        var (name, prefix, user) = (Name(), Prefix(), new Option<bool>("--user") { Description = "Remove it from this user's folder (the default)." });
        return Verb.Create("uninstall", "Remove a kernelspec that `citrus kernel install` wrote. Others are left alone.", "citrus kernel uninstall", (parse, _) =>
        {
            var folder = KernelSpecs.Uninstall(parse.GetValue(name)!, parse.GetValue(prefix));
            Verb.Say($"Removed {folder}");
            return new VerbResult([], ("removed", folder));
        }, user, prefix, name);
    }

    private static Command List()
    {
        var prefix = new Option<string[]>("--prefix") { Description = "Look below this prefix, too; repeat it." };
        return Verb.Create("list", "Show the kernelspecs of this machine: which are ours, what they start, and which cannot start any more.", "citrus kernel list", (parse, _) =>
        {
            var specs = KernelSpecs.List(parse.GetValue(prefix) ?? []);
            if (specs.Count(s => s.IsOurs) == 0) Verb.Say("The C# kernel is not installed; run `citrus kernel install`.");
            foreach (var spec in specs)
            {
                Verb.Say($"  {(spec.IsOurs ? "ours  " : "other ")} {spec.Name,-16} {spec.DisplayName}");
                Verb.Say($"         {spec.Folder}");
                Verb.Say($"         {string.Join(' ', spec.Arguments)}");
                if (spec.Problem.Length > 0) Verb.Say($"         BROKEN: {spec.Problem}");
            }

            return new VerbResult([], ("kernels", specs.Select(s => new { s.Name, s.DisplayName, s.Folder, s.IsOurs, s.Problem }).ToArray()));
        }, prefix);
    }

    private static Command Run()
    {
        var file = new Option<string>("--connection-file", "-f") { Description = "The file that Jupyter wrote.", Required = true };
        var command = new Command("run", "Serve one notebook. Jupyter starts this; people do not.\n\nExample:\n  citrus kernel run --connection-file /run/user/1000/jupyter/kernel-1.json") { file };
        command.SetAction((parse, _) => ServeAsync(parse.GetValue(file)!));
        return command;
    }

    private static Option<string> Name() => new("--name") { Description = "The kernelspec's name.", DefaultValueFactory = _ => KernelSpecs.DefaultName };

    private static Option<string> Prefix() => new("--prefix") { Description = "Below this prefix's share/jupyter instead of the user's folder, such as a virtual environment." };

    /// <summary>
    /// What starts this program again: the tool's own command where it was installed as one (what is behind it moves with every update), else the runtime and the assembly.
    /// </summary>
    private static string[] OwnCommand()
    {
        var process = Environment.ProcessPath ?? throw new InvalidOperationException("the path of this process is not known");
        var program = OperatingSystem.IsWindows() ? "citrus.exe" : "citrus";
        // An installed tool lies in a folder named after its version, below the folder of its command.
        var store = AppContext.BaseDirectory.IndexOf($"{Path.DirectorySeparatorChar}.store{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        if (store >= 0 && Path.Combine(AppContext.BaseDirectory[..store], program) is var tool && File.Exists(tool)) return [tool];
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var host = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(host) ? [host, Path.Combine(AppContext.BaseDirectory, "citrus.dll")] : [process];
    }
}
