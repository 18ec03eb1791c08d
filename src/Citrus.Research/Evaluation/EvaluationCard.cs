using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>What an evaluation's folder is of; written before the first question is asked, so that a run that goes on is the same run.</summary>
public sealed record EvaluationCard
{
    /// <summary>Name of its file in the folder.</summary>
    public const string FileName = "evaluation.json";

    /// <summary>Who answered: the expert's spec, which holds no key; of a student its folder's name.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the weights, hex; null where they are elsewhere.</summary>
    public string? Weights { get; init; }

    /// <summary>How it was asked, as it is written for <c>--protocol</c>; every option is there.</summary>
    public required string Spec { get; init; }

    /// <summary>The same as it is printed beside a number.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>Name of the questions' benchmark; several are joined by a plus.</summary>
    public required string Benchmark { get; init; }

    /// <summary>Name of the file that the questions came from.</summary>
    public required string QuestionsFile { get; init; }

    /// <summary>Whether that file is, byte for byte, the published one of the benchmark manifest, in words; null where nobody looked.</summary>
    public string? PublishedFile { get; init; }

    /// <summary>SHA-256 of the questions as they are scored, hex.</summary>
    public required string QuestionsSha256 { get; init; }

    /// <summary>Who was asked what an output means where no rule could tell; null where nobody was.</summary>
    public string? Judge { get; init; }

    /// <summary>Most tokens of an output; null where the model decides.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>The names of the questions' benchmarks, joined by a plus; empty where they name none.</summary>
    public static string BenchmarkOf(IEnumerable<Question> questions) => string.Join('+', questions.Select(q => q.Benchmark).Where(b => b.Length > 0).Distinct(StringComparer.Ordinal).Take(20));

    /// <summary>SHA-256, hex, of the questions in our unified form.</summary>
    public static string HashOf(IEnumerable<Question> questions)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var question in questions) hash.AppendData(Encoding.UTF8.GetBytes(UnifiedQuestions.ToJson(question) + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What two cards do not have in common, in words; null where the one run can go on with the other.</summary>
    public static string? Difference(EvaluationCard before, EvaluationCard now)
    {
        (string What, string? Before, string? Now)[] fields =
        [
            ("model", before.Model, now.Model), ("weights", before.Weights, now.Weights), ("protocol", before.Spec, now.Spec), ("questions", $"{before.QuestionsFile} ({Short(before.QuestionsSha256)})", $"{now.QuestionsFile} ({Short(now.QuestionsSha256)})"),
            ("judge", before.Judge, now.Judge), ("most tokens", before.MaxTokens?.ToString(System.Globalization.CultureInfo.InvariantCulture), now.MaxTokens?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ];
        return fields.FirstOrDefault(f => f.What != "questions" ? f.Before != f.Now : before.QuestionsSha256 != now.QuestionsSha256) is { What: not null } other ? $"{other.What} {other.Before ?? "none"}, not {other.Now ?? "none"}" : null;
    }

    /// <exception cref="InvalidDataException">The file is no card.</exception>
    internal static EvaluationCard Read(string path)
    {
        if (new FileInfo(path).Length > 1 << 20) throw new InvalidDataException($"{path} is larger than 1 MiB; this is no card of an evaluation.");
        try
        {
            return JsonSerializer.Deserialize<EvaluationCard>(File.ReadAllText(path), Sample.Json) ?? throw new JsonException("null is no card");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} does not say which model and protocol the samples are of ({e.Message}). Mend it, or name another folder.", e);
        }
    }

    /// <summary>Writes the card of a folder; it appears whole or not at all.</summary>
    internal static void Write(string folder, EvaluationCard card)
    {
        var path = Path.Combine(folder, FileName);
        File.WriteAllText(path + ".part", JsonSerializer.Serialize(card, new JsonSerializerOptions(Sample.Json) { WriteIndented = true }) + "\n");
        File.Move(path + ".part", path, overwrite: true);
    }

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;
}
