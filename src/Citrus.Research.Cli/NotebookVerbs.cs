using System.CommandLine;
using Citrus.Research.Figures;
using Citrus.Research.Notebooks.Files;
using Citrus.Research.Notebooks.Isolated;

namespace Citrus.Research.Cli;

/// <summary><c>citrus notebook</c>.</summary>
internal static class NotebookVerbs
{
    /// <summary>The hidden verb that a run starts itself with, once per notebook.</summary>
    public const string Child = "cells";

    public static Command Create() => Verb.Group("notebook", "Run C# notebooks headless; keep them clean.", NotebookRunVerb.Create(), Strip(), Check(), Cells());

    private static Command Strip()
    {
        var files = Files();
        var check = new Option<bool>("--check") { Description = "Change nothing; fail where something would be (as `notebook check`)." };
        return Verb.Create("strip", "Take outputs, execution counts and what runs and editors leave in the metadata out of notebooks, in place, and lay them out as Jupyter does. The same sources give the same bytes.",
            "citrus notebook strip notebooks/*.ipynb",
            (parse, cancellation) =>
            {
                if (parse.GetValue(check)) return Findings(parse.GetValue(files)!, executed: false, cancellation);
                var changed = new List<string>();
                foreach (var file in parse.GetValue(files)!)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Require(file);
                    var changes = NotebookStripping.Strip(file.FullName);
                    if (changes.Count > 0) changed.Add(file.FullName);
                    Verb.Say($"{file.Name}: {(changes.Count == 0 ? "clean" : "removed or set right: " + string.Join("; ", changes))}");
                }

                return new VerbResult(changed, ("notebooks", parse.GetValue(files)!.Length), ("changed", changed.Count));
            }, files, check);
    }

    private static Command Check()
    {
        var files = Files();
        var executed = new Option<bool>("--executed") { Description = "Executed copies instead: valid by nbformat 4.5, cells counted 1 to n." };
        return Verb.Create("check", "Fail where a notebook is not fit to be committed: not valid by nbformat 4.5, or with outputs, execution counts, invalid or repeated ids.",
            "citrus notebook check notebooks/*.ipynb", (parse, cancellation) => Findings(parse.GetValue(files)!, parse.GetValue(executed), cancellation), files, executed);
    }

    private static VerbResult Findings(FileInfo[] files, bool executed, CancellationToken cancellation)
    {
        var found = new List<(string File, int Cell, string Message)>();
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            Require(file);
            var findings = executed ? NotebookCheck.Executed(file.FullName) : NotebookCheck.Committed(file.FullName);
            Verb.Say($"{file.Name}: {(findings.Count == 0 ? "good" : $"{findings.Count} findings")}");
            found.AddRange(findings.Select(f => (file.Name, f.Cell, f.Message)));
        }

        var mend = executed ? "Run the notebook again." : "`citrus notebook strip` mends leftovers and ids.";
        return new VerbResult([], ("notebooks", files.Length), ("findings", found.Select(f => new { f.File, f.Cell, f.Message })))
        {
            Error = found.Count == 0 ? null : string.Join(Environment.NewLine, found.Take(30).Select(f => $"{f.File}{(f.Cell == 0 ? "" : $", cell {f.Cell}")}: {f.Message}")
                .Concat(found.Count > 30 ? [$"... and {found.Count - 30} more"] : Array.Empty<string>()).Append(mend)),
        };
    }

    /// <summary>Not for people: a run starts it with the folder that holds what is to run.</summary>
    private static Command Cells()
    {
        var folder = new Argument<string>("folder");
        var command = new Command(Child, "Started by `notebook run`.") { folder };
        command.Hidden = true;
        command.SetAction(async (parse, cancellation) =>
        {
            FigureFormatters.Register();
            await NotebookProcess.RunAsync(parse.GetValue(folder)!, cancellation).ConfigureAwait(false);
            return 0;
        });
        return command;
    }

    private static Argument<FileInfo[]> Files() => new("files") { Description = "Notebooks (.ipynb).", Arity = ArgumentArity.OneOrMore };

    private static void Require(FileInfo file)
    {
        if (!file.Exists) throw new FileNotFoundException($"There is no notebook {file.FullName}.");
    }
}
