namespace Citrus.Research.Experts;

/// <summary>A consultation as it stands in a prompt: one line a turn, <c>Doctor: ...</c> and <c>Patient: ...</c>, in Chinese <c>医生：...</c> and <c>患者：...</c>.</summary>
public static class DialogueText
{
    /// <summary>What stands in place of a dialogue that has not begun.</summary>
    public const string NothingYet = "(nothing yet)";

    private static readonly (string Mark, bool Doctor)[] Marks = [("Doctor:", true), ("Patient:", false), ("医生：", true), ("患者：", false)];

    /// <summary>Turns as text; each is brought onto one line, so that none can pass for several.</summary>
    public static string Write(IEnumerable<(bool Doctor, string Text)> turns, bool chinese = false)
    {
        var text = string.Join('\n', turns.Select(t => (t.Doctor, chinese) switch
        {
            (true, false) => "Doctor: ",
            (false, false) => "Patient: ",
            (true, true) => "医生：",
            _ => "患者：",
        } + OneLine(t.Text)));
        return text.Length == 0 ? NothingYet : text;
    }

    /// <summary>The turns of such a text; lines of nobody are left out.</summary>
    public static IReadOnlyList<(bool Doctor, string Text)> Read(string text)
    {
        var turns = new List<(bool, string)>();
        foreach (var line in text.Split('\n'))
        {
            foreach (var (mark, doctor) in Marks)
            {
                if (!line.StartsWith(mark, StringComparison.Ordinal)) continue;
                turns.Add((doctor, line[mark.Length..].Trim()));
                break;
            }
        }

        return turns;
    }

    /// <summary>A text with every run of white space as one space.</summary>
    public static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
