using System.CommandLine;
using Citrus.Research.Examples;
using Citrus.Research.Examples.Corpora;
using Citrus.Research.Questions;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Cli;

/// <summary><c>citrus corpus build</c> and <c>citrus corpus report</c>.</summary>
internal static class CorpusVerbs
{
    private static readonly Option<string[]> Sources = new("--source") { Description = "PATH or PATH:WEIGHT, once for each source: plain text (passages with empty lines between), .jsonl, .json, .parquet, or a folder of such files. Weights are parts of the corpus by length; without any, everything is read once." };
    private static readonly Option<string?> Mix = new("--mix") { Description = "A YAML or JSON file that lists the sources instead: sources: [{path: a.txt, weight: 0.7}, {path: b.parquet, weight: 0.3, field: body, name: books}]." };
    private static readonly Option<string> Field = new("--field") { Description = "Field or column that holds the text.", DefaultValueFactory = _ => "text" };
    private static readonly Option<long?> Budget = new("--tokens") { Description = "Make it so long (tokens with --tokenizer, else characters), reading small sources again. Default: until the first weighted source ends." };
    private static readonly Option<string?> TokenizerFolder = new("--tokenizer") { Description = "Count tokens of this checkpoint's tokenizer instead of characters." };
    private static readonly Option<string[]> Decontaminate = new("--decontaminate") { Description = "Question files, of which no document may hold a run of 13 words (or 20 Chinese characters).", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<double> Near = new("--near") { Description = "Leave out what is as similar to an earlier document, 0..1 (share of runs of five words, estimated); 0 keeps near-duplicates.", DefaultValueFactory = _ => 0.8 };
    private static readonly Option<int> Least = new("--least") { Description = "Leave out documents of fewer characters.", DefaultValueFactory = _ => new CleaningRules().LeastCharacters };
    private static readonly Option<bool> Raw = new("--raw") { Description = "Clean nothing and keep duplicates." };
    private static readonly Option<string> Out = new("--out") { Description = "File to write: .jsonl with id and text a line.", Required = true };

    public static Command Create() => Verb.Group("corpus", "Text for continued pre-training: sources cleaned, deduplicated, decontaminated and mixed by weight.",
        Verb.Create("build", "Write the corpus as one file for `citrus train --stage cpt`.",
            "citrus corpus build --source textbook.jsonl:0.7 --source notes/:0.3 --decontaminate medqa.jsonl --out corpus.jsonl",
            (parse, cancellation) => Run(parse, parse.GetValue(Out), cancellation), Sources, Mix, Field, Budget, TokenizerFolder, Decontaminate, Near, Least, Raw, Out),
        Verb.Create("report", "Say what the corpus would be, and write nothing.",
            "citrus corpus report --source textbook.jsonl:0.7 --source notes/:0.3",
            (parse, cancellation) => Run(parse, null, cancellation), Sources, Mix, Field, Budget, TokenizerFolder, Decontaminate, Near, Least, Raw));

    private static VerbResult Run(ParseResult parse, string? output, CancellationToken cancellation)
    {
        var given = parse.GetValue(Sources) ?? [];
        if ((given.Length == 0) == (parse.GetValue(Mix) is null)) throw new ArgumentException("Give --source PATH[:WEIGHT], once for each source, or --mix FILE that lists them.");
        if (output is not null && !Inputs.OutputFile(output).EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)) throw new ArgumentException($"--out {output} must end in .jsonl: documents may hold empty lines, which separate passages in plain text.");
        var sources = parse.GetValue(Mix) is { } mix ? CorpusMix.Read(mix) : [.. given.Select(s => CorpusSource.Parse(s) with { Field = parse.GetValue(Field)! })];
        var near = parse.GetValue(Near) is >= 0 and <= 1 and var n ? n : throw new ArgumentException($"--near is {Inputs.F(parse.GetValue(Near))}; it must be in 0..1.");
        var tokenizer = parse.GetValue(TokenizerFolder) is { } folder ? StudentTokenizer.Load(folder) : null;
        var tests = (parse.GetValue(Decontaminate) ?? []).SelectMany(file => QuestionFiles.Read(file).Select(q => (Path.GetFileName(file), q))).ToList();
        var raw = parse.GetValue(Raw);
        var options = new CorpusOptions
        {
            Cleaning = raw ? null : new CleaningRules { LeastCharacters = Inputs.AtLeast(parse.GetValue(Least), 1, "--least") },
            DropDuplicates = !raw,
            NearDuplicates = raw || near == 0 ? null : near,
            Tests = tests.Count > 0 ? new Contamination(tests) : null,
            Budget = parse.GetValue(Budget),
        };
        if (tokenizer is not null) options = options with { Length = text => tokenizer.Encode(text).Count + 1, Unit = "tokens" };
        var corpus = new Corpus(sources, options);
        if (output is null) _ = Documents(corpus, cancellation).Count();
        else ExampleFiles.WritePassages(output, Documents(corpus, cancellation));
        var report = corpus.Report;
        Verb.Say(report.ToString());
        if (output is not null) Verb.Say($"saved in {output}; read it: citrus train --stage cpt --data {output} ...");
        return new VerbResult(output is null ? [] : [output], ("documents", report.Documents), ("length", report.Length), ("unit", report.Unit), ("sources", report.Sources), ("tests", options.Tests?.Questions ?? 0),
            ("sha256", output is null ? null : Inputs.Sha256(output)));
    }

    /// <summary>The documents, the first two shown; an error at the end where there was none, so that no empty file takes another's place.</summary>
    private static IEnumerable<Passage> Documents(Corpus corpus, CancellationToken cancellation)
    {
        var shown = 0;
        foreach (var (source, passage) in corpus.Documents())
        {
            cancellation.ThrowIfCancellationRequested();
            if (shown++ < 2) Verb.Say($"  {source}: {(passage.Text.Length > 200 ? passage.Text[..200] + "..." : passage.Text).ReplaceLineEndings(" ")}\n");
            yield return passage;
        }

        if (shown == 0) throw new InvalidDataException($"No document is left. {corpus.Report}\nEase the rules (--least, --near, --raw) or name other sources.");
    }
}
