using System.CommandLine;
using Citrus.Research.Examples;
using Citrus.Research.Examples.Corpora;
using Citrus.Research.Questions;

namespace Citrus.Research.Cli;

/// <summary><c>citrus tokenizer ...</c>.</summary>
internal static class TokenizerVerbs
{
    public static Command Create() => Verb.Group("tokenizer", "Tokenizers: train one of your own, or check one that you have (own or published).", TokenizerTrain.Create(), TokenizerChecking.Create());

    public static Option<string?> Field() => new("--field") { Description = "The field (or Parquet column) that holds the text. Default: text; files of examples and pairs, in any layout that `citrus train` reads, are read whole without it." };

    /// <summary>The texts of a file or folder, streaming: passages of plain text, a field of JSON Lines or Parquet, or the turns of examples and pairs.</summary>
    /// <exception cref="QuestionFormatException">A record cannot be read; the message names file, line and field.</exception>
    public static IEnumerable<string> Texts(string path, string? field)
    {
        var source = field is null ? new CorpusSource(path) : new CorpusSource(path) { Field = field };
        if (field is null && Path.GetExtension(path).ToLowerInvariant() is ".jsonl" or ".json" && !HasText(source))
        {
            return TrainingFiles.FormatOf(path) >= TrainingFileFormat.Pairs
                ? TrainingFiles.ReadPairs(path).SelectMany(p => p.Prompt.Select(t => t.Text).Append(p.Chosen).Append(p.Rejected))
                : TrainingFiles.ReadExamples(path).SelectMany(e => e.Turns.Select(t => t.Text));
        }

        return CorpusReader.Read(source).Select(p => p.Text);
    }

    private static bool HasText(CorpusSource source)
    {
        try
        {
            return CorpusReader.Read(source).Any();
        }
        catch (QuestionFormatException)
        {
            return false;
        }
    }
}
