using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Citrus.Research.Models;

namespace Citrus.Research.Training;

/// <summary>What a frozen model gives the answers of pairs, for losses that compare with it (DPO, IPO): computed once, before training, and kept.</summary>
public static class ReferenceScores
{
    /// <summary>The pairs with their <see cref="TrainingPair.Reference"/>.</summary>
    /// <param name="reference">The model as it is before preference training; a fresh adapter changes nothing yet, so the decoder that is about to be trained will do.</param>
    /// <param name="pairs">In any order.</param>
    /// <param name="file">Where the scores are kept; read instead of computed where it is there and was made for the same pairs, token for token, so that a resumed run compares with the same reference. Null keeps nothing.</param>
    /// <param name="tokens">Most tokens of one pass.</param>
    /// <param name="precision">Of matrix products.</param>
    /// <exception cref="InvalidDataException"><paramref name="file"/> belongs to other pairs or is broken.</exception>
    public static IReadOnlyList<TrainingPair> Of(
        Decoder reference, IReadOnlyList<TrainingPair> pairs, string? file = null, int tokens = 16384, ComputePrecision precision = ComputePrecision.Float32, CancellationToken cancellation = default)
    {
        var hash = HashOf(pairs);
        if (file is not null && File.Exists(file)) return Kept(file, hash, pairs);
        var scores = new double[2 * pairs.Count];
        TrainingSequence Answer(int i) => i < pairs.Count ? pairs[i].Chosen : pairs[i - pairs.Count].Rejected;
        using var engine = reference.CreateEngine(precision);
        foreach (var bin in Packing.BestFit([.. Enumerable.Range(0, scores.Length).Select(i => Answer(i).Ids.Length - 1)], Math.Max(tokens, pairs.Max(p => Math.Max(p.Chosen.Ids.Length, p.Rejected.Ids.Length)))))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = TorchSharp.torch.NewDisposeScope();
            var batch = TokenBatch.Pack([.. bin.Select(i => (Answer(i).Ids, Answer(i).Weights))], reference.Config.VocabularySize, reference.Config.MaxPositions);
            var found = engine.LogProbabilities(batch);
            for (var t = 0; t < found.Length; t++) scores[bin[batch.Owners[t]]] += batch.Weights[t] * (double)found[t];
        }

        if (file is not null)
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
            File.WriteAllText(file + ".part", JsonSerializer.Serialize(new Record(hash, scores)));
            File.Move(file + ".part", file, overwrite: true);
        }

        return With(pairs, scores);
    }

    private static TrainingPair[] Kept(string file, string hash, IReadOnlyList<TrainingPair> pairs)
    {
        Record? kept = null;
        try
        {
            kept = JsonSerializer.Deserialize<Record>(File.ReadAllText(file));
        }
        catch (JsonException)
        {
            // said below
        }

        return kept?.Scores.Length == 2 * pairs.Count && kept.Pairs == hash
            ? With(pairs, kept.Scores)
            : throw new InvalidDataException($"{file} holds the reference scores of other pairs than these; delete it, or begin a run in another folder.");
    }

    private static TrainingPair[] With(IReadOnlyList<TrainingPair> pairs, double[] scores) => [.. pairs.Select((p, i) => p with { Reference = (scores[i], scores[pairs.Count + i]) })];

    private static string HashOf(IReadOnlyList<TrainingPair> pairs)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var sequence in pairs.SelectMany(p => new[] { p.Chosen, p.Rejected }))
        {
            sha.AppendData(BitConverter.GetBytes(sequence.Ids.Length));
            sha.AppendData(MemoryMarshal.AsBytes(sequence.Ids.AsSpan()));
            sha.AppendData(MemoryMarshal.AsBytes(sequence.Weights.AsSpan()));
        }

        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    private sealed record Record(string Pairs, double[] Scores);
}
