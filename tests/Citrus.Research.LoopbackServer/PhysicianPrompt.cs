using System.Text.RegularExpressions;
using Citrus.Research.Experts;
using Citrus.Research.Questions;

namespace Citrus.Research.LoopbackServer;

/// <summary>A prompt as the scripted physician reads it: header lines and sections, nothing else.</summary>
internal sealed partial class PhysicianPrompt
{
    private readonly string _text;

    /// <param name="text">All messages, joined.</param>
    /// <param name="last">The last of them, which is the question itself where no prompt of ours stands around it.</param>
    public PhysicianPrompt(string text, string last)
    {
        _text = text;
        Role = PromptText.Header(text, "role") ?? "";
        Task = PromptText.Header(text, "task") ?? "";
        var question = Role.Length == 0 && Section("question").Length == 0 ? last : Section("question");
        IsChinese = QuestionLanguage.Of(FirstFilled(question, Section("case"), Section("complaint"), Section("dialogue"), text)) == QuestionLanguage.Chinese;
        (Stem, Options) = Split(question, PromptText.Header(text, "register") == "chart");
    }

    public string Role { get; }

    public string Task { get; }

    public bool IsChinese { get; }

    /// <summary>The question without its options.</summary>
    public string Stem { get; }

    public IReadOnlyList<Option> Options { get; }

    /// <summary>A section's text; empty where it is not there or only says that there is nothing.</summary>
    public string Section(string name) => PromptText.Section(_text, name) is { } text && text is not ("(none)" or "(nothing yet)") ? text : "";

    /// <summary>The lines of a section that say something.</summary>
    public IReadOnlyList<string> Lines(string name) => [.. Section(name).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>Stretches of the stem that can stand in a sentence.</summary>
    public IReadOnlyList<string> Phrases()
    {
        var phrases = Stem.Split(['.', ',', ';', '?', '!', '\n', '。', '，', '；', '？', '、', '：', ':'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(p => p.Length is >= 2 and <= 90).ToList();
        return phrases.Count > 0 ? phrases : [Stem.Length <= 60 ? Stem : Stem[..60]];
    }

    private static string FirstFilled(params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts) if (text.Length > 0) return text;
        return "";
    }

    private static (string Stem, IReadOnlyList<Option> Options) Split(string question, bool chart)
    {
        if (chart)
        {
            // "stem words option-words A option-words B": how many words the first option has cannot be seen; one is taken.
            var (found, words) = (new List<Option>(), new List<string>());
            var stem = "";
            foreach (var word in question.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                if (word.Length == 1 && word[0] == 'A' + found.Count)
                {
                    if (found.Count == 0) stem = string.Join(' ', words[..Math.Max(0, words.Count - 1)]);
                    found.Add(new Option(word, found.Count == 0 ? words.LastOrDefault("") : string.Join(' ', words)));
                    words.Clear();
                }
                else
                {
                    words.Add(word);
                }
            }

            return (found.Count > 0 ? stem : question, found);
        }

        var options = new List<Option>();
        var end = question.Length;
        foreach (Match match in OptionLine().Matches(question))
        {
            if (options.Count == 0) end = match.Index;
            options.Add(new Option(match.Groups[1].Value, match.Groups[2].Value.Trim()));
        }

        return (question[..end].Trim(), options);
    }

    [GeneratedRegex(@"^ ?([A-Z])[\.\)、．:：]\s*(.+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex OptionLine();
}
