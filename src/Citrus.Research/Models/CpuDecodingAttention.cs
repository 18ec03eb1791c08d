using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Citrus.Research.Models;

/// <summary>Attention of one token over remembered keys and values; sums run over the tokens in order, whatever else is read beside it.</summary>
internal static unsafe class CpuDecodingAttention
{
    private const int Lanes = 16;

    /// <summary>Keeps a token's key and value of one head.</summary>
    public static void Append(CpuPages pages, CpuSequence sequence, int layer, int head, int position, float* key, float* value, int size)
    {
        var (page, slot) = (sequence.Pages[position / CpuPages.Tokens], position % CpuPages.Tokens);
        float* keys = pages.Keys(page, layer, head) + slot, values = pages.Values(page, layer, head) + (long)slot * pages.ValueRow;
        for (var d = 0; d < size; d++) keys[d * Lanes] = key[d];
        Buffer.MemoryCopy(value, values, size * sizeof(float), size * sizeof(float));
        for (var d = size; d < pages.ValueRow; d++) values[d] = 0;
    }

    /// <summary>Attention of one query head.</summary>
    /// <param name="first">First token looked at; <paramref name="position"/> is the last.</param>
    /// <param name="query"><c>[size]</c>.</param>
    /// <param name="mixed">Filled, <c>[size]</c>.</param>
    /// <param name="scratch">Room for the tokens looked at, rounded up to pages at both ends, and one value row.</param>
    public static void Attend(
        CpuPages pages, CpuSequence sequence, int layer, int head, int first, int position, float* query, float* mixed, float* scratch, int size, float scale)
    {
        int from = first / CpuPages.Tokens, to = position / CpuPages.Tokens, count = to - from + 1;
        var known = sequence.Pages;
        var b = 0;
        for (; b + 4 <= count; b += 4)
        {
            Logits4(
                query, pages.Keys(known[from + b], layer, head), pages.Keys(known[from + b + 1], layer, head), pages.Keys(known[from + b + 2], layer, head),
                pages.Keys(known[from + b + 3], layer, head), scratch + b * Lanes, size, scale);
        }

        for (; b < count; b++) Logits1(query, pages.Keys(known[from + b], layer, head), scratch + b * Lanes, size, scale);
        for (var t = from * Lanes; t < first; t++) scratch[t - from * Lanes] = float.NegativeInfinity;
        for (var t = position + 1; t < (to + 1) * Lanes; t++) scratch[t - from * Lanes] = float.NegativeInfinity;
        var inverse = 1 / Softmax(scratch, count);
        var row = pages.ValueRow;
        for (var d = 0; d < row; d += 4 * Lanes)
        {
            var wide = Math.Min(4, (row - d) / Lanes);
            var target = wide * Lanes <= size - d ? mixed + d : scratch + (long)count * Lanes;
            Mix(pages, known, layer, head, from, first, position, scratch, d, wide, inverse, target);
            if (target != mixed + d) Buffer.MemoryCopy(target, mixed + d, (size - d) * sizeof(float), (size - d) * sizeof(float));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix(CpuPages pages, IReadOnlyList<int> known, int layer, int head, int from, int first, int position, float* weights, int at, int wide, float inverse, float* target)
    {
        var row = pages.ValueRow;
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var page = from; page * Lanes <= position; page++)
        {
            int begin = Math.Max(first - page * Lanes, 0), end = Math.Min(Lanes, position + 1 - page * Lanes);
            float* p = weights + (page - from) * Lanes, values = pages.Values(known[page], layer, head) + at;
            if (wide == 4)
            {
                for (var t = begin; t < end; t++)
                {
                    var weight = Vector512.Create(p[t]);
                    var v = values + (long)t * row;
                    s0 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(v), s0);
                    s1 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(v + Lanes), s1);
                    s2 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(v + 2 * Lanes), s2);
                    s3 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(v + 3 * Lanes), s3);
                }
            }
            else
            {
                for (var t = begin; t < end; t++)
                {
                    var weight = Vector512.Create(p[t]);
                    var v = values + (long)t * row;
                    s0 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(v), s0);
                    if (wide > 1) s1 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(v + Lanes), s1);
                    if (wide > 2) s2 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(v + 2 * Lanes), s2);
                }
            }
        }

        (s0 * inverse).Store(target);
        if (wide > 1) (s1 * inverse).Store(target + Lanes);
        if (wide > 2) (s2 * inverse).Store(target + 2 * Lanes);
        if (wide > 3) (s3 * inverse).Store(target + 3 * Lanes);
    }

    /// <summary>Replaces logits by exp(x - largest) and returns their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Softmax(float* x, int vectors)
    {
        var top = Vector512.Load(x);
        for (var i = 1; i < vectors; i++) top = Vector512.Max(top, Vector512.Load(x + i * Lanes));
        var eight = Vector256.Max(top.GetLower(), top.GetUpper());
        var most = float.NegativeInfinity;
        for (var k = 0; k < 8; k++) most = MathF.Max(most, eight[k]);
        var (sums, shift) = (Vector512<float>.Zero, Vector512.Create(most));
        for (var i = 0; i < vectors; i++)
        {
            var e = Vector512.Exp(Vector512.Load(x + i * Lanes) - shift);
            e.Store(x + i * Lanes);
            sums += e;
        }

        return Vector512.Sum(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Logits4(float* query, float* k0, float* k1, float* k2, float* k3, float* logits, int size, float scale)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var d = 0; d < size; d++, k0 += Lanes, k1 += Lanes, k2 += Lanes, k3 += Lanes)
        {
            var q = Vector512.Create(query[d]);
            s0 = Vector512.FusedMultiplyAdd(q, Vector512.Load(k0), s0);
            s1 = Vector512.FusedMultiplyAdd(q, Vector512.Load(k1), s1);
            s2 = Vector512.FusedMultiplyAdd(q, Vector512.Load(k2), s2);
            s3 = Vector512.FusedMultiplyAdd(q, Vector512.Load(k3), s3);
        }

        (s0 * scale).Store(logits);
        (s1 * scale).Store(logits + Lanes);
        (s2 * scale).Store(logits + 2 * Lanes);
        (s3 * scale).Store(logits + 3 * Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Logits1(float* query, float* keys, float* logits, int size, float scale)
    {
        var sum = Vector512<float>.Zero;
        for (var d = 0; d < size; d++, keys += Lanes) sum = Vector512.FusedMultiplyAdd(Vector512.Create(query[d]), Vector512.Load(keys), sum);
        (sum * scale).Store(logits);
    }
}
