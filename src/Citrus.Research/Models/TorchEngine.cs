using Citrus.Research.Models.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>The engine in tensor operations, for GPUs; runs on any device.</summary>
/// <remarks>
/// Sequences are packed without padding. libtorch derives one block at a time, from the top down, so that a block's inner values are freed as soon as its gradients are known, and can be
/// computed again instead of kept (<see cref="EngineOptions.ActivationCheckpointing"/>). Below the lowest weights that are trained nothing is kept or derived.
/// </remarks>
internal sealed class TorchEngine : IDecoderEngine
{
    private const string Mend = "Lower the tokens of a batch (and accumulate more batches instead), turn activation checkpointing on, shorten the longest sequences, or train a low-rank adapter "
        + "instead of all weights.";

    private readonly Decoder _decoder;
    private readonly EngineOptions _options;
    private readonly DecoderNetwork _network;
    private readonly IReadOnlyList<DecoderParameter> _trainable;
    private readonly Stage _top;
    private readonly Stage[] _blocks;
    private readonly int _embedding, _head, _lowest;
    private readonly LoraPair? _headPair;

    public TorchEngine(Decoder decoder, ComputePrecision precision = ComputePrecision.Float32)
        : this(decoder, new EngineOptions { Precision = precision })
    {
    }

    public TorchEngine(Decoder decoder, EngineOptions options)
    {
        options.Validate();
        (_decoder, _options, _network, _trainable) = (decoder, options, new DecoderNetwork(decoder, options.Precision), decoder.Trainable);
        var layout = _network.Layout;
        var slots = _trainable.Select((p, i) => (p, i)).ToDictionary(p => p.p, p => p.i, (IEqualityComparer<DecoderParameter>)ReferenceEqualityComparer.Instance);
        Stage Of(int first, int end)
        {
            var own = decoder.Parameters.Skip(first).Take(end - first).Concat((decoder.Adapter?.Pairs ?? []).Where(p => p.Parameter >= first && p.Parameter < end).SelectMany(p => new[] { p.A, p.B }));
            return new Stage([.. own.Where(slots.ContainsKey).Select(p => slots[p])]);
        }

        _blocks = [.. layout.Layers.Select((l, i) => Of(l.InputNorm, i + 1 < layout.Layers.Count ? layout.Layers[i + 1].InputNorm : layout.FinalNorm))];
        _top = Of(layout.FinalNorm, layout.FinalNorm + 1);
        _embedding = slots.GetValueOrDefault(decoder.Parameters[DecoderLayout.Embedding], -1);
        _head = slots.GetValueOrDefault(decoder.Parameters[layout.Head], -1);
        _headPair = decoder.Adapter?.Pairs.FirstOrDefault(p => p.Parameter == layout.Head);
        _lowest = _embedding >= 0 ? -1 : Array.FindIndex(_blocks, b => b.Slots.Length > 0) is >= 0 and var found ? found : _blocks.Length;
    }

    public float[] LogProbabilities(TokenBatch batch) => batch.Rows.Length == 0 ? [] : Told(batch, "reading", () =>
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        _network.Refresh();
        var pass = new Pass(this, batch);
        var x = _network.Embed(pass.Ids);
        for (var layer = 0; layer < _blocks.Length; layer++)
        {
            var below = x;
            x = pass.Block(layer, x);
            below.Dispose();
        }

        return Floats(pass.Chunks().LogProbabilities(_network.Top(x)));
    });

    public IReadOnlyList<Tensor> Gradients(TokenBatch batch, Func<float[], float[]> slope) => Run(batch, slope, null).Gradients;

    public (float[] LogProbabilities, IReadOnlyList<Tensor> Gradients) Gradients(TokenBatch batch, float[] slopes) => Run(batch, null, slopes);

    public void Dispose() => _network.Dispose();

    private static float[] Floats(Tensor tensor) => tensor.cpu().data<float>().ToArray();

    private T Told<T>(TokenBatch batch, string verb, Func<T> run) =>
        OutOfDeviceMemoryException.Told(run, () => $"{verb} {batch.Ids.Length} tokens (the longest sequence has {batch.Longest})", Mend);

    private (float[] Found, IReadOnlyList<Tensor> Gradients) Run(TokenBatch batch, Func<float[], float[]>? slope, float[]? ahead)
    {
        if (_decoder.WeightType == ScalarType.Float16)
            throw new InvalidOperationException("float16 weights can be read but not trained: small gradients become 0. Load the checkpoint as bfloat16 (or float32).");
        if (ahead is not null && ahead.Length != batch.Rows.Length) throw new ArgumentException($"{ahead.Length} slopes for {batch.Rows.Length} predicted tokens; there must be one for each.");
        if (batch.Rows.Length == 0) return ([], [.. _trainable.Select(p => zeros_like(p.Value))]);
        foreach (var parameter in _trainable) parameter.Value.requires_grad_(true);
        try
        {
            return Told(batch, "training on", () => Step(batch, slope, ahead));
        }
        finally
        {
            foreach (var parameter in _trainable) parameter.Value.requires_grad_(false);
        }
    }

    private (float[] Found, IReadOnlyList<Tensor> Gradients) Step(TokenBatch batch, Func<float[], float[]>? slope, float[]? ahead)
    {
        using var scope = NewDisposeScope();
        using var without = no_grad();
        _network.Refresh();
        var pass = new Pass(this, batch, ahead);
        var (inputs, outputs) = (new Tensor[_blocks.Length + 1], new Tensor?[_blocks.Length]);
        inputs[0] = _network.Embed(pass.Ids);
        for (var layer = 0; layer < _blocks.Length; layer++)
        {
            var derived = layer >= _lowest;
            if (derived && !_options.ActivationCheckpointing)
            {
                outputs[layer] = Derived(pass, layer, inputs[layer]);
                inputs[layer + 1] = outputs[layer]!.detach();
            }
            else
            {
                using var inner = NewDisposeScope();
                inputs[layer + 1] = pass.Block(layer, inputs[layer]).MoveToOuterDisposeScope();
                if (!derived) inputs[layer].Dispose();
            }
        }

        var gradients = new Tensor[_trainable.Count];
        var (found, slopes) = Top(pass, inputs[^1], slope, gradients, scope);
        for (var layer = _blocks.Length - 1; layer >= Math.Max(0, _lowest); layer--)
        {
            using var inner = NewDisposeScope();
            var output = outputs[layer] ?? Derived(pass, layer, inputs[layer]);
            var below = Derive(output, layer > _lowest ? inputs[layer] : null, _blocks[layer], slopes!, gradients, scope);
            outputs[layer]?.Dispose();
            inputs[layer].Dispose();
            slopes!.Dispose();
            slopes = below?.MoveToOuterDisposeScope();
        }

        if (_embedding >= 0)
        {
            // Of many tokens with one id each must count: float32.
            var learned = gradients[_embedding]?.to(float32) ?? zeros(_trainable[_embedding].Value.shape, float32, _decoder.Device);
            gradients[_embedding] = learned.index_add_(0, pass.Ids, slopes!.to(float32), 1.0.Held());
        }

        foreach (var gradient in gradients) gradient.MoveToOuterDisposeScope();
        return (Floats(found), gradients);
    }

    /// <summary>The last norm and the output layer: log-probabilities, and the gradient of the last block's output (null where nothing below is trained).</summary>
    private (Tensor Found, Tensor? Below) Top(Pass pass, Tensor x, Func<float[], float[]>? slope, Tensor[] gradients, DisposeScope kept)
    {
        using var scope = NewDisposeScope();
        Tensor normed;
        using (enable_grad())
        {
            x.requires_grad_(_lowest < _blocks.Length);
            normed = _network.Top(x);
        }

        var (hidden, chunks) = (normed.detach(), pass.Chunks());
        var slopes = pass.Slopes ?? tensor(slope!(Floats(chunks.LogProbabilities(hidden)))).to(_decoder.Device);
        var (found, below, head) = chunks.Gradients(hidden, slopes, _head >= 0 || _headPair is not null);
        if (_head >= 0) gradients[_head] = head!.MoveToOtherDisposeScope(kept);
        if (_headPair is { } pair)
        {
            var (wide, scale) = (head!.to(float32), _decoder.Adapter!.Scale.Held());
            for (var i = 0; i < _trainable.Count; i++)
            {
                if (ReferenceEquals(_trainable[i], pair.A)) gradients[i] = pair.B.Value.t().mm(wide).mul_(scale).MoveToOtherDisposeScope(kept);
                if (ReferenceEquals(_trainable[i], pair.B)) gradients[i] = wide.mm(pair.A.Value.t()).mul_(scale).MoveToOtherDisposeScope(kept);
            }
        }

        return (found.MoveToOuterDisposeScope(), normed.requires_grad ? Derive(normed, _lowest < _blocks.Length ? x : null, _top, below, gradients, kept)?.MoveToOuterDisposeScope() : null);
    }

    /// <summary>A block's output with what its derivatives need.</summary>
    private Tensor Derived(Pass pass, int layer, Tensor input)
    {
        using var grad = enable_grad();
        using var scope = NewDisposeScope();
        input.requires_grad_(layer > _lowest);
        return pass.Block(layer, input).MoveToOuterDisposeScope();
    }

    /// <summary>Gradients of a stage's weights, and that of its input where one is given.</summary>
    private Tensor? Derive(Tensor output, Tensor? input, Stage stage, Tensor slopes, Tensor[] gradients, DisposeScope kept)
    {
        Tensor[] asked = [.. stage.Slots.Select(s => _trainable[s].Value), .. input is null ? Array.Empty<Tensor>() : [input]];
        if (asked.Length == 0) return null;
        var found = autograd.grad([output], asked, [slopes]);
        for (var i = 0; i < stage.Slots.Length; i++) gradients[stage.Slots[i]] = found[i].MoveToOtherDisposeScope(kept);
        return input is null ? null : found[^1];
    }

    /// <summary>Places in the list of trained weights of those that a block (or the top) holds.</summary>
    private sealed record Stage(int[] Slots);

    /// <summary>A batch on the device.</summary>
    private sealed class Pass
    {
        private readonly TorchEngine _engine;
        private readonly PackedAttention _attention;
        private readonly (Tensor, Tensor) _turns;
        private readonly Tensor? _rows;

        public Pass(TorchEngine engine, TokenBatch batch, float[]? ahead = null)
        {
            _engine = engine;
            var (device, layout) = (engine._decoder.Device, engine._network.Layout);
            Ids = tensor(Array.ConvertAll(batch.Ids, i => (long)i)).to(device);
            var positions = new long[batch.Ids.Length];
            for (var s = 0; s < batch.Sequences; s++)
            {
                for (var i = batch.Starts[s]; i < batch.Starts[s + 1]; i++) positions[i] = i - batch.Starts[s];
            }

            _turns = engine._network.Turns(tensor(positions).to(device), batch.Longest);
            _attention = new PackedAttention(batch, layout.Layers.Select(l => l.Window), device);
            Targets = tensor(Array.ConvertAll(batch.Targets, t => (long)t)).to(device);
            Slopes = ahead is null ? null : tensor(ahead).to(device);
            _rows = batch.Rows.Length == batch.Ids.Length ? null : tensor(Array.ConvertAll(batch.Rows, r => (long)r)).to(device);
        }

        public Tensor Ids { get; }

        public Tensor Targets { get; }

        /// <summary>Where they are known ahead: on the device before anything is computed, so that nothing waits for them.</summary>
        public Tensor? Slopes { get; }

        /// <summary>Above the last attention only the tokens that predict something matter.</summary>
        public Tensor Block(int layer, Tensor x) => _engine._network.Block(
            layer, x, _turns, (at, q, k, v) => _attention.Attend(q, k, v, _engine._network.Layout.Layers[at].Window), layer + 1 == _engine._blocks.Length ? _rows : null);

        public LogitChunks Chunks() => new(_engine._network.Head, Targets, _engine._options.LogitChunk);
    }
}
