using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Citrus.Research.Examples.Corpora;

/// <summary>A mix file, YAML or JSON: <c>sources</c>, each with <c>path</c> (relative to the file) and where needed <c>weight</c>, <c>field</c>, <c>name</c>, <c>whole_files</c>.</summary>
public static class CorpusMix
{
    private const int MostBytes = 1 << 20;

    /// <summary>The sources of a mix file.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read; the message names file, place and mend.</exception>
    public static IReadOnlyList<CorpusSource> Read(string file)
    {
        if (!File.Exists(file)) throw new FileNotFoundException($"There is no mix file {file}.", file);
        if (new FileInfo(file).Length > MostBytes) throw new InvalidDataException($"{file}: more than {MostBytes >> 20} MiB; a mix file lists sources, e.g. sources: [{{path: textbook.jsonl, weight: 0.7}}].");
        MixFile? mix;
        try
        {
            mix = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<MixFile?>(File.ReadAllText(file));
        }
        catch (YamlException e)
        {
            throw new InvalidDataException($"{file}, line {e.Start.Line}: {e.InnerException?.Message ?? e.Message} A mix file has sources, each with path, weight, field, name, whole_files.", e);
        }

        if (mix?.Sources is not { Count: > 0 } sources) throw new InvalidDataException($"{file}: no sources; a mix file lists them, e.g. sources: [{{path: textbook.jsonl, weight: 0.7}}].");
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return [.. sources.Select((s, i) =>
        {
            if (string.IsNullOrWhiteSpace(s.Path)) throw new InvalidDataException($"{file}: sources[{i}] has no path.");
            var source = new CorpusSource(Path.GetFullPath(s.Path, folder)) { Weight = s.Weight, WholeFiles = s.WholeFiles };
            if (s.Field is { Length: > 0 } field) source = source with { Field = field };
            return s.Name is { Length: > 0 } name ? source with { Name = name } : source;
        })];
    }

    private sealed class MixFile
    {
        public List<Entry>? Sources { get; set; }
    }

    private sealed class Entry
    {
        public string? Path { get; set; }
        public double? Weight { get; set; }
        public string? Field { get; set; }
        public string? Name { get; set; }
        public bool WholeFiles { get; set; }
    }
}
