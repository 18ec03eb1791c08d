using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Citrus.Research.Benchmarks;

/// <summary>
/// The Jupyter kernel as a person waits for it: from the start of its process to the reply to the first cell; a warm trivial cell; a first and a later completion; 10 MB of
/// text; a trivial notebook under nbconvert. Beside it, in turns, Python's own kernel, where it is installed (Debian: python3-ipykernel, python3-nbconvert).
/// </summary>
internal static class KernelBenchmark
{
    private const int WarmCells = 50;

    public static int Run(string[] options)
    {
        var (rounds, python, output, citrus) = (7, "/usr/bin/python3", "results/benchmarks/kernel.json", "src/Citrus.Research.Cli/bin/Release/net10.0/citrus.dll");
        for (var i = 0; i + 1 < options.Length; i += 2)
        {
            switch (options[i])
            {
                case "--rounds": rounds = int.Parse(options[i + 1], System.Globalization.CultureInfo.InvariantCulture); break;
                case "--python": python = options[i + 1]; break;
                case "--out": output = options[i + 1]; break;
                case "--citrus": citrus = options[i + 1]; break;
                default: throw new ArgumentException($"{options[i]} is not known: --rounds, --python, --out and --citrus are.");
            }
        }

        citrus = Path.GetFullPath(citrus);
        if (!File.Exists(citrus)) throw new FileNotFoundException($"{citrus} is not built: dotnet build -c Release, or name it with --citrus.");
        var host = Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";
        var folder = Directory.CreateTempSubdirectory("citrus-kernel-").FullName;
        try
        {
            var kernels = new List<Contender> { new("citrus", [host, citrus, "kernel", "run", "--connection-file"], "citrus-csharp", "1 + {0}", "Console.Write(new string('x', 1000));", "for (var i = 0; i < 100_000; i++) Console.WriteLine(\"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\");", "Console.Wri") };
            if (Says(python, "-c", "import ipykernel; print(ipykernel.__version__)") is { } version)
                kernels.Add(new($"ipykernel {version}", [python, "-m", "ipykernel_launcher", "-f"], "python3", "1 + {0}", "print('x' * 1000)", "for i in range(100_000): print('0123456789' * 10)", "pri"));
            var converts = Says(python, "-c", "import nbconvert; print(nbconvert.__version__)");
            if (converts is not null) Says(host, [citrus, "kernel", "install", "--prefix", folder], null);
            for (var round = 0; round < rounds; round++)
            {
                foreach (var kernel in kernels)
                {
                    Console.Error.WriteLine($"round {round + 1} of {rounds}: {kernel.Name}");
                    Measure(kernel);
                    if (converts is not null) kernel.Add("trivialNotebookUnderNbconvertSeconds", Convert(kernel, python, folder));
                }
            }

            var result = new JsonObject { ["benchmark"] = "kernel", ["processors"] = Environment.ProcessorCount, ["rounds"] = rounds, ["warmCellsPerRound"] = WarmCells, ["nbconvert"] = converts };
            foreach (var kernel in kernels) result[kernel.Name] = kernel.ToJson();
            BenchmarkFile.Write(result, output);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(Contender kernel)
    {
        using var client = new KernelClient(kernel.Command);
        kernel.Add("firstAnswerSeconds", client.Ready.TotalSeconds);
        client.Execute(string.Format(System.Globalization.CultureInfo.InvariantCulture, kernel.Trivial, 1));
        kernel.Add("firstResultSeconds", client.Elapsed.TotalSeconds);
        kernel.Add("firstCompletionMilliseconds", client.Complete(kernel.Prefix).TotalMilliseconds);
        for (var i = 0; i < 20; i++) client.Execute(string.Format(System.Globalization.CultureInfo.InvariantCulture, kernel.Trivial, i));
        for (var i = 0; i < WarmCells; i++) kernel.Add("warmTrivialCellMilliseconds", client.Execute(string.Format(System.Globalization.CultureInfo.InvariantCulture, kernel.Trivial, i)).TotalMilliseconds);
        for (var i = 0; i < 5; i++) kernel.Add("laterCompletionMilliseconds", client.Complete(kernel.Prefix).TotalMilliseconds);
        client.Read(kernel.Short);
        var (characters, time) = client.Read(kernel.Long);
        if (characters != 10_100_000) throw new InvalidOperationException($"{kernel.Name} sent {characters} of 10100000 characters.");
        kernel.Add("tenMegabytesOfTextSeconds", time.TotalSeconds);
    }

    private static double Convert(Contender kernel, string python, string folder)
    {
        var notebook = Path.Combine(folder, "trivial.ipynb");
        var spec = new JsonObject { ["name"] = kernel.Spec, ["display_name"] = kernel.Spec, ["language"] = "" };
        var cell = new JsonObject { ["cell_type"] = "code", ["execution_count"] = null, ["id"] = "a", ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(), ["source"] = "1 + 1" };
        File.WriteAllText(notebook, new JsonObject { ["cells"] = new JsonArray(cell), ["metadata"] = new JsonObject { ["kernelspec"] = spec }, ["nbformat"] = 4, ["nbformat_minor"] = 5 }.ToJsonString());
        var watch = Stopwatch.StartNew();
        if (Says(python, ["-m", "nbconvert", "--to", "notebook", "--execute", "--output", "done.ipynb", notebook], Path.Combine(folder, "share", "jupyter")) is null) throw new InvalidOperationException($"nbconvert failed with {kernel.Name}.");
        return watch.Elapsed.TotalSeconds;
    }

    private static string? Says(string program, params string[] arguments) => Says(program, arguments, null);

    private static string? Says(string program, string[] arguments, string? jupyterPath)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            if (jupyterPath is not null) start.Environment["JUPYTER_PATH"] = jupyterPath;
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            if (process.ExitCode != 0 && jupyterPath is not null) Console.Error.WriteLine(error.Result);
            return process.ExitCode == 0 ? text : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>A kernel and its figures.</summary>
    private sealed record Contender(string Name, string[] Command, string Spec, string Trivial, string Short, string Long, string Prefix)
    {
        private readonly Dictionary<string, List<double>> figures = [];

        public void Add(string figure, double value)
        {
            if (!figures.TryGetValue(figure, out var values)) figures[figure] = values = [];
            values.Add(value);
        }

        public JsonObject ToJson()
        {
            var json = new JsonObject();
            foreach (var (figure, values) in figures)
            {
                values.Sort();
                var middle = values.Count % 2 == 1 ? values[values.Count / 2] : (values[values.Count / 2 - 1] + values[values.Count / 2]) / 2;
                json[figure] = new JsonObject { ["n"] = values.Count, ["min"] = Math.Round(values[0], 3), ["median"] = Math.Round(middle, 3), ["max"] = Math.Round(values[^1], 3) };
            }

            return json;
        }
    }
}
