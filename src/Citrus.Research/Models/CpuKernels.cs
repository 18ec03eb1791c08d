using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Citrus.Research.Models;

/// <summary>The element-wise parts of the decoder, forward and backward, fused and vectorised. Rows lie one after the other; all numbers are float32.</summary>
internal static unsafe class CpuKernels
{
    private const int Wide = 8;

    /// <summary>y = x * r * gain for each row, r = 1 / sqrt(mean(x²) + epsilon).</summary>
    public static void Norm(float* x, float* gain, float* y, float* inverse, int rows, int width, float epsilon)
    {
        for (var n = 0; n < rows; n++, x += width, y += width)
        {
            var r = 1 / MathF.Sqrt(Dot(x, x, width) / width + epsilon);
            inverse[n] = r;
            var i = 0;
            for (; i <= width - Wide; i += Wide) (Vector256.Load(x + i) * r * Vector256.Load(gain + i)).Store(y + i);
            for (; i < width; i++) y[i] = x[i] * r * gain[i];
        }
    }

    /// <summary>Adds the gradient with respect to x to <paramref name="dx"/>, and to the gains' to <paramref name="dGain"/>.</summary>
    public static void NormBackward(float* x, float* gain, float* inverse, float* dy, float* dx, float* dGain, int rows, int width)
    {
        for (var n = 0; n < rows; n++, x += width, dy += width, dx += width)
        {
            var r = inverse[n];
            var (sum, i) = (Vector256<float>.Zero, 0);
            for (; i <= width - Wide; i += Wide)
            {
                var slope = Vector256.Load(dy + i) * Vector256.Load(x + i);
                (Vector256.Load(dGain + i) + slope * r).Store(dGain + i);
                sum += slope * Vector256.Load(gain + i);
            }

            var along = Vector256.Sum(sum);
            for (; i < width; i++)
            {
                dGain[i] += dy[i] * x[i] * r;
                along += dy[i] * x[i] * gain[i];
            }

            along *= r * r * r / width;
            for (i = 0; i <= width - Wide; i += Wide)
                (Vector256.Load(dx + i) + Vector256.Load(dy + i) * Vector256.Load(gain + i) * r - Vector256.Load(x + i) * along).Store(dx + i);
            for (; i < width; i++) dx[i] += dy[i] * gain[i] * r - x[i] * along;
        }
    }

    /// <summary>One head: normed, scaled by the gains, turned by its position.</summary>
    /// <returns>1 / sqrt(mean(x²) + epsilon), which the backward pass needs.</returns>
    public static float NormAndTurn(float* x, float* gain, float* cosines, float* sines, float* y, int size, float epsilon)
    {
        var r = 1 / MathF.Sqrt(Dot(x, x, size) / size + epsilon);
        var (half, i) = (size / 2, 0);
        for (; i <= half - Wide; i += Wide)
        {
            var a = Vector256.Load(x + i) * r * Vector256.Load(gain + i);
            var b = Vector256.Load(x + half + i) * r * Vector256.Load(gain + half + i);
            var (c, s) = (Vector256.Load(cosines + i), Vector256.Load(sines + i));
            (a * c - b * s).Store(y + i);
            (b * c + a * s).Store(y + half + i);
        }

        for (; i < half; i++)
        {
            var (a, b) = (x[i] * r * gain[i], x[half + i] * r * gain[half + i]);
            y[i] = a * cosines[i] - b * sines[i];
            y[half + i] = b * cosines[i] + a * sines[i];
        }

        return r;
    }

    /// <summary>The gradient of <see cref="NormAndTurn"/>; <paramref name="dy"/> is turned back in place.</summary>
    public static void NormAndTurnBackward(float* x, float* gain, float r, float* cosines, float* sines, float* dy, float* dx, float* dGain, int size)
    {
        var (half, i) = (size / 2, 0);
        for (; i <= half - Wide; i += Wide)
        {
            var (a, b) = (Vector256.Load(dy + i), Vector256.Load(dy + half + i));
            var (c, s) = (Vector256.Load(cosines + i), Vector256.Load(sines + i));
            (a * c + b * s).Store(dy + i);
            (b * c - a * s).Store(dy + half + i);
        }

        for (; i < half; i++)
        {
            var (a, b) = (dy[i], dy[half + i]);
            dy[i] = a * cosines[i] + b * sines[i];
            dy[half + i] = b * cosines[i] - a * sines[i];
        }

        new Span<float>(dx, size).Clear();
        NormBackward(x, gain, &r, dy, dx, dGain, 1, size);
    }

    /// <summary>One head turned by its position.</summary>
    public static void Turn(float* x, float* cosines, float* sines, float* y, int size)
    {
        var (half, i) = (size / 2, 0);
        for (; i <= half - Wide; i += Wide)
        {
            var (a, b) = (Vector256.Load(x + i), Vector256.Load(x + half + i));
            var (c, s) = (Vector256.Load(cosines + i), Vector256.Load(sines + i));
            (a * c - b * s).Store(y + i);
            (b * c + a * s).Store(y + half + i);
        }

        for (; i < half; i++) (y[i], y[half + i]) = (x[i] * cosines[i] - x[half + i] * sines[i], x[half + i] * cosines[i] + x[i] * sines[i]);
    }

    /// <summary>The gradient of <see cref="Turn"/>: the turn back.</summary>
    public static void TurnBackward(float* dy, float* cosines, float* sines, float* dx, int size)
    {
        var (half, i) = (size / 2, 0);
        for (; i <= half - Wide; i += Wide)
        {
            var (a, b) = (Vector256.Load(dy + i), Vector256.Load(dy + half + i));
            var (c, s) = (Vector256.Load(cosines + i), Vector256.Load(sines + i));
            (a * c + b * s).Store(dx + i);
            (b * c - a * s).Store(dx + half + i);
        }

        for (; i < half; i++) (dx[i], dx[half + i]) = (dy[i] * cosines[i] + dy[half + i] * sines[i], dy[half + i] * cosines[i] - dy[i] * sines[i]);
    }

    /// <summary>Adds x to each row of y.</summary>
    public static void AddToRows(float* x, float* y, int rows, int width)
    {
        for (var n = 0; n < rows; n++, y += width) Add(x, y, width);
    }

    /// <summary>y = silu(gate) * up; each row of <paramref name="inner"/> holds gate, then up.</summary>
    public static void SwiGlu(float* inner, float* y, int rows, int width)
    {
        for (var n = 0; n < rows; n++, inner += 2 * width, y += width)
        {
            var i = 0;
            for (; i <= width - Wide; i += Wide)
            {
                var g = Vector256.Load(inner + i);
                (g / (Vector256<float>.One + Vector256.Exp(-g)) * Vector256.Load(inner + width + i)).Store(y + i);
            }

            for (; i < width; i++) y[i] = inner[i] / (1 + MathF.Exp(-inner[i])) * inner[width + i];
        }
    }

    /// <summary>Replaces gate and up by their gradients.</summary>
    public static void SwiGluBackward(float* inner, float* dy, int rows, int width)
    {
        for (var n = 0; n < rows; n++, inner += 2 * width, dy += width)
        {
            var i = 0;
            for (; i <= width - Wide; i += Wide)
            {
                var (g, u, d) = (Vector256.Load(inner + i), Vector256.Load(inner + width + i), Vector256.Load(dy + i));
                var s = Vector256<float>.One / (Vector256<float>.One + Vector256.Exp(-g));
                (d * u * s * (Vector256<float>.One + g * (Vector256<float>.One - s))).Store(inner + i);
                (d * g * s).Store(inner + width + i);
            }

            for (; i < width; i++)
            {
                var (g, u, d) = (inner[i], inner[width + i], dy[i]);
                var s = 1 / (1 + MathF.Exp(-g));
                inner[i] = d * u * s * (1 + g * (1 - s));
                inner[width + i] = d * g * s;
            }
        }
    }

    /// <summary>Replaces a row by exp(x - log sum exp(x)) and returns that logarithm.</summary>
    public static float Softmax(float* x, int width)
    {
        var (most, i) = (float.NegativeInfinity, 0);
        if (width >= Wide)
        {
            var top = Vector256.Load(x);
            for (i = Wide; i <= width - Wide; i += Wide) top = Vector256.Max(top, Vector256.Load(x + i));
            for (var k = 0; k < Wide; k++) most = MathF.Max(most, top[k]);
        }

        for (; i < width; i++) most = MathF.Max(most, x[i]);
        var sums = Vector256<float>.Zero;
        for (i = 0; i <= width - Wide; i += Wide)
        {
            var e = Vector256.Exp(Vector256.Load(x + i) - Vector256.Create(most));
            e.Store(x + i);
            sums += e;
        }

        var sum = Vector256.Sum(sums);
        for (; i < width; i++) sum += x[i] = MathF.Exp(x[i] - most);
        Scale(x, 1 / sum, width);
        return most + MathF.Log(sum);
    }

    /// <summary>x = exp(x - shift).</summary>
    public static void ExpMinus(float* x, float shift, int width)
    {
        var i = 0;
        for (; i <= width - Wide; i += Wide) Vector256.Exp(Vector256.Load(x + i) - Vector256.Create(shift)).Store(x + i);
        for (; i < width; i++) x[i] = MathF.Exp(x[i] - shift);
    }

    /// <summary>dp = p * (dp - sum(p * dp)): the gradient of a softmax row.</summary>
    public static void SoftmaxBackward(float* p, float* dp, int width)
    {
        var mean = Dot(p, dp, width);
        var i = 0;
        for (; i <= width - Wide; i += Wide) (Vector256.Load(p + i) * (Vector256.Load(dp + i) - Vector256.Create(mean))).Store(dp + i);
        for (; i < width; i++) dp[i] = p[i] * (dp[i] - mean);
    }

    public static void Scale(float* x, float factor, int width)
    {
        var i = 0;
        for (; i <= width - Wide; i += Wide) (Vector256.Load(x + i) * factor).Store(x + i);
        for (; i < width; i++) x[i] *= factor;
    }

    /// <summary>y += x.</summary>
    public static void Add(float* x, float* y, int width)
    {
        var i = 0;
        for (; i <= width - Wide; i += Wide) (Vector256.Load(y + i) + Vector256.Load(x + i)).Store(y + i);
        for (; i < width; i++) y[i] += x[i];
    }

    public static float Dot(float* x, float* y, int width)
    {
        var (sum, i) = (Vector256<float>.Zero, 0);
        for (; i <= width - Wide; i += Wide) sum += Vector256.Load(x + i) * Vector256.Load(y + i);
        var total = Vector256.Sum(sum);
        for (; i < width; i++) total += x[i] * y[i];
        return total;
    }

    /// <summary>C = A B, or C += A B; any strides for A, rows of B and C contiguous. For matrices that stay in the nearest cache.</summary>
    /// <param name="aRow">Distance between rows of A; <paramref name="aColumn"/> between its columns, so that a transposed A costs nothing.</param>
    public static void Multiply(int m, int n, int k, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, bool add)
    {
        for (var i = 0; i < m; i += 4)
        {
            var rows = Math.Min(4, m - i);
            float* at = a + i * aRow, to = c + i * cRow;
            var j = 0;
            if (rows == 4)
            {
                for (; j <= n - 2 * Wide; j += 2 * Wide) Tile4(k, at, aRow, aColumn, b + j, bRow, to + j, cRow, add);
            }

            for (var r = 0; r < rows; r++) RowTail(j, n, k, at + r * aRow, aColumn, b, bRow, to + r * cRow, add);
        }
    }

    private static void Tile4(int k, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, bool add)
    {
        Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        for (var p = 0; p < k; p++, b += bRow, a += aColumn, a1 += aColumn, a2 += aColumn, a3 += aColumn)
        {
            var (b0, b1) = (Vector256.Load(b), Vector256.Load(b + Wide));
            var x = Vector256.Create(*a);
            (c00, c01) = (Fused(x, b0, c00), Fused(x, b1, c01));
            x = Vector256.Create(*a1);
            (c10, c11) = (Fused(x, b0, c10), Fused(x, b1, c11));
            x = Vector256.Create(*a2);
            (c20, c21) = (Fused(x, b0, c20), Fused(x, b1, c21));
            x = Vector256.Create(*a3);
            (c30, c31) = (Fused(x, b0, c30), Fused(x, b1, c31));
        }

        Put(c, c00, c01, add);
        Put(c + cRow, c10, c11, add);
        Put(c + 2 * cRow, c20, c21, add);
        Put(c + 3 * cRow, c30, c31, add);
    }

    private static void RowTail(int j, int n, int k, float* a, nint aColumn, float* b, nint bRow, float* c, bool add)
    {
        for (; j <= n - Wide; j += Wide)
        {
            var sum = Vector256<float>.Zero;
            float* x = a, y = b + j;
            for (var p = 0; p < k; p++, x += aColumn, y += bRow) sum = Fused(Vector256.Create(*x), Vector256.Load(y), sum);
            (add ? Vector256.Load(c + j) + sum : sum).Store(c + j);
        }

        for (; j < n; j++)
        {
            var sum = 0f;
            for (var p = 0; p < k; p++) sum = MathF.FusedMultiplyAdd(a[p * aColumn], b[p * bRow + j], sum);
            c[j] = add ? c[j] + sum : sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Fused(Vector256<float> x, Vector256<float> y, Vector256<float> sum) => Vector256.FusedMultiplyAdd(x, y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* c, Vector256<float> x, Vector256<float> y, bool add)
    {
        if (add) (x, y) = (x + Vector256.Load(c), y + Vector256.Load(c + Wide));
        x.Store(c);
        y.Store(c + Wide);
    }
}
