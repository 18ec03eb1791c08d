using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Cli;

/// <summary><c>citrus tokenizer check</c>.</summary>
internal static class TokenizerChecking
{
    private const int LongestShown = 60;

    public static Command Create()
    {
        var tokenizer = new Option<string>("--tokenizer") { Description = "Folder with tokenizer.json, or vocab.json with merges.txt, or a tiktoken file (tokenizer.model of Llama 3, qwen.tiktoken); a checkpoint's folder will do.", Required = true };
        var text = new Option<string?>("--text") { Description = "File to cut: bytes per token, and whether every text comes back." };
        var against = new Option<string?>("--against") { Description = "Another tokenizer's folder: are the ids equal? On --text, else on the built-in trial texts." };
        var field = TokenizerVerbs.Field();
        return Verb.Create("check", "Check a tokenizer: what it is, whether every byte has a token, texts come back, special tokens are one id and stay text in data, and which chat format it has.",
            "citrus tokenizer check --tokenizer Qwen2.5-0.5B --text notes.txt --against students/mine", Run, tokenizer, text, field, against);

        VerbResult Run(ParseResult parse, CancellationToken cancellation)
        {
            var folder = parse.GetValue(tokenizer)!;
            var checkedOne = Load("--tokenizer", folder);
            var figures = new List<(string, object?)> { ("kind", checkedOne.Kind), ("vocabulary", checkedOne.VocabularySize), ("added", checkedOne.Added.Count) };
            Verb.Say($"{folder}: {checkedOne.Kind}");
            foreach (var (role, token) in new[] { ("padding", checkedOne.Roles.Pad), ("unknown", checkedOne.Roles.Unknown), ("end", checkedOne.Roles.End) })
                Verb.Say($"  {role,-24} {(token is null ? "-" : $"{token} ({checkedOne.IdOf(token)})")}");
            Verb.Say($"  {"before a document",-24} {(checkedOne.Prefix.Count == 0 ? "-" : string.Join(' ', checkedOne.Prefix.Select(id => $"{checkedOne.TokenOf(id)} ({id})")))}");
            var findings = TokenizerCheck.Run(checkedOne);
            foreach (var finding in findings) Verb.Say($"  {(finding.Passed ? "ok    " : "FAILED")} {finding.Name,-24} {finding.Detail}");
            var failed = findings.Where(f => !f.Passed).Select(f => $"{f.Name}: {f.Detail}").ToList();
            figures.Add(("checks", findings.ToDictionary(f => f.Name, f => f.Passed)));
            try
            {
                var format = checkedOne.ChatFormat;
                figures.Add(("chat", format.Name));
                Verb.Say($"  a prompt: {Quoted(format.Prompt("What is gout?"), 400)}");
            }
            catch (TokenizerFormatException)
            {
                figures.Add(("chat", null));
            }

            var file = parse.GetValue(text);
            IEnumerable<string> Texts() => (file is null ? TokenizerCheck.Trials : TokenizerVerbs.Texts(file, parse.GetValue(field)!)).Select(t =>
            {
                cancellation.ThrowIfCancellationRequested();
                return t;
            });
            if (file is not null)
            {
                var clock = Stopwatch.StartNew();
                var usage = TokenizerCheck.Measure(checkedOne, Texts());
                if (usage.Tokens == 0) throw new InvalidDataException($"--text {file} holds no text.");
                Verb.Say($"  {file}: {Inputs.N(usage.Texts)} texts, {Inputs.N(usage.Bytes)} bytes, {Inputs.N(usage.Tokens)} tokens: {Inputs.F(usage.BytesPerToken)} bytes a token; {Inputs.N(usage.Used)} different ids{(usage.Unknown > 0 ? $"; {Inputs.N(usage.Unknown)} unknown words" : "")}");
                Verb.Say($"  {(usage.Changed == 0 ? "every text comes back as it was" : $"{Inputs.N(usage.Changed)} texts come back otherwise, the first is {Quoted(usage.FirstChanged!, LongestShown)}")}");
                if (usage.Changed > 0 && checkedOne is ByteLevelTokenizer) failed.Add($"round trip of {file}: {Quoted(usage.FirstChanged!, LongestShown)}");
                figures.AddRange([("texts", usage.Texts), ("bytes", usage.Bytes), ("tokens", usage.Tokens), ("bytesPerToken", Math.Round(usage.BytesPerToken, 4)), ("unknown", usage.Unknown), ("changed", usage.Changed), ("textSeconds", Math.Round(clock.Elapsed.TotalSeconds, 2))]);
            }

            if (parse.GetValue(against) is { } otherFolder)
            {
                var difference = TokenizerCheck.FirstDifference(checkedOne, Load("--against", otherFolder), Texts());
                figures.Add(("equal", difference is null));
                if (difference is null) Verb.Say($"  ids equal those of {otherFolder}");
                else
                {
                    Verb.Say($"  ids differ from those of {otherFolder}: text {difference.TextIndex + 1}, {Quoted(difference.Text, LongestShown)}, token {difference.Position + 1}");
                    Verb.Say($"    here   {Shown(difference.Left)}");
                    Verb.Say($"    there  {Shown(difference.Right)}");
                    failed.Add($"ids differ from those of {otherFolder} at text {difference.TextIndex + 1}, token {difference.Position + 1}");
                }
            }

            return failed.Count == 0 ? new VerbResult([], [.. figures]) : throw new InvalidDataException($"{folder}: {string.Join(Environment.NewLine, failed)}");
        }
    }

    private static StudentTokenizer Load(string option, string folder) =>
        File.Exists(folder) ? throw new IOException($"{option} {folder} is a file; name the folder that holds it.")
        : !Directory.Exists(folder) ? throw new DirectoryNotFoundException($"{option} {folder}: no such folder.")
        : StudentTokenizer.Load(folder);

    private static string Shown(IReadOnlyList<(int Id, string Token)> tokens) => tokens.Count == 0 ? "(ends)" : string.Join("  ", tokens.Select(t => $"{t.Id} {Quoted(t.Token, LongestShown)}"));

    private static string Quoted(string text, int most) =>
        JsonSerializer.Serialize(text.Length > most ? text[..most] + "..." : text, new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
