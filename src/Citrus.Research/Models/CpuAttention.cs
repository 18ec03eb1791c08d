namespace Citrus.Research.Models;

/// <summary>Causal grouped-query attention of one sequence, forward and backward; probabilities live in scratch memory only, those of some rows at a time.</summary>
internal sealed unsafe class CpuAttention : IDisposable
{
    /// <summary>Queries that are worked on at once, a multiple of 4: bounds the scratch memory of a long text.</summary>
    private const int Block = 1024;

    private const float Unseen = -1e9f;

    private readonly int _heads, _groups, _size;
    private readonly float _scale;
    private readonly CpuMatrix _keys = new(1), _values = new(1), _square = new(1), _slopes = new(1);

    public CpuAttention(DecoderConfig config)
    {
        (_heads, _groups, _size) = (config.Heads, config.KeyValueHeads, config.HeadSize);
        _scale = (float)(1 / Math.Sqrt(_size));
    }

    /// <param name="queries">First row of the sequence in <c>[rows, heads + keyHeads, size]</c>: queries, then keys, normed and turned.</param>
    /// <param name="values">First row of the sequence's <c>[rows, heads + 2 keyHeads, size]</c>; values are its last part.</param>
    /// <param name="mixed">Filled: <c>[rows, heads, size]</c>.</param>
    /// <param name="logSums">Filled: logarithm of each softmax's denominator, <c>[rows, heads]</c>; the backward pass needs them.</param>
    /// <param name="window">Tokens that a query looks back on, itself included.</param>
    public void Forward(float* queries, float* values, float* mixed, float* logSums, int length, int window)
    {
        var (qRow, vRow, yRow, wide) = ((_heads + _groups) * _size, (_heads + 2 * _groups) * _size, _heads * _size, Padded(length));
        float* turned = _keys.Reserve((long)_size * wide), square = _square.Reserve((long)Math.Min(length, Block) * wide);
        for (var g = 0; g < _groups; g++)
        {
            Transpose(queries + (_heads + g) * _size, qRow, turned, wide, length);
            var v = values + (_heads + _groups + g) * _size;
            for (var h = g * (_heads / _groups); h < (g + 1) * (_heads / _groups); h++)
            {
                for (var first = 0; first < length; first += Block)
                {
                    var end = Math.Min(length, first + Block);
                    var rowsOf = square - (long)first * wide; // row i lies at rowsOf + i * wide
                    Logits(queries + h * _size, qRow, turned, rowsOf, wide, first, end, window);
                    for (var i = first; i < end; i++)
                    {
                        var from = First(i, window);
                        logSums[(long)i * _heads + h] = CpuKernels.Softmax(rowsOf + (long)i * wide + from, Padded(i + 1) - from);
                    }

                    for (var i = first; i < end; i += 4)
                    {
                        var (rows, from) = (Math.Min(4, end - i), First(i, window));
                        CpuKernels.Multiply(rows, _size, i + rows - from, rowsOf + (long)i * wide + from, wide, 1, v + (long)from * vRow, vRow, mixed + h * _size + (long)i * yRow, yRow, add: false);
                    }
                }
            }
        }
    }

    /// <summary>Gradients; the outputs are overwritten.</summary>
    /// <param name="dMixed">Gradient of <c>mixed</c>.</param>
    /// <param name="dQueries">Filled, like <paramref name="queries"/>.</param>
    /// <param name="dValues">Its last part is filled, like <paramref name="values"/>.</param>
    public void Backward(float* queries, float* values, float* logSums, float* dMixed, float* dQueries, float* dValues, int length, int window)
    {
        var (qRow, vRow, yRow, wide) = ((_heads + _groups) * _size, (_heads + 2 * _groups) * _size, _heads * _size, Padded(length));
        float* turnedKeys = _keys.Reserve((long)_size * wide), turnedValues = _values.Reserve((long)_size * wide);
        float* square = _square.Reserve((long)Math.Min(length, Block) * wide), slopes = _slopes.Reserve((long)Math.Min(length, Block) * wide);
        for (var g = 0; g < _groups; g++)
        {
            float* k = queries + (_heads + g) * _size, dk = dQueries + (_heads + g) * _size;
            float* v = values + (_heads + _groups + g) * _size, dv = dValues + (_heads + _groups + g) * _size;
            Transpose(k, qRow, turnedKeys, wide, length);
            Transpose(v, vRow, turnedValues, wide, length);
            for (var h = g * (_heads / _groups); h < (g + 1) * (_heads / _groups); h++)
            {
                float* q = queries + h * _size, dq = dQueries + h * _size, dy = dMixed + h * _size;
                for (var first = 0; first < length; first += Block)
                {
                    var end = Math.Min(length, first + Block);
                    float* pRows = square - (long)first * wide, dpRows = slopes - (long)first * wide; // row i lies at pRows + i * wide
                    Logits(q, qRow, turnedKeys, pRows, wide, first, end, window);
                    for (var i = first; i < end; i++)
                    {
                        var from = First(i, window);
                        CpuKernels.ExpMinus(pRows + (long)i * wide + from, logSums[(long)i * _heads + h], Padded(i + 1) - from);
                    }

                    for (var i = first; i < end; i += 4)
                    {
                        var (rows, from) = (Math.Min(4, end - i), First(i, window));
                        float* p = pRows + (long)i * wide, dp = dpRows + (long)i * wide;
                        CpuKernels.Multiply(rows, Padded(i + rows) - from, _size, dy + (long)i * yRow, yRow, 1, turnedValues + from, wide, dp + from, wide, add: false);
                        for (var r = 0; r < rows; r++)
                        {
                            float* pRow = p + (long)r * wide, dpRow = dp + (long)r * wide;
                            var seen = Padded(i + r + 1);
                            CpuKernels.SoftmaxBackward(pRow + from, dpRow + from, seen - from);
                            CpuKernels.Scale(dpRow + from, _scale, seen - from);
                            // Columns of later rows of these four: read below, so they must be clear.
                            for (var j = seen; j < Padded(i + rows); j++) (pRow[j], dpRow[j]) = (0, 0);
                        }

                        CpuKernels.Multiply(rows, _size, i + rows - from, dp + from, wide, 1, k + (long)from * qRow, qRow, dq + (long)i * qRow, qRow, add: false);
                    }

                    for (var j = First(first, window) & ~3; j < end; j += 4)
                    {
                        // Rows of this block that see these columns.
                        var columns = Math.Min(4, length - j);
                        var (top, bottom) = (Math.Max(first, j), (int)Math.Min(end, j + columns - 1L + window));
                        if (bottom <= top) continue;
                        var corner = (long)top * wide + j;
                        var more = h > g * (_heads / _groups) || first > j;
                        CpuKernels.Multiply(columns, _size, bottom - top, pRows + corner, 1, wide, dy + (long)top * yRow, yRow, dv + (long)j * vRow, vRow, more);
                        CpuKernels.Multiply(columns, _size, bottom - top, dpRows + corner, 1, wide, q + (long)top * qRow, qRow, dk + (long)j * qRow, qRow, more);
                    }
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var matrix in new[] { _keys, _values, _square, _slopes }) matrix.Dispose();
    }

    private static int Padded(int length) => (length + 7) & ~7;

    /// <summary>First column that is computed for the block of rows that a row is in: at or before the first that any of them sees, and a multiple of 8.</summary>
    private static int First(int row, int window) => window == int.MaxValue ? 0 : Math.Max(0, (row & ~3) + 1 - window) & ~7;

    /// <summary>Scaled logits of each query with the keys that it sees; the rest of each row's vectors is so low that its exponential is 0.</summary>
    private void Logits(float* q, int qRow, float* turnedKeys, float* square, int wide, int first, int end, int window)
    {
        for (var i = first; i < end; i += 4)
        {
            var (rows, from) = (Math.Min(4, end - i), First(i, window));
            CpuKernels.Multiply(rows, Padded(i + rows) - from, _size, q + (long)i * qRow, qRow, 1, turnedKeys + from, wide, square + (long)i * wide + from, wide, add: false);
            for (var r = i; r < i + rows; r++)
            {
                var row = square + (long)r * wide;
                CpuKernels.Scale(row + from, _scale, Padded(r + 1) - from);
                for (var j = from; j <= r - window; j++) row[j] = Unseen;
                for (var j = r + 1; j < Padded(i + rows); j++) row[j] = j < Padded(r + 1) ? Unseen : 0;
            }
        }
    }

    private void Transpose(float* from, int row, float* to, int wide, int length)
    {
        for (var d = 0; d < _size; d++)
        {
            for (var t = 0; t < length; t++) to[(long)d * wide + t] = from[(long)t * row + d];
            for (var t = length; t < wide; t++) to[(long)d * wide + t] = 0;
        }
    }
}
