using System.Globalization;
using System.Text.Json;
using Citrus.Research.Questions;

namespace Citrus.Research.Examples;

/// <summary>Files of examples and pairs in any known layout, one JSON array or one record a line; which one is seen from the first record's fields.</summary>
public static class TrainingFiles
{
    private const string Known = "messages (role, content), conversations (from, value), instruction/input/output, input/target, prompt/completion, Question/Complex_CoT/Response, question/answer; "
        + "for preference prompt/chosen/rejected, chosen/rejected as conversations, conversations with chosen and rejected, instruction with chosen and rejected, messages with a label";

    /// <summary>The layout of a file.</summary>
    /// <exception cref="QuestionFormatException">The file is empty, or its first record is of no known layout.</exception>
    public static TrainingFileFormat FormatOf(string path) =>
        JsonArrayFiles.Read(path).FirstOrDefault() is { } first ? FormatOf(first) : throw new QuestionFormatException(path, 0, "", "the file holds no record to learn from.");

    /// <summary>Whether a layout holds answers that are compared (or called good or bad) rather than one to learn.</summary>
    public static bool IsForPreference(TrainingFileFormat format) => format >= TrainingFileFormat.Pairs || format == TrainingFileFormat.LabelledMessages;

    /// <summary>The examples of a file in file order, streaming. Of labelled answers those called good.</summary>
    /// <exception cref="QuestionFormatException">The file holds pairs, is of no known layout, or a record cannot be read; the message names file, record and field.</exception>
    public static IEnumerable<Example> ReadExamples(string path)
    {
        var format = FormatOf(path);
        if (format >= TrainingFileFormat.Pairs) throw new QuestionFormatException(path, 0, "", "these are preference pairs; supervised learning reads examples, each with one answer to learn. Pairs are for preference training.");
        return JsonArrayFiles.Read(path).Where(r => format != TrainingFileFormat.LabelledMessages || IsGood(r)).Select(r => ExampleOf(r, format));
    }

    /// <summary>The pairs of a file. Labelled answers make pairs where one prompt has good and bad ones: the first of each, the second of each, and so on.</summary>
    /// <exception cref="QuestionFormatException">The file holds examples, is of no known layout, or a record cannot be read; the message names file, record and field.</exception>
    public static IEnumerable<Pair> ReadPairs(string path)
    {
        var format = FormatOf(path);
        if (!IsForPreference(format)) throw new QuestionFormatException(path, 0, "", "these are examples with one answer each; preference training reads pairs with a chosen and a rejected answer.");
        return format == TrainingFileFormat.LabelledMessages ? Labelled(path) : JsonArrayFiles.Read(path).Select(r => PairOf(r, format));
    }

    private static TrainingFileFormat FormatOf(QuestionLine record)
    {
        bool Has(params ReadOnlySpan<string> fields)
        {
            foreach (var field in fields)
                if (!record.Try(field, out _)) return false;
            return true;
        }

        if (Has("chosen_messages", "rejected_messages")) return TrainingFileFormat.ConversationPairs;
        if (Has("chosen", "rejected"))
        {
            if (Has("conversations")) return TrainingFileFormat.ShareGptPairs;
            if (Has("instruction")) return TrainingFileFormat.InstructionPairs;
            return Has("prompt") && !(record.Try("chosen", out var chosen) && chosen.ValueKind == JsonValueKind.Array && chosen.GetArrayLength() > 1) ? TrainingFileFormat.Pairs : TrainingFileFormat.ConversationPairs;
        }

        if (Has("messages")) return record.Try("label", out var label) && label.ValueKind is JsonValueKind.True or JsonValueKind.False ? TrainingFileFormat.LabelledMessages : TrainingFileFormat.Messages;
        if (Has("conversations")) return TrainingFileFormat.Conversations;
        if (Has("instruction", "output")) return TrainingFileFormat.Instruction;
        if (Has("Question", "Complex_CoT", "Response")) return TrainingFileFormat.QuestionThoughtResponse;
        if (Has("input", "target")) return TrainingFileFormat.InputTarget;
        if (Has("prompt") && (Has("completion") || Has("response") || Has("output"))) return TrainingFileFormat.PromptCompletion;
        if (Has("stem") || Has("question", "options") || Has("Q", "OP")) throw record.Error("", "these are exam questions without reasoning to learn; `citrus synthesize` makes examples of them.");
        if (Has("question", "answer")) return TrainingFileFormat.QuestionAnswer;
        if (Has("text")) throw record.Error("", "this is a passage of plain text, which continued pre-training reads; examples have a question and an answer.");
        throw record.Error("", $"no known layout of training records. Known are {Known}. Here are {string.Join(", ", record.Fields.Take(30).DefaultIfEmpty("no fields"))}.");
    }

    private static Example ExampleOf(QuestionLine record, TrainingFileFormat format) => format switch
    {
        TrainingFileFormat.Messages or TrainingFileFormat.LabelledMessages => ExampleFiles.ExampleOf(record),
        TrainingFileFormat.Conversations => ShareGptFiles.ExampleOf(record),
        TrainingFileFormat.Instruction => AlpacaFiles.ExampleOf(record),
        TrainingFileFormat.InputTarget => Single(record, record.Text("input"), record.Text("target")),
        TrainingFileFormat.QuestionAnswer => Single(record, record.Text("question"), record.Text("answer")),
        TrainingFileFormat.PromptCompletion => Single(record, record.Text("prompt"), record.Text(record.Try("completion", out _) ? "completion" : record.Try("response", out _) ? "response" : "output")),
        TrainingFileFormat.QuestionThoughtResponse => Single(record, record.Text("Question"), $"<think>\n{record.Text("Complex_CoT")}\n</think>\n<answer>\n{record.Text("Response")}\n</answer>"),
        _ => throw new InvalidOperationException($"{format} holds pairs."),
    };

    private static Example Single(QuestionLine record, string user, string assistant) =>
        new() { Id = Id(record), Turns = [.. record.TryText("system") is { Length: > 0 } system ? [new Turn("system", system)] : (Turn[])[], new Turn("user", user), new Turn("assistant", assistant)] };

    private static Pair PairOf(QuestionLine record, TrainingFileFormat format)
    {
        switch (format)
        {
            case TrainingFileFormat.Pairs:
                return ExampleFiles.PairOf(record);
            case TrainingFileFormat.ShareGptPairs:
                return Different(record, ShareGptFiles.PairOf(record));
            case TrainingFileFormat.InstructionPairs:
                return Different(record, new Pair { Id = Id(record), Prompt = AlpacaFiles.Prompt(record), Chosen = record.Text("chosen"), Rejected = record.Text("rejected") });
        }

        (string Chosen, string Rejected) names = record.Try("chosen_messages", out _) ? ("chosen_messages", "rejected_messages") : ("chosen", "rejected");
        var (chosen, rejected) = (ExampleFiles.Messages(record, names.Chosen), ExampleFiles.Messages(record, names.Rejected));
        foreach (var (name, turns) in new[] { (names.Chosen, chosen), (names.Rejected, rejected) })
            if (turns.Count < 2 || turns[^1].Role != "assistant") throw record.Error(name, "a conversation is needed that ends with the assistant's answer.");
        if (!chosen.SkipLast(1).Select(t => (t.Role, t.Text)).SequenceEqual(rejected.SkipLast(1).Select(t => (t.Role, t.Text))))
            throw record.Error(names.Rejected, $"the turns before the answer are others than in {names.Chosen}; a pair answers one prompt twice.");
        return Different(record, new Pair { Id = Id(record), Prompt = chosen[..^1], Chosen = chosen[^1].Text, Rejected = rejected[^1].Text });
    }

    private static Pair Different(QuestionLine record, Pair pair) =>
        pair.Chosen != pair.Rejected ? pair : throw record.Error("rejected", "the same as chosen; a pair needs two different answers.");

    private static IEnumerable<Pair> Labelled(string path)
    {
        var prompts = new Dictionary<string, (IReadOnlyList<Turn> Prompt, Queue<string> Good, Queue<string> Bad)>(StringComparer.Ordinal);
        var any = false;
        foreach (var record in JsonArrayFiles.Read(path))
        {
            var turns = ExampleFiles.ExampleOf(record).Turns;
            var key = string.Join('\u001E', turns.SkipLast(1).Select(t => $"{t.Role}\u001F{t.Text}"));
            if (!prompts.TryGetValue(key, out var of)) prompts.Add(key, of = ([.. turns.SkipLast(1)], new(), new()));
            (IsGood(record) ? of.Good : of.Bad).Enqueue(turns[^1].Text);
            if (of.Good.Count == 0 || of.Bad.Count == 0 || of.Good.Peek() == of.Bad.Peek()) continue;
            any = true;
            yield return new Pair { Id = Id(record), Prompt = of.Prompt, Chosen = of.Good.Dequeue(), Rejected = of.Bad.Dequeue() };
        }

        if (!any) throw new QuestionFormatException(path, 0, "label", "no prompt has both a good and a bad answer, so there is no pair to learn from. The good answers alone can be learned as examples (supervised fine-tuning reads this file).");
    }

    private static bool IsGood(QuestionLine record) =>
        record.Try("label", out var label) && label.ValueKind is JsonValueKind.True or JsonValueKind.False ? label.ValueKind == JsonValueKind.True : throw record.Error("label", "true or false is needed: whether the answer is good.");

    private static string Id(QuestionLine record) => record.TryId() ?? string.Create(CultureInfo.InvariantCulture, $"record {record.Number}");
}
