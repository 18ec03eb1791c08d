using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Html;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Tests.Notebooks;

/// <summary>
/// The notebooks under the rules of .NET Interactive's last release, which cannot be installed here: its imports, its helpers, its compiler's language, its FSharp.Core 10.0 (Plotly.NET 6 wants
/// 10.1). That kernel itself is not run.
/// </summary>
/// <remarks>
/// From its repository: imports of CSharpKernel.cs and UseDefaultFormatting (PocketViewTags and the Formatting namespace), helpers of UseKernelHelpers (the static members of Kernel);
/// Directory.Packages.props pins Roslyn 4.14, whose newest language is C# 13.
/// </remarks>
public sealed partial class InteractiveHostTests
{
    private static readonly string[] Imports =
    [
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq",
        "Microsoft.DotNet.Interactive.Formatting",
    ];

    /// <summary>What its cells can call by name, with its signatures.</summary>
    private const string Helpers = """
        using static Microsoft.DotNet.Interactive.Formatting.PocketViewTags;
        public class DisplayedValue { public void Update(object updatedValue) { } }
        DisplayedValue display(object value, params string[] mimeTypes) => new DisplayedValue();
        Microsoft.AspNetCore.Html.IHtmlContent HTML(string content) => null;
        void CSS(string content) { }
        void Javascript(string scriptContent) { }
        """;

    public static TheoryData<string> Names => [.. CommittedNotebooks.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_cell_compiles_with_that_hosts_imports_helpers_and_language(string name)
    {
        var token = TestContext.Current.CancellationToken;
        var (script, options) = Begin(token);
        foreach (var cell in CommittedNotebooks.Code(name))
        {
            var references = Reference().Matches(cell.Source).Select(m => Path.Combine(AppContext.BaseDirectory, Path.GetFileName(m.Groups[1].Value))).ToList();
            options = options.AddReferences(references.Select(r => MetadataReference.CreateFromFile(r)));
            script = script.ContinueWith(Reference().Replace(cell.Source, ""), options);
            Assert.Empty(Errors(script, cell.Id, token));
        }
    }

    [Theory]
    [InlineData("1.Display();")] // our host's extension method, in a namespace of ours
    [InlineData("Directory.GetCurrentDirectory()")] // System.IO is not among its imports
    [InlineData("class Wide { public int Field { get => field; set => field = value; } }")] // C# 14
    [InlineData("display(1, (object)2);")]
    public void What_leans_on_more_than_that_does_not_compile(string cell)
    {
        var token = TestContext.Current.CancellationToken;
        var (script, options) = Begin(token);
        Assert.NotEmpty(Errors(script.ContinueWith(cell, options), "cell", token));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Cells_give_only_directives_that_it_has(string name)
    {
        foreach (var line in CommittedNotebooks.Code(name).SelectMany(c => c.Source.Split('\n')).Select(l => l.Trim()).Where(l => l.StartsWith('#')))
            Assert.Matches("^(#r \"[^\"]+\"|#i \"[^\"]+\"|#load \"[^\"]+\"|#!(import|time|markdown|csharp)\\b.*)$", line);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_cell_names_plotly_net_or_fsharp(string name)
    {
        Assert.All(CommittedNotebooks.Code(name), c => Assert.DoesNotMatch("(?i)plotly|fsharp", c.Source));
    }

    [Fact]
    public void Nothing_that_a_cell_can_call_in_the_library_mentions_a_type_of_plotly_net_or_fsharp()
    {
        var offenders = typeof(Research.Figures.Figure).Assembly.GetExportedTypes()
            .SelectMany(t => t.GetMembers().SelectMany(m => Mentioned(m).Append(t.BaseType).OfType<Type>().Select(x => (Member: $"{t.Name}.{m.Name}", Assembly: x.Assembly.GetName().Name ?? ""))))
            .Where(x => x.Assembly.StartsWith("Plotly", StringComparison.Ordinal) || x.Assembly.StartsWith("FSharp", StringComparison.Ordinal)).Select(x => x.Member);
        Assert.Empty(offenders);
    }

    private static (Script Script, ScriptOptions Options) Begin(CancellationToken token)
    {
        var options = ScriptOptions.Default.WithLanguageVersion(LanguageVersion.CSharp13).WithImports(Imports).WithReferences(Framework())
            .AddReferences(typeof(Formatter).Assembly, typeof(IHtmlContent).Assembly, typeof(Microsoft.CSharp.RuntimeBinder.Binder).Assembly);
        Script script = CSharpScript.Create(Helpers, options);
        Assert.Empty(Errors(script, "helpers", token));
        return (script, options);
    }

    private static List<string> Errors(Script script, string cell, CancellationToken token) =>
        [.. script.GetCompilation().GetDiagnostics(token).Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => $"{cell}: {d}")];

    private static IEnumerable<MetadataReference> Framework()
    {
        var folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(p => Path.GetDirectoryName(p) == folder).Select(p => MetadataReference.CreateFromFile(p));
    }

    private static IEnumerable<Type> Mentioned(System.Reflection.MemberInfo member) => member switch
    {
        System.Reflection.MethodBase method => [.. method.GetParameters().Select(p => p.ParameterType), .. method is System.Reflection.MethodInfo info ? [info.ReturnType] : (Type[])[]],
        System.Reflection.PropertyInfo property => [property.PropertyType],
        System.Reflection.FieldInfo field => [field.FieldType],
        _ => [],
    };

    [GeneratedRegex("""^#r "([^"]+)"[ \t]*$""", RegexOptions.Multiline)]
    private static partial Regex Reference();
}
