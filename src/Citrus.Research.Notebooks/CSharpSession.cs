using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace Citrus.Research.Notebooks;

/// <summary>A chain of C# submissions that share their variables, types and usings.</summary>
internal sealed class CSharpSession : IDisposable
{
    private static readonly string[] Usings =
    [
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq",
        "Microsoft.DotNet.Interactive.Formatting", "Citrus.Research.Notebooks.InCells",
    ];

    private readonly InteractiveAssemblyLoader loader = new();
    private readonly CellReferenceResolver resolver;
    private readonly CellContext context;
    private ScriptOptions options;
    private Script? last;
    private ScriptState? state;

    // Counts the cells, so that one knows whether another has come after it.
    private int turn;

    public CSharpSession(string folder, CellContext context)
    {
        this.context = context;
        Folder = folder;
        resolver = new CellReferenceResolver(folder, loader);
        options = ScriptOptions.Default
            .WithLanguageVersion(LanguageVersion.Latest)
            .WithReferences(CellAssemblies.Framework.Select(CellReferenceResolver.Metadata))
            .AddReferences(
                resolver.Reference(typeof(Microsoft.DotNet.Interactive.Formatting.Formatter).Assembly),
                resolver.Reference(typeof(Microsoft.AspNetCore.Html.IHtmlContent).Assembly),
                resolver.Reference(typeof(CellContext).Assembly))
            .WithImports(Usings)
            .WithMetadataResolver(resolver)
            .WithSourceResolver(ScriptSourceResolver.Default.WithBaseDirectory(folder))
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithEmitDebugInformation(true)
            .WithFileEncoding(Encoding.UTF8);
    }

    /// <summary>The folder that relative paths of directives start from.</summary>
    public string Folder { get; }

    /// <summary>Compiles a cell after the ones before it.</summary>
    /// <param name="source">The cell's source.</param>
    /// <param name="name">The name under which its lines show in stack traces.</param>
    /// <exception cref="CompilationFailedException">The cell has errors.</exception>
    /// <exception cref="DirectiveException">A directive cannot be obeyed.</exception>
    public CompiledCell Compile(string source, string name, CancellationToken cancellationToken)
    {
        var references = new List<(string Path, int Line)>();
        var code = Directives.Strip(source, references);
        foreach (var (path, line) in references)
        {
            try
            {
                var assembly = resolver.Resolve(path) ?? throw new FileNotFoundException($"no assembly of that name is known.");
                options = options.AddReferences(resolver.Reference(assembly));
            }
            catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException or ArgumentException)
            {
                throw new DirectiveException($"#r \"{path}\": {e.Message}", line, e);
            }
        }

        turn++;
        var here = options.WithFilePath(name);
        var checkedCode = StopChecks.Insert(code);
        var script = Next(checkedCode, here);
        var errors = script.Compile(cancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        if (errors.Count > 0 && checkedCode != code)
        {
            // Said about what the person wrote, column for column.
            script = Next(code, here);
            errors = [.. script.Compile(cancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error)];
        }

        if (errors.Count > 0)
        {
            var first = errors[0].Location.GetMappedLineSpan();
            var texts = errors.Select(e => Describe(e, name)).ToList();
            throw new CompilationFailedException(
                $"{errors[0].Id}: {errors[0].GetMessage(System.Globalization.CultureInfo.InvariantCulture)}",
                first.IsValid && first.Path == name ? first.StartLinePosition.Line + 1 : null,
                texts);
        }

        resolver.LoadUsed(script.GetCompilation());
        return new CompiledCell(script, ReturnsValue(script));
    }

    /// <summary>The compiler's view of a text as if it were the next cell. Nothing is executed, loaded or kept; directives are not obeyed.</summary>
    public Compilation Sketch(string code)
    {
        var here = options.WithFilePath("sketch");
        return Next(code, here).GetCompilation();
    }

    /// <summary>Runs a compiled cell. An exception of the cell's is in the returned state, and variables set before it are kept.</summary>
    public async Task<ScriptState> RunAsync(CompiledCell cell, CancellationToken cancellationToken)
    {
        var own = turn;
        var next = state is null
            ? await cell.Script.RunAsync(context, static _ => true, cancellationToken).ConfigureAwait(false)
            : await cell.Script.RunFromAsync(state, static _ => true, cancellationToken).ConfigureAwait(false);
        // A cell that was left behind and ends after all must not undo what later ones did.
        if (own == turn) (last, state) = (cell.Script, next);
        return next;
    }

    public void Dispose() => loader.Dispose();

    private Script Next(string code, ScriptOptions here) => last is { } before ? before.ContinueWith(code, here) : CSharpScript.Create(code, here, typeof(CellContext), loader);

    private static string Describe(Diagnostic diagnostic, string name)
    {
        var span = diagnostic.Location.GetMappedLineSpan();
        var where = span.IsValid ? $"{(span.Path == name ? "" : span.Path + " ")}({span.StartLinePosition.Line + 1},{span.StartLinePosition.Character + 1}): " : "";
        return $"{where}error {diagnostic.Id}: {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
    }

    private static bool ReturnsValue(Script script)
    {
        var compilation = script.GetCompilation();
        var tree = compilation.SyntaxTrees.Last();
        if (tree.GetRoot() is not CompilationUnitSyntax unit || unit.Members.Count == 0) return false;
        if (unit.Members[^1] is not GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } statement }) return false;
        return compilation.GetSemanticModel(tree).GetTypeInfo(statement.Expression).Type is { SpecialType: not SpecialType.System_Void };
    }
}
