using System.Text.RegularExpressions;
using Citrus.Research.Models.Native;

namespace Citrus.Research.Models;

/// <summary>A checkpoint's folder as a whole: there complete, or as it was before.</summary>
internal static partial class CheckpointFolder
{
    /// <summary>Says in a model card that it was written here, and so may be replaced.</summary>
    public const string CardMark = "Written by Citrus.Research";

    public const string CardFile = "README.md";

    /// <summary>Files of a tokenizer, in any of the forms that are published.</summary>
    public static IReadOnlyList<string> TokenizerFiles { get; } =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "tokenizer.model", "chat_template.jinja", "chat_template.json",
    ];

    /// <summary>Files that a folder written here may hold, those of its tokenizer and the note on its training included; shards besides.</summary>
    private static readonly string[] Own =
    [
        Checkpoint.ConfigFile, Checkpoint.GenerationFile, Checkpoint.WeightsFile, ShardIndex.FileName, "training.json", PeftAdapter.ConfigFile, PeftAdapter.WeightsFile, .. TokenizerFiles,
    ];

    /// <summary>Has a draft folder filled and puts it in the place of <paramref name="folder"/> once it is complete.</summary>
    /// <exception cref="IOException">There is something else in that place, or no room.</exception>
    public static void Replace(string folder, Action<string> fill)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var parent = Path.GetDirectoryName(folder) ?? throw new ArgumentException($"A checkpoint cannot be written to {folder}; name a folder inside another.");
        EnsureReplaceable(folder);
        Directory.CreateDirectory(parent);
        var draft = Path.Combine(parent, $".{Path.GetFileName(folder)}.{Guid.NewGuid():n}");
        Directory.CreateDirectory(draft);
        try
        {
            fill(draft);
            if (!Directory.Exists(folder)) Directory.Move(draft, folder);
            else if (ExchangedNames.TryExchange(draft, folder)) Directory.Delete(draft, recursive: true);
            else Swap(draft, folder);
        }
        catch
        {
            if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
            throw;
        }
    }

    /// <summary>Throws where a folder holds anything but a checkpoint of ours, which <see cref="Replace"/> would replace.</summary>
    /// <exception cref="IOException">It holds something else; the message names it.</exception>
    public static void EnsureReplaceable(string folder)
    {
        if (!Directory.Exists(folder)) return;
        var entries = Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal).ToList();
        var strange = entries.FirstOrDefault(e => !IsOwn(folder, e));
        if (strange is not null || (entries.Count > 0 && !entries.Contains(Checkpoint.ConfigFile) && !entries.Contains(PeftAdapter.ConfigFile)))
            throw new IOException($"{folder} holds other files{(strange is null ? "" : $" ({strange})")} and would be replaced; choose an empty or new folder for the checkpoint.");
    }

    private static bool IsOwn(string folder, string name) =>
        File.Exists(Path.Combine(folder, name))
        && (Own.Contains(name) || Shard().IsMatch(name) || (name == CardFile && File.ReadLines(Path.Combine(folder, name)).Take(40).Any(l => l.Contains(CardMark, StringComparison.Ordinal))));

    /// <summary>Where the system cannot exchange two names in one step: killed between the two moves, the old checkpoint lies beside as <c>NAME.old-...</c>.</summary>
    private static void Swap(string draft, string folder)
    {
        var old = folder + ".old-" + Guid.NewGuid().ToString("n");
        Directory.Move(folder, old);
        try
        {
            Directory.Move(draft, folder);
        }
        catch
        {
            Directory.Move(old, folder);
            throw;
        }

        Directory.Delete(old, recursive: true);
    }

    [GeneratedRegex(@"^model-\d{5}-of-\d{5}\.safetensors$", RegexOptions.CultureInvariant)]
    private static partial Regex Shard();
}
