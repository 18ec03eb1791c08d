using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Cli;

/// <summary><c>citrus tokenizer train</c>.</summary>
internal static class TokenizerTrain
{
    public static Command Create()
    {
        var data = new Option<string[]>("--data") { Description = "Files to learn from: .txt (passages with empty lines between), .jsonl (--field, or examples and pairs as `citrus train` reads them), .parquet (--field). Several may follow.", Required = true, AllowMultipleArgumentsPerToken = true };
        var vocabulary = new Option<int>("--vocabulary") { Description = "Tokens in all: 9 special ones, 256 bytes, the rest learned. 4,096 to 8,192 suit a student, 32,000 and more a large corpus.", DefaultValueFactory = _ => 8192 };
        var minimum = new Option<int>("--minimum-frequency") { Description = "A pair seen less often is not merged.", DefaultValueFactory = _ => 2 };
        var output = new Option<string>("--out") { Description = "Folder for tokenizer.json and tokenizer_config.json, as Hugging Face reads them.", Required = true };
        var field = TokenizerVerbs.Field();
        return Verb.Create("train", "Train a byte-level BPE tokenizer. The same texts give the same tokenizer, in whatever order they come; any text can be written with it.",
            "citrus tokenizer train --data textbook.jsonl notes.txt --vocabulary 8192 --out tokenizers/medical", Run, data, field, vocabulary, minimum, output);

        VerbResult Run(ParseResult parse, CancellationToken cancellation)
        {
            var (files, folder) = (parse.GetValue(data)!, parse.GetValue(output)!);
            var options = new BpeTrainerOptions { VocabularySize = Inputs.AtLeast(parse.GetValue(vocabulary), 265, "--vocabulary"), MinimumFrequency = Inputs.AtLeast(parse.GetValue(minimum), 1, "--minimum-frequency") };
            if (File.Exists(folder)) throw new IOException($"--out {folder} is a file; name a folder.");
            foreach (var file in files) if (!File.Exists(file) && !Directory.Exists(file)) throw new FileNotFoundException($"--data {file}: no such file.", file);
            // a checkpoint's embedding belongs to its tokenizer
            if (File.Exists(Path.Combine(folder, "model.safetensors"))) throw new IOException($"{folder} holds a model, whose tokenizer must stay as it is; name another folder.");
            var (texts, bytes, clock, display) = (0L, 0L, Stopwatch.StartNew(), new ProgressDisplay());
            ByteLevelTokenizer tokenizer = null!;
            display.Run(() => tokenizer = BpeTrainer.Train(files.SelectMany(f => TokenizerVerbs.Texts(f, parse.GetValue(field)!)).Select(Counted), options, new Told<BpeProgress>(p =>
            {
                if (p.Tokens == 0) display.Show($"counting  {Inputs.N(texts)} texts, {Inputs.N(bytes >> 20)} MB", 0, null, []);
                else display.Show($"merging  {Inputs.N(p.Tokens)} of {Inputs.N(p.Wanted)} tokens, {Inputs.N(p.Words)} different words", (double)p.Tokens / p.Wanted, null, []);
            }), cancellation));
            if (texts == 0) throw new InvalidDataException($"{string.Join(", ", files)}: no text to learn from.");
            tokenizer.Save(folder);
            var fewer = tokenizer.VocabularySize < options.VocabularySize;
            Verb.Say($"{Inputs.N(tokenizer.VocabularySize)} tokens from {Inputs.N(texts)} texts, {Inputs.N(bytes)} bytes, in {folder}");
            if (fewer) Verb.Say($"  fewer than the {Inputs.N(options.VocabularySize)} asked for: no pair is left that is there {options.MinimumFrequency} times. More text gives more.");
            Verb.Say($"  longest: {string.Join("  ", Enumerable.Range(0, tokenizer.VocabularySize).Select(id => tokenizer.Decode([id])).Where(t => !t.Contains('\uFFFD') && t.Trim().Length > 0).OrderByDescending(t => t.Length).ThenBy(t => t, StringComparer.Ordinal).Take(6).Select(t => $"'{t}'"))}");
            Verb.Say($"  look at it: citrus tokenizer check --tokenizer {folder} --text {files[0]}");
            return new VerbResult([Path.Combine(folder, "tokenizer.json"), Path.Combine(folder, "tokenizer_config.json")],
                ("vocabulary", tokenizer.VocabularySize), ("merges", tokenizer.Merges.Count), ("texts", texts), ("bytes", bytes), ("seconds", Math.Round(clock.Elapsed.TotalSeconds, 2)), ("sha256", Inputs.Sha256(Path.Combine(folder, "tokenizer.json"))));

            string Counted(string text)
            {
                texts++;
                bytes += Encoding.UTF8.GetByteCount(text);
                return text;
            }
        }
    }
}
