using Citrus.Research.Clinic;
using Citrus.Research.Examples;
using Citrus.Research.Studies;
using Citrus.Research.Tokenization;
using Citrus.Research.Training;

namespace Citrus.Research.Cli;

/// <summary>A file's records, read and checked before a minute is spent on training.</summary>
internal sealed class TrainData
{
    private readonly string _file;

    private TrainData(string file, TrainingStage stage) => (_file, Stage) = (file, stage);

    public TrainingStage Stage { get; }

    public IReadOnlyList<Passage> Passages { get; private init; } = [];

    public IReadOnlyList<Example> Examples { get; private init; } = [];

    public IReadOnlyList<Pair> Pairs { get; private init; } = [];

    public int Records => Passages.Count + Examples.Count + Pairs.Count;

    public IReadOnlyList<TrainingSequence> Sequences { get; private set; } = [];

    public IReadOnlyList<TrainingPair> EncodedPairs { get; set; } = [];

    /// <summary>Sequences or pairs to learn from.</summary>
    public int Count => Stage == TrainingStage.Preference ? EncodedPairs.Count : Sequences.Count;

    /// <summary>Token ids of all that is learned from.</summary>
    public IEnumerable<int[]> Ids => Sequences.Select(s => s.Ids).Concat(EncodedPairs.SelectMany(p => new[] { p.Chosen.Ids, p.Rejected.Ids }));

    public string? Report { get; private set; }

    public static TrainData Read(string file, TrainingStage stage)
    {
        if (Directory.Exists(file)) throw new IOException($"--data {file} is a folder; name a file in it.");
        var data = new TrainData(file, stage)
        {
            Passages = stage == TrainingStage.Cpt ? ExampleFiles.ReadPassages(file).ToList() : [],
            Examples = stage == TrainingStage.Sft ? TrainingFiles.ReadExamples(file).ToList() : [],
            Pairs = stage == TrainingStage.Preference ? TrainingFiles.ReadPairs(file).ToList() : [],
        };
        return data.Records > 0 ? data : throw new InvalidDataException($"{file} holds no record to learn from.");
    }

    /// <summary>Makes token sequences of the records.</summary>
    /// <param name="limit">Most tokens that the model reads.</param>
    public void Encode(StudentTokenizer tokenizer, TrainingRecipe recipe, int limit)
    {
        var most = Math.Min(recipe.Encoding.MaxTokens ?? int.MaxValue, limit + 1);
        if (Stage == TrainingStage.Cpt)
        {
            // Passages one by one for a student; for a published model joined, so that nothing is padding.
            Sequences = recipe.BatchTokens is null
                ? [.. Passages.SelectMany(p => TrainingEncoder.Encode(tokenizer, p).Ids.Chunk(most - 1).Where(c => c.Length > 1).Select(c => new TrainingSequence(c)))]
                : [.. JoinedDocuments.Of(tokenizer, Passages, most - 1)];
            if (Sequences.Count == 0) throw new InvalidDataException($"{_file} holds no text of two tokens or more.");
            return;
        }

        var encoder = new RecordEncoder(tokenizer, recipe.Encoding with { MaxTokens = most }, _file);
        if (Stage == TrainingStage.Preference) EncodedPairs = [.. encoder.Encode(Pairs)];
        else Sequences = [.. encoder.Encode(Examples)];
        if (!encoder.Report.IsWhole) Report = encoder.Report.ToString();
        if (Count == 0) throw new InvalidDataException($"{_file}: no record is left to learn from. {encoder.Report}");
    }

    /// <summary>A tokenizer for a new student: by word for charts, of bytes for prose.</summary>
    public StudentTokenizer NewTokenizer(string? kind, int vocabulary, string world)
    {
        IReadOnlyList<string> texts = [.. Passages.Select(p => p.Text), .. Examples.SelectMany(e => e.Turns.Select(t => t.Text))];
        // A chart is known by its words, which are known beforehand.
        var words = ChartWords.Of(StudyWorld.Open(world).Knowledge).ToList();
        var known = words.Concat(SpecialTokens.All).ToHashSet(StringComparer.Ordinal);
        var some = texts.Take(400).SelectMany(t => t.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToList();
        var chart = some.Count(known.Contains) > 0.7 * some.Count;
        if ((kind ?? (chart ? "word" : "bpe")) == "bpe") return BpeTrainer.Train(texts, new BpeTrainerOptions { VocabularySize = Inputs.AtLeast(vocabulary, 265, "--vocabulary") });
        var learned = WordTokenizer.Train(texts);
        if (!chart) return learned;
        // Words that this file happens not to use come along, so that an exam holds no unknown word.
        var more = Enumerable.Range(0, learned.VocabularySize).Select(learned.TokenOf).OfType<string>().Where(w => !known.Contains(w));
        return WordTokenizer.Of([.. words, .. more]);
    }
}
