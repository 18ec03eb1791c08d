using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Citrus.Research.Models;

/// <summary>What reading a decoder spends its time in. Each result is computed in an order that depends on its own row alone, never on how many rows there are.</summary>
/// <remarks>
/// Weights are used as they lie, <c>[outputs, inputs]</c>: each output of each row has one vector of partial sums, so that one row streams the weights at the speed of
/// memory and many rows share every load in tiles of 4 x 4. That is what makes a row's numbers equal bit for bit alone and in company.
/// </remarks>
internal static unsafe class CpuDecodingKernels
{
    private const int Lanes = 16;

    /// <summary>Some outputs of a linear layer for all rows: y = x W^T (+ bias), or y += x W^T.</summary>
    /// <param name="x"><c>[rows, inputs]</c>, a row every <paramref name="xRow"/>.</param>
    /// <param name="w"><c>[outputs, inputs]</c>.</param>
    /// <param name="first">First output wanted; <paramref name="end"/> is one past the last.</param>
    /// <param name="y"><c>[rows, outputs]</c>, a row every <paramref name="yRow"/>.</param>
    /// <param name="bias">One value an output, or null.</param>
    public static void Linear(float* x, long xRow, int rows, float* w, int inputs, int first, int end, float* y, long yRow, float* bias, bool add)
    {
        // Rows in blocks that stay in the second cache while the outputs pass by.
        var block = Math.Max(4, 384 * 1024 / (inputs * sizeof(float)) & ~3);
        for (var top = 0; top < rows; top += block)
        {
            var below = Math.Min(rows, top + block);
            for (var n = first; n < end; n += 4)
            {
                var columns = Math.Min(4, end - n);
                // Past the last output its own weights are read again, and the result is left out.
                float* w0 = w + (long)n * inputs, w1 = columns > 1 ? w0 + inputs : w0, w2 = columns > 2 ? w1 + inputs : w1, w3 = columns > 3 ? w2 + inputs : w2;
                var r = top;
                for (; r + 4 <= below; r += 4) Tile4(x + r * xRow, xRow, w0, w1, w2, w3, inputs, y + r * yRow + n, yRow, columns, bias + n, add, bias != null);
                for (; r < below; r++) Tile1(x + r * xRow, w0, w1, w2, w3, inputs, y + r * yRow + n, columns, bias + n, add, bias != null);
            }
        }
    }

    /// <summary>y = x * gain / sqrt(mean(x²) + epsilon).</summary>
    public static void Norm(float* x, float* gain, float* y, int width, float epsilon)
    {
        var inverse = 1 / MathF.Sqrt(Dot(x, x, width) / width + epsilon);
        var i = 0;
        for (; i <= width - Lanes; i += Lanes) (Vector512.Load(x + i) * inverse * Vector512.Load(gain + i)).Store(y + i);
        for (; i < width; i++) y[i] = x[i] * inverse * gain[i];
    }

    /// <summary>Turns one head by its position, in place; dimension i turns with dimension i + size/2.</summary>
    public static void Turn(float* x, float* cosines, float* sines, int size)
    {
        var (half, i) = (size / 2, 0);
        for (; i <= half - Lanes; i += Lanes)
        {
            var (a, b, c, s) = (Vector512.Load(x + i), Vector512.Load(x + half + i), Vector512.Load(cosines + i), Vector512.Load(sines + i));
            (a * c - b * s).Store(x + i);
            (b * c + a * s).Store(x + half + i);
        }

        for (; i < half; i++)
        {
            var (a, b) = (x[i], x[half + i]);
            x[i] = a * cosines[i] - b * sines[i];
            x[half + i] = b * cosines[i] + a * sines[i];
        }
    }

    /// <summary>y = silu(gate) * up.</summary>
    public static void SwiGlu(float* gate, float* up, float* y, int width)
    {
        var i = 0;
        for (; i <= width - Lanes; i += Lanes)
        {
            var g = Vector512.Load(gate + i);
            (g / (Vector512<float>.One + Vector512.Exp(-g)) * Vector512.Load(up + i)).Store(y + i);
        }

        // The last few in the same arithmetic, so that it does not matter where a piece of work ends.
        if (i == width) return;
        var last = Rest(gate + i, width - i);
        last = last / (Vector512<float>.One + Vector512.Exp(-last)) * Rest(up + i, width - i);
        for (var k = 0; i < width; i++, k++) y[i] = last[k];
    }

    public static float Dot(float* x, float* y, int width)
    {
        var (sum, i) = (Vector512<float>.Zero, 0);
        for (; i <= width - Lanes; i += Lanes) sum = Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(y + i), sum);
        var total = Vector512.Sum(sum);
        for (; i < width; i++) total += x[i] * y[i];
        return total;
    }

    /// <summary>The largest value, and the sum of exp(x - largest).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Most, double Sum) Exponentials(ReadOnlySpan<float> x)
    {
        fixed (float* at = x)
        {
            var (most, i) = (float.NegativeInfinity, 0);
            if (x.Length >= Lanes)
            {
                var top = Vector512.Load(at);
                for (i = Lanes; i <= x.Length - Lanes; i += Lanes) top = Vector512.Max(top, Vector512.Load(at + i));
                for (var k = 0; k < Lanes; k++) most = MathF.Max(most, top[k]);
            }

            for (; i < x.Length; i++) most = MathF.Max(most, at[i]);
            var (total, shift) = (0.0, Vector512.Create(most));
            // In stretches, each summed in float32 and all of them in double.
            for (i = 0; i <= x.Length - Lanes;)
            {
                var (sums, end) = (Vector512<float>.Zero, Math.Min(x.Length, i + 64 * Lanes));
                for (; i <= end - Lanes; i += Lanes) sums += Vector512.Exp(Vector512.Load(at + i) - shift);
                total += Vector512.Sum(sums);
            }

            for (; i < x.Length; i++) total += MathF.Exp(at[i] - most);
            return (most, total);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(
        float* x, long xRow, float* w0, float* w1, float* w2, float* w3, int inputs, float* y, long yRow, int columns, float* bias, bool add, bool biased)
    {
        float* x0 = x, x1 = x0 + xRow, x2 = x1 + xRow, x3 = x2 + xRow;
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<float> s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default, s32 = default, s33 = default;
        // Plain statements: anything cleverer and the sixteen sums no longer stay in registers.
        for (nint i = 0; i <= inputs - Lanes; i += Lanes)
        {
            var a = Vector512.Load(w0 + i);
            var b = Vector512.Load(w1 + i);
            var c = Vector512.Load(w2 + i);
            var d = Vector512.Load(w3 + i);
            var v = Vector512.Load(x0 + i);
            s00 = Vector512.FusedMultiplyAdd(v, a, s00);
            s01 = Vector512.FusedMultiplyAdd(v, b, s01);
            s02 = Vector512.FusedMultiplyAdd(v, c, s02);
            s03 = Vector512.FusedMultiplyAdd(v, d, s03);
            v = Vector512.Load(x1 + i);
            s10 = Vector512.FusedMultiplyAdd(v, a, s10);
            s11 = Vector512.FusedMultiplyAdd(v, b, s11);
            s12 = Vector512.FusedMultiplyAdd(v, c, s12);
            s13 = Vector512.FusedMultiplyAdd(v, d, s13);
            v = Vector512.Load(x2 + i);
            s20 = Vector512.FusedMultiplyAdd(v, a, s20);
            s21 = Vector512.FusedMultiplyAdd(v, b, s21);
            s22 = Vector512.FusedMultiplyAdd(v, c, s22);
            s23 = Vector512.FusedMultiplyAdd(v, d, s23);
            v = Vector512.Load(x3 + i);
            s30 = Vector512.FusedMultiplyAdd(v, a, s30);
            s31 = Vector512.FusedMultiplyAdd(v, b, s31);
            s32 = Vector512.FusedMultiplyAdd(v, c, s32);
            s33 = Vector512.FusedMultiplyAdd(v, d, s33);
        }

        Put(Sums(s00, s01, s02, s03), y, columns, bias, add, biased);
        Put(Sums(s10, s11, s12, s13), y + yRow, columns, bias, add, biased);
        Put(Sums(s20, s21, s22, s23), y + 2 * yRow, columns, bias, add, biased);
        Put(Sums(s30, s31, s32, s33), y + 3 * yRow, columns, bias, add, biased);
        if (inputs % Lanes == 0) return;
        for (var r = 0; r < 4; r++) Rest(x + r * xRow, w0, w1, w2, w3, inputs, y + r * yRow, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(float* x, float* w0, float* w1, float* w2, float* w3, int inputs, float* y, int columns, float* bias, bool add, bool biased)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        // One row waits for memory: the four outputs after these are asked for ahead (an address past the end is ignored).
        var next = w0 + 4L * inputs;
        for (nint i = 0; i <= inputs - Lanes; i += Lanes, next += 4 * Lanes)
        {
            if (System.Runtime.Intrinsics.X86.Sse.IsSupported)
            {
                System.Runtime.Intrinsics.X86.Sse.Prefetch0(next);
                System.Runtime.Intrinsics.X86.Sse.Prefetch0(next + Lanes);
                System.Runtime.Intrinsics.X86.Sse.Prefetch0(next + 2 * Lanes);
                System.Runtime.Intrinsics.X86.Sse.Prefetch0(next + 3 * Lanes);
            }

            var v = Vector512.Load(x + i);
            s0 = Vector512.FusedMultiplyAdd(v, Vector512.Load(w0 + i), s0);
            s1 = Vector512.FusedMultiplyAdd(v, Vector512.Load(w1 + i), s1);
            s2 = Vector512.FusedMultiplyAdd(v, Vector512.Load(w2 + i), s2);
            s3 = Vector512.FusedMultiplyAdd(v, Vector512.Load(w3 + i), s3);
        }

        Put(Sums(s0, s1, s2, s3), y, columns, bias, add, biased);
        if (inputs % Lanes != 0) Rest(x, w0, w1, w2, w3, inputs, y, columns);
    }

    /// <summary>Adds the products of the last few inputs, fewer than a vector holds.</summary>
    private static void Rest(float* x, float* w0, float* w1, float* w2, float* w3, int inputs, float* y, int columns)
    {
        for (var c = 0; c < columns; c++)
        {
            float* w = c == 0 ? w0 : c == 1 ? w1 : c == 2 ? w2 : w3;
            var sum = 0f;
            for (var i = inputs / Lanes * Lanes; i < inputs; i++) sum = MathF.FusedMultiplyAdd(x[i], w[i], sum);
            y[c] += sum;
        }
    }

    /// <summary>The last few values, 0 behind them.</summary>
    private static Vector512<float> Rest(float* from, int count)
    {
        var to = stackalloc float[Lanes];
        for (var i = 0; i < Lanes; i++) to[i] = i < count ? from[i] : 0;
        return Vector512.Load(to);
    }

    /// <summary>The sum of each of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Sums(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        Vector256<float> p = a.GetLower() + a.GetUpper(), q = b.GetLower() + b.GetUpper(), r = c.GetLower() + c.GetUpper(), s = d.GetLower() + d.GetUpper();
        Vector128<float> e = p.GetLower() + p.GetUpper(), f = q.GetLower() + q.GetUpper(), g = r.GetLower() + r.GetUpper(), h = s.GetLower() + s.GetUpper();
        // [e0+e2, f0+f2, e1+e3, f1+f3] and the same of g and h.
        var ef = Low(e, f) + High(e, f);
        var gh = Low(g, h) + High(g, h);
        return Vector128.Create(ef.GetLower(), gh.GetLower()) + Vector128.Create(ef.GetUpper(), gh.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        System.Runtime.Intrinsics.X86.Sse.IsSupported ? System.Runtime.Intrinsics.X86.Sse.UnpackLow(a, b) : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        System.Runtime.Intrinsics.X86.Sse.IsSupported ? System.Runtime.Intrinsics.X86.Sse.UnpackHigh(a, b) : Vector128.Create(a[2], b[2], a[3], b[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector128<float> sums, float* y, int columns, float* bias, bool add, bool biased)
    {
        if (columns == 4)
        {
            if (biased) sums += Vector128.Load(bias);
            if (add) sums += Vector128.Load(y);
            sums.Store(y);
            return;
        }

        for (var i = 0; i < columns; i++) y[i] = sums[i] + (biased ? bias[i] : 0) + (add ? y[i] : 0);
    }
}
