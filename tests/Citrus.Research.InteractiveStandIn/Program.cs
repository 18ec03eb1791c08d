using System.Runtime.Loader;
using System.Text.Json;
using Microsoft.AspNetCore.Html;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Formatting;

// NOTEBOOK [NAME VALUE]: runs the code cells top to bottom; NAME VALUE sets a text parameter. Exit code 1 at the first cell that fails.
var file = Path.GetFullPath(args[0]);
Environment.CurrentDirectory = Path.GetDirectoryName(file)!;

// As in that kernel, FSharp.Core is in the default context before any cell.
Console.WriteLine($"host: C# {LanguageVersion.Latest.MapSpecifiedToEffectiveVersion().ToDisplayString()}, {typeof(CSharpScript).Assembly.GetName()}, {typeof(Microsoft.FSharp.Core.Unit).Assembly.GetName()}");

// Imports, references and resolver of its CSharpKernel; then what UseKernelHelpers and UseDefaultFormatting submit.
var options = ScriptOptions.Default.WithLanguageVersion(LanguageVersion.Latest)
    .AddImports("System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq")
    .AddReferences(typeof(Enumerable).Assembly, typeof(IEnumerable<>).Assembly, typeof(Task<>).Assembly, typeof(PocketView).Assembly, typeof(IHtmlContent).Assembly, typeof(Kernel).Assembly)
    .WithMetadataResolver(ScriptMetadataResolver.Default.WithBaseDirectory(Environment.CurrentDirectory));
var state = await CSharpScript.RunAsync("using static Kernel;\nusing static Microsoft.DotNet.Interactive.Formatting.PocketViewTags;\nusing Microsoft.DotNet.Interactive.Formatting;", options);

foreach (var cell in JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("cells").EnumerateArray().Where(c => c.GetProperty("cell_type").GetString() == "code"))
{
    var id = cell.GetProperty("id").GetString();
    try
    {
        state = await state.ContinueWithAsync(string.Concat(cell.GetProperty("source").EnumerateArray().Select(line => line.GetString())), options);
        Shown.Write("result", state.ReturnValue);
        if (id == "parameters" && args.Length > 2) state = await state.ContinueWithAsync($"{args[1]} = \"{args[2]}\";", options);
        Console.WriteLine($"cell {id}: done");
    }
    catch (Exception e)
    {
        Console.Error.WriteLine($"cell {id}: {e}");
        return 1;
    }
}

foreach (var assembly in AssemblyLoadContext.Default.Assemblies.Select(a => a.GetName()).Where(n => n.Name is { } name && (name.StartsWith("FSharp", StringComparison.Ordinal) || name.StartsWith("Plotly", StringComparison.Ordinal))))
    Console.WriteLine($"default context: {assembly.Name} {assembly.Version}");
return 0;
