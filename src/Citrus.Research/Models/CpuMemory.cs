namespace Citrus.Research.Models;

/// <summary>Keys and values of one sequence's tokens, for every layer; keys are turned so that one query meets eight of them at a time.</summary>
internal sealed unsafe class CpuMemory : IDisposable
{
    private readonly int _heads, _groups, _size, _capacity, _layers;
    private readonly DecoderConfig _config;
    private readonly float _scale;
    private readonly CpuMatrix _keys = new(1), _values = new(1), _logits = new(1);

    public CpuMemory(DecoderConfig config, int capacity)
    {
        _config = config;
        (_heads, _groups, _size, _layers) = (config.Heads, config.KeyValueHeads, config.HeadSize, config.Layers);
        (_capacity, _scale) = ((capacity + 7) & ~7, (float)(1 / Math.Sqrt(_size)));
        _keys.Reserve((long)_layers * _groups * _size * _capacity);
        _values.Reserve((long)_layers * _groups * _size * _capacity);
        _logits.Reserve(_capacity);
    }

    /// <summary>Tokens remembered, those of the pass under way excluded.</summary>
    public int Length { get; private set; }

    /// <summary>Stores one layer's keys and values of new tokens.</summary>
    /// <param name="queries">Their rows <c>[count, heads + keyHeads, size]</c>; keys are the last part.</param>
    /// <param name="values">Their rows <c>[count, heads + 2 keyHeads, size]</c>; values are the last part.</param>
    public void Append(int layer, float* queries, float* values, int count)
    {
        for (var t = 0; t < count; t++)
        {
            float* key = queries + ((long)t * (_heads + _groups) + _heads) * _size, value = values + ((long)t * (_heads + 2 * _groups) + _heads + _groups) * _size;
            for (var g = 0; g < _groups; g++)
            {
                float* keys = At(_keys, layer, g), kept = At(_values, layer, g) + (Length + t) * _size;
                for (var d = 0; d < _size; d++) (keys[d * _capacity + Length + t], kept[d]) = (key[g * _size + d], value[g * _size + d]);
            }
        }
    }

    /// <summary>Attention of the newest token, whose key and value are stored already.</summary>
    /// <param name="queries">Its queries, <c>[heads, size]</c>.</param>
    /// <param name="mixed">Filled, <c>[heads, size]</c>.</param>
    public void Attend(int layer, float* queries, float* mixed)
    {
        var from = Math.Max(0, Length + 1 - _config.WindowOf(layer));
        var length = Length + 1 - from;
        var row = _logits.Data;
        for (var h = 0; h < _heads; h++)
        {
            var g = h / (_heads / _groups);
            CpuKernels.Multiply(1, length, _size, queries + h * _size, _size, 1, At(_keys, layer, g) + from, _capacity, row, _capacity, add: false);
            CpuKernels.Scale(row, _scale, length);
            CpuKernels.Softmax(row, length);
            CpuKernels.Multiply(1, _size, length, row, length, 1, At(_values, layer, g) + from * _size, _size, mixed + h * _size, _size, add: false);
        }
    }

    /// <summary>Ends a pass that stored this many tokens in every layer.</summary>
    public void Advance(int tokens) => Length += tokens;

    public void Dispose()
    {
        foreach (var matrix in new[] { _keys, _values, _logits }) matrix.Dispose();
    }

    private float* At(CpuMatrix store, int layer, int group) => store.Data + ((long)layer * _groups + group) * _size * _capacity;
}
