using System.CommandLine;
using System.Globalization;
using Citrus.Research.Questions.Benchmarks;

namespace Citrus.Research.Cli;

/// <summary><c>citrus data list</c>, <c>get</c> and <c>check</c>.</summary>
internal static class DataVerbs
{
    private static readonly Argument<string[]> Names = new("name") { Description = "Names of benchmarks, as `citrus data list` gives them.", Arity = ArgumentArity.OneOrMore };
    private static readonly Argument<string[]> Files = new("file") { Description = "Question files.", Arity = ArgumentArity.OneOrMore };
    private static readonly Argument<string?> Word = new("word") { Description = "Only benchmarks with this in their name or description.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> To = new("--to") { Description = $"Folder to put them into. Default: the data folder, {BenchmarkFolder.Variable} or ~/.cache/citrus, where `--questions NAME` finds them." };
    private static readonly Option<bool> Again = new("--again") { Description = "Fetch anew what is there but is not as published." };
    private static readonly Option<string?> Manifest = new("--manifest") { Description = "Another manifest than the one that ships, a JSON list of the same fields (data/benchmarks/manifest.json)." };

    public static Command Create() => Verb.Group("data", "Published benchmark files: where each is published, its licence, size and hash; fetched with resume and checked.",
        Verb.Create("list", "List the benchmarks: what each is, where it is published, licence, size, sha256, rows, and whether it is in the data folder.",
            "citrus data list medqa", List, Word, Manifest),
        Verb.Create("get", "Fetch benchmarks into the data folder. What was cut off goes on; what is not the pinned file is thrown away.",
            "citrus data get medqa-us-4 pubmedqa", Get, Names, To, Again, Manifest),
        Verb.Create("check", "Say of files whether they are published ones, byte for byte.",
            "citrus data check my/phrases_no_exclude_test.jsonl", Check, Files, Manifest));

    private static BenchmarkManifest Of(ParseResult parse) => parse.GetValue(Manifest) is { } path ? BenchmarkManifest.Read(path) : BenchmarkManifest.Default;

    private static VerbResult List(ParseResult parse, CancellationToken cancellation)
    {
        var word = parse.GetValue(Word);
        var entries = Of(parse).Entries.Where(e => word is null || e.Name.Contains(word, StringComparison.OrdinalIgnoreCase) || e.What.Contains(word, StringComparison.OrdinalIgnoreCase)).ToList();
        if (entries.Count == 0) throw new ArgumentException($"No benchmark has \"{word}\" in its name or description; leave the word out for all.");
        foreach (var entry in entries)
        {
            cancellation.ThrowIfCancellationRequested();
            var there = File.Exists(BenchmarkFolder.PathOf(entry));
            Verb.Say($"{entry.Name}{(there ? "  (here)" : "")}");
            Verb.Say($"  {entry.What}{(entry.Rows is { } rows ? $"; {Inputs.N(rows)} rows" : "")}{(entry.Test is { } test && test != entry.Rows ? $", {Inputs.N(test)} of them the test" : "")}");
            Verb.Say($"  licence {entry.Licence}; published at {entry.Published}");
            Verb.Say($"  {(entry.Bytes is { } bytes ? $"{Inputs.N(bytes)} bytes" : "size not known")}, sha256 {(entry.Sha256.Length > 0 ? entry.Sha256 : "not pinned (no copy was at hand)")}");
            if (entry.How.Length > 0) Verb.Say($"  by hand: {entry.How}");
        }

        Verb.Say($"data folder: {BenchmarkFolder.Root} (set {BenchmarkFolder.Variable} for another)");
        return new VerbResult([], ("benchmarks", entries.Select(e => new { name = e.Name, rows = e.Rows, test = e.Test, bytes = e.Bytes, sha256 = e.Sha256, licence = e.Licence, url = e.Url, here = File.Exists(BenchmarkFolder.PathOf(e)) })), ("folder", BenchmarkFolder.Root));
    }

    private static VerbResult Get(ParseResult parse, CancellationToken cancellation)
    {
        var manifest = Of(parse);
        var entries = parse.GetValue(Names)!.Distinct(StringComparer.Ordinal)
            .Select(n => manifest.Find(n) ?? throw new ArgumentException($"There is no benchmark {n}. {Known(manifest, n)}")).ToList();
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(20) }) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("citrus-research");
        var download = new BenchmarkDownload(http);
        var display = new ProgressDisplay();
        var got = new List<(string Path, BenchmarkCheck Check)>();
        display.Run(() =>
        {
            foreach (var entry in entries)
            {
                var (start, from) = (DateTime.UtcNow, -1L);
                var progress = new Told<(long Done, long? All)>(p =>
                {
                    if (from < 0) from = p.Done;
                    var time = DateTime.UtcNow - start;
                    var left = p.All is { } all && p.Done > from && time > TimeSpan.FromSeconds(1) ? time * ((double)(all - p.Done) / (p.Done - from)) : (TimeSpan?)null;
                    display.Show(entry.Name, p.All is > 0 and var whole ? Math.Min(1, (double)p.Done / whole) : 0, left, [$"{Inputs.N(p.Done)} bytes"]);
                });
                got.Add(download.GetAsync(entry, parse.GetValue(To), parse.GetValue(Again), progress, cancellation).GetAwaiter().GetResult());
            }
        });
        foreach (var (path, check) in got) Verb.Say($"{path}\n  {check}");
        if (got.Find(g => g.Check.State == BenchmarkState.Unknown) is { Path: not null }) Verb.Say("A file without a pinned hash may change at its publisher's; keep its sha256 with your results.");
        return new VerbResult([.. got.Select(g => g.Path)], ("files", got.Select(g => new { name = g.Check.Entry?.Name, state = g.Check.State, sha256 = g.Check.Sha256 })));
    }

    private static VerbResult Check(ParseResult parse, CancellationToken cancellation)
    {
        var manifest = Of(parse);
        var checks = new List<(string File, BenchmarkCheck Check)>();
        foreach (var file in parse.GetValue(Files)!)
        {
            cancellation.ThrowIfCancellationRequested();
            checks.Add((file, manifest.Check(file)));
            Verb.Say(string.Create(CultureInfo.InvariantCulture, $"{file}: {checks[^1].Check}"));
        }

        return new VerbResult([], ("files", checks.Select(c => new { file = c.File, state = c.Check.State, name = c.Check.Entry?.Name, sha256 = c.Check.Sha256 })), ("differing", checks.Count(c => c.Check.State == BenchmarkState.Differs)));
    }

    private static string Known(BenchmarkManifest manifest, string name)
    {
        var near = manifest.Entries.Where(e => e.Name.Split('-')[0].Equals(name.Split('-')[0], StringComparison.OrdinalIgnoreCase)).Select(e => e.Name).ToList();
        return near.Count > 0 ? $"There are {string.Join(", ", near)}; `citrus data list` has them all." : $"Known are {string.Join(", ", manifest.Entries.Select(e => e.Name))}.";
    }
}
