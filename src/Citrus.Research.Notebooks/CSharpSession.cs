using System.Diagnostics;
using System.Globalization;
using System.Text;
using Citrus.Research.Notebooks.Packages;
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
    private readonly CellSources sources;
    private readonly CellPackages packages;
    private readonly CellContext context;
    private ScriptOptions options;
    private Script? last;
    private ScriptState? state;

    // Counts the cells, so that one knows whether another has come after it.
    private int turn;

    public CSharpSession(string folder, CellContext context)
    {
        Folder = folder;
        this.context = context;
        packages = new CellPackages(new PackageRestore(folder));
        sources = new CellSources(folder);
        resolver = new CellReferenceResolver(folder, loader, packages);
        options = ScriptOptions.Default
            .WithLanguageVersion(LanguageVersion.Latest)
            .WithReferences(CellAssemblies.Framework.Select(CellReferenceResolver.Metadata))
            .AddReferences(
                resolver.Reference(typeof(Microsoft.DotNet.Interactive.Formatting.Formatter).Assembly),
                resolver.Reference(typeof(Microsoft.AspNetCore.Html.IHtmlContent).Assembly),
                resolver.Reference(typeof(CellContext).Assembly))
            .WithImports(Usings)
            .WithMetadataResolver(resolver)
            .WithSourceResolver(sources)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithEmitDebugInformation(true)
            .WithFileEncoding(Encoding.UTF8);
    }

    /// <summary>The folder that relative paths of directives start from.</summary>
    public string Folder { get; }

    /// <summary>Compiles a cell after the ones before it. Packages and files that it names are fetched; a note about packages goes to the current <see cref="CellSink"/>.</summary>
    /// <param name="source">The cell's source.</param>
    /// <param name="name">The name under which its lines show in stack traces.</param>
    /// <param name="cancellationToken">Stops the compiler or the restore.</param>
    /// <exception cref="CompilationFailedException">The cell has errors.</exception>
    /// <exception cref="DirectiveException">A directive cannot be obeyed.</exception>
    public CompiledCell Compile(string source, string name, CancellationToken cancellationToken)
    {
        turn++;
        var watch = Stopwatch.StartNew();
        var steps = new List<CellStep>();
        Add(source, new CellOrigin(name, Folder, 0), steps, out var timed, cancellationToken);
        if (!steps.Any(s => s.Script is not null)) steps.Add(Submit("", name, last, cancellationToken));
        return new CompiledCell(steps, timed ? watch : null);
    }

    /// <summary>The compiler's view of a text as if it were the next cell. Nothing is executed, loaded or kept; directives are not obeyed.</summary>
    public Compilation Sketch(string code)
    {
        var here = options.WithFilePath("sketch");
        return Next(last, SourceDepth.IsTooMuch(code) ? "" : code, here).GetCompilation();
    }

    /// <summary>
    /// Runs a compiled cell and shows what it has to show besides its last value. An exception of the cell's is in the returned state, and variables set before it are kept.
    /// </summary>
    public async Task<ScriptState> RunAsync(CompiledCell cell, CancellationToken cancellationToken)
    {
        var own = turn;
        var reached = state;
        foreach (var step in cell.Steps)
        {
            if (step.Script is null)
            {
                Show(MimeBundle.Of(step.Markdown, ["text/markdown"]));
                continue;
            }

            // Back to the caller's context, through which the next step can be stopped.
            var next = reached is null
                ? await step.Script.RunAsync(context, static _ => true, cancellationToken).ConfigureAwait(true)
                : await step.Script.RunFromAsync(reached, static _ => true, cancellationToken).ConfigureAwait(true);
            reached = next;
            // A cell that was left behind and ends after all must not undo what later ones did.
            if (own == turn) (last, state) = (step.Script, next);
            if (next.Exception is not null) break;
            if (step.ReturnsValue && step != cell.Steps[^1] && next.ReturnValue is not DisplayedValue) Show(MimeBundle.Of(next.ReturnValue, []));
        }

        return reached!;
    }

    public void Dispose() => loader.Dispose();

    private static void Show(IReadOnlyDictionary<string, string> data) => CellSink.Current?.Add(new CellOutput(OutputKind.Display) { Data = data });

    private void Add(string source, CellOrigin origin, List<CellStep> steps, out bool timed, CancellationToken cancellationToken)
    {
        foreach (var part in Directives.Read(source, out timed))
        {
            switch (part.Kind)
            {
                case CellPartKind.Markdown:
                    steps.Add(new CellStep(null, false, part.Text));
                    break;
                case CellPartKind.Import:
                    Import(part, origin, steps, cancellationToken);
                    break;
                default:
                    Obey(part.References, origin, cancellationToken);
                    if (!string.IsNullOrWhiteSpace(part.Text)) steps.Add(Submit(part.Text, origin.Name, steps.LastOrDefault(s => s.Script is not null)?.Script ?? last, cancellationToken));
                    break;
            }
        }
    }

    /// <summary>Takes up the sources of another file at this place; what is wrong with them is said with the file's name and the line that imports it.</summary>
    private void Import(CellPart part, CellOrigin origin, List<CellStep> steps, CancellationToken cancellationToken)
    {
        var where = $"#!import {part.Text}";
        try
        {
            foreach (var (source, from) in ImportedFile.Read(part.Text, origin))
            {
                where = Path.GetFileName(from.Name);
                Add(source, from, steps, out _, cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotebookFormatException or ArgumentException)
        {
            throw new DirectiveException($"{where}: {e.Message}", part.Line, e);
        }
        catch (DirectiveException e)
        {
            throw new DirectiveException($"{where}, line {e.Line}: {e.Message}", part.Line, e);
        }
        catch (CompilationFailedException e)
        {
            throw new CompilationFailedException($"{where}{(e.Line is { } line ? $", line {line}" : "")}: {e.Message}", part.Line, e.Diagnostics);
        }
    }

    private void Obey(IReadOnlyList<ReferenceDirective> directives, CellOrigin origin, CancellationToken cancellationToken)
    {
        foreach (var directive in directives.Where(d => d.IsSource))
            Try(directive, () => packages.AddSource(directive.IsPackage(out var place) ? place : "", origin.Folder));
        var wanted = directives.Where(d => !d.IsSource && d.IsPackage(out _)).ToList();
        var requests = new List<PackageRequest>();
        foreach (var directive in wanted) Try(directive, () => requests.Add(PackageRequest.Parse(directive.IsPackage(out var text) ? text : "")));
        if (wanted.Count > 0) Try(wanted[^1], () => options = options.AddReferences(packages.Add(requests, cancellationToken).Select(resolver.Mention)));
        foreach (var directive in directives.Where(d => !d.IsSource && !d.IsPackage(out _)))
        {
            Try(directive, () =>
            {
                var assembly = CellReferenceResolver.Resolve(directive.Value, origin.Folder) ?? throw new FileNotFoundException("no assembly of that name is known.");
                options = options.AddReferences(resolver.Reference(assembly));
            });
        }

        static void Try(ReferenceDirective directive, Action act)
        {
            try
            {
                act();
            }
            catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException or ArgumentException or FormatException or PackageException)
            {
                throw new DirectiveException($"{directive}: {e.Message}", directive.Line, e);
            }
        }
    }

    private CellStep Submit(string code, string name, Script? previous, CancellationToken cancellationToken)
    {
        (sources.Problem, resolver.Problem) = (null, null);
        var here = options.WithFilePath(name);
        var checkedCode = StopChecks.Insert(code);
        var script = Next(previous, checkedCode, here);
        var errors = script.Compile(cancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        if (errors.Count > 0 && checkedCode != code)
        {
            // Said about what the person wrote, column for column.
            script = Next(previous, code, here);
            errors = [.. script.Compile(cancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error)];
        }

        if ((sources.Problem ?? resolver.Problem) is { } problem) throw new DirectiveException(problem, LoadLine(code, "") ?? 1);
        if (errors.Count > 0)
        {
            var first = errors[0].Location.GetMappedLineSpan();
            var elsewhere = first.IsValid && first.Path != name;
            throw new CompilationFailedException(
                $"{errors[0].Id}: {errors[0].GetMessage(CultureInfo.InvariantCulture)}{(elsewhere ? $" ({Path.GetFileName(first.Path)}, line {first.StartLinePosition.Line + 1})" : "")}",
                elsewhere ? LoadLine(code, Path.GetFileName(first.Path)) : first.IsValid ? first.StartLinePosition.Line + 1 : null,
                [.. errors.Select(e => Describe(e, name))]);
        }

        resolver.LoadUsed(script.GetCompilation());
        return new CellStep(script, ReturnsValue(script), null);
    }

    /// <summary>The line that loads a file, from 1; the first such line where the file is loaded by another one.</summary>
    private static int? LoadLine(string code, string file)
    {
        var loads = code.Split('\n').Select((l, i) => (Text: l.Trim(), Line: i + 1)).Where(l => l.Text.StartsWith("#load", StringComparison.Ordinal)).ToList();
        var found = loads.FirstOrDefault(l => l.Text.Contains(file, StringComparison.Ordinal), loads.FirstOrDefault());
        return found.Line > 0 ? found.Line : null;
    }

    private Script Next(Script? previous, string code, ScriptOptions here) => previous?.ContinueWith(code, here) ?? CSharpScript.Create(code, here, typeof(CellContext), loader);

    private static string Describe(Diagnostic diagnostic, string name)
    {
        var span = diagnostic.Location.GetMappedLineSpan();
        var where = span.IsValid ? $"{(span.Path == name ? "" : span.Path + " ")}({span.StartLinePosition.Line + 1},{span.StartLinePosition.Character + 1}): " : "";
        return $"{where}error {diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}";
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
