using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>A decoder-only transformer of one of the families in <see cref="DecoderArchitecture"/>, as Transformers' <c>...ForCausalLM</c> of that family computes it.</summary>
/// <remarks>
/// RMSNorm before attention and feed-forward, grouped-query attention with rotary positions over the whole head in halves, SwiGLU; normed queries and keys, biases
/// and sliding windows as the family has them. Reading (scoring, generating) may happen on any thread, one at a time.
/// </remarks>
public sealed class Decoder : IDisposable
{
    private readonly DecoderParameter[] _parameters;
    private bool[] _frozen;
    private DecoderParameter[]? _unfrozen;

    /// <summary>A fresh float32 decoder whose weights depend on the seed and the shape only.</summary>
    /// <exception cref="ArgumentException">The shape is impossible.</exception>
    public Decoder(DecoderConfig config, long seed, DecoderInitialisation? initialisation = null, torch.Device? device = null)
        : this(config, device)
    {
        var start = initialisation ?? new DecoderInitialisation();
        foreach (var parameter in _parameters)
        {
            foreach (var (name, view) in parameter.Views())
            {
                using var _ = view;
                Write(view, InitialWeights.Of(config, name, view.shape, parameter.Role, start, seed));
            }
        }
    }

    private Decoder(DecoderConfig config, torch.Device? device, torch.ScalarType type = torch.ScalarType.Float32)
    {
        Torch.EnsureLoaded();
        config.Validate();
        if (type is not (torch.ScalarType.Float32 or torch.ScalarType.BFloat16 or torch.ScalarType.Float16))
            throw new ArgumentException($"Weights cannot be of type {type}; float32, bfloat16 and float16 can be had.");
        Config = config;
        Device = device ?? Torch.DefaultDevice;
        WeightType = type;
        _parameters = OutOfDeviceMemoryException.Told(() => Shapes(config).Select(s =>
        {
            long rows = s.Parts.Sum(p => p.Rows);
            using var scope = torch.NewDisposeScope();
            // Left as it comes: every caller writes all of it.
            var value = torch.empty(s.Columns == 0 ? [rows] : [rows, s.Columns], type, Device);
            return new DecoderParameter(s.Role, value.MoveToOuterDisposeScope().DetachFromDisposeScope(), s.Parts);
        }).ToArray(),
            () => FormattableString.Invariant($"making room for {config.Parameters / 1e6:F0} million weights ({(type == torch.ScalarType.Float32 ? 4 : 2)} bytes each)"),
            "Load them as bfloat16, take a smaller model, or a device with more memory.");
        _frozen = new bool[_parameters.Length];
    }

    public DecoderConfig Config { get; }

    /// <summary>Where the weights lie and the work is done.</summary>
    public torch.Device Device { get; }

    /// <summary>The weights: embedding, then layer by layer, last norm, output layer where it is separate.</summary>
    public IReadOnlyList<DecoderParameter> Parameters => _parameters;

    /// <summary>Element type of the weights: float32, or bfloat16 or float16 on a GPU; the CPU computes with float32 only.</summary>
    public torch.ScalarType WeightType { get; }

    /// <summary>The low-rank adapter that is attached; null where there is none.</summary>
    public LoraAdapter? Adapter { get; private set; }

    /// <summary>What training changes, and what an engine gives gradients of: the adapter where one is attached, else all weights that are not frozen.</summary>
    /// <remarks>An engine looks at it once, when it is made.</remarks>
    public IReadOnlyList<DecoderParameter> Trainable => Adapter?.Parameters ?? (IReadOnlyList<DecoderParameter>)(_unfrozen ?? _parameters);

    /// <summary>Hugging Face names and shapes of all weights, in the order of <see cref="Parameters"/>.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Names(DecoderConfig config) =>
        from shape in Shapes(config) from part in shape.Parts select (part.Name, shape.Columns == 0 ? [part.Rows] : new long[] { part.Rows, shape.Columns });

    /// <summary>A decoder with the given weights.</summary>
    /// <param name="read">Fills the array with the named tensor's values, row by row.</param>
    public static Decoder FromWeights(DecoderConfig config, Action<string, float[]> read, torch.Device? device = null)
    {
        var decoder = new Decoder(config, device);
        try
        {
            decoder.Assign(read);
            return decoder;
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <summary>A decoder with the given weights, which go straight to their device and type.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="fill">Called once for each name of <see cref="Names"/> with the weights of that name, to be written to (<c>copy_</c>) before it returns.</param>
    /// <param name="device">Where the weights lie; null is <see cref="Torch.DefaultDevice"/>.</param>
    /// <param name="type">Their type: float32, bfloat16 or float16.</param>
    /// <exception cref="ArgumentException">The shape is impossible.</exception>
    public static Decoder Create(DecoderConfig config, Action<string, torch.Tensor> fill, torch.Device? device = null, torch.ScalarType type = torch.ScalarType.Float32)
    {
        var decoder = new Decoder(config, device, type);
        try
        {
            using var grad = torch.no_grad();
            foreach (var (name, view) in decoder._parameters.SelectMany(p => p.Views()))
            {
                using var scope = torch.NewDisposeScope();
                using var _ = view;
                fill(name, view);
            }

            return decoder;
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <summary>Chooses the weights that training leaves alone; the rest is trained.</summary>
    /// <param name="frozen">Whether the weights of that Hugging Face name are frozen, e.g. <c>model.embed_tokens.weight</c>.</param>
    /// <exception cref="ArgumentException">It would freeze some of what is one tensor here (query, key and value; gate and up), or everything.</exception>
    public void Freeze(Func<string, bool> frozen)
    {
        var chosen = _parameters.Select(p => p.Parts.Count(part => frozen(part.Name))).ToArray();
        for (var i = 0; i < chosen.Length; i++)
        {
            if (chosen[i] != 0 && chosen[i] != _parameters[i].Parts.Count)
                throw new ArgumentException($"{string.Join(", ", _parameters[i].Parts.Select(p => p.Name))} are one tensor here; freeze all of them or none.");
        }

        if (chosen.All(c => c > 0)) throw new ArgumentException("Everything would be frozen; leave something to train, or attach an adapter.");
        _frozen = [.. chosen.Select(c => c > 0)];
        _unfrozen = [.. _parameters.Where((_, i) => !_frozen[i])];
    }

    /// <summary>Puts a fresh low-rank adapter on the decoder, which changes nothing until it is trained.</summary>
    /// <exception cref="ArgumentException">A target names no layer, or the rank is impossible.</exception>
    /// <exception cref="InvalidOperationException">One is attached already.</exception>
    public LoraAdapter Attach(LoraOptions options, long seed)
    {
        var adapter = LoraAdapter.Fresh(this, options, seed);
        try
        {
            Attach(adapter);
            return adapter;
        }
        catch
        {
            adapter.Dispose();
            throw;
        }
    }

    /// <summary>Puts an adapter on the decoder, which owns it from then on.</summary>
    /// <exception cref="ArgumentException">It is for another decoder.</exception>
    /// <exception cref="InvalidOperationException">One is attached already.</exception>
    public void Attach(LoraAdapter adapter)
    {
        if (Adapter is not null) throw new InvalidOperationException("The decoder has an adapter already; merge it first.");
        adapter.EnsureFits(this);
        Adapter = adapter;
    }

    /// <summary>Adds the attached adapter's updates to the weights and lets it go; the decoder computes the same as before, without it.</summary>
    /// <remarks>Sums are made in float32 and rounded once to <see cref="WeightType"/>. Engines made before must not be used after.</remarks>
    /// <exception cref="InvalidOperationException">None is attached.</exception>
    public void MergeAdapter()
    {
        if (Adapter is null) throw new InvalidOperationException("The decoder has no adapter to merge.");
        Adapter.AddTo(this);
        Adapter.Dispose();
        Adapter = null;
    }

    /// <summary>An independent copy on the same device, adapter and frozen weights included.</summary>
    public Decoder Clone()
    {
        var copy = new Decoder(Config, Device, WeightType);
        using var grad = torch.no_grad();
        for (var i = 0; i < _parameters.Length; i++) copy._parameters[i].Value.copy_(_parameters[i].Value);
        copy._frozen = [.. _frozen];
        copy._unfrozen = _unfrozen is null ? null : [.. copy._parameters.Where((_, i) => !_frozen[i])];
        copy.Adapter = Adapter?.Clone();
        return copy;
    }

    /// <summary>Hands each weight, under its Hugging Face name and as float32, to <paramref name="write"/>; an adapter is not among them.</summary>
    public void Read(Action<string, float[]> write)
    {
        foreach (var parameter in _parameters)
        {
            foreach (var (name, view) in parameter.Views())
            {
                using var scope = torch.NewDisposeScope();
                using var _ = view;
                write(name, view.detach().to(torch.float32).cpu().contiguous().data<float>().ToArray());
            }
        }
    }

    /// <summary>The engine for this decoder's device.</summary>
    internal IDecoderEngine CreateEngine(ComputePrecision precision = ComputePrecision.Float32) => CreateEngine(new EngineOptions { Precision = precision });

    /// <summary>The engine for this decoder's device; on a CPU the slower one in tensor operations where weights are narrower than float32.</summary>
    internal IDecoderEngine CreateEngine(EngineOptions options) =>
        Device.type == DeviceType.CPU && WeightType == torch.ScalarType.Float32
            ? new CpuEngine(this, options)
            : new TorchEngine(this, options);

    /// <summary>The writer for this decoder's device.</summary>
    internal IWriter CreateWriter() => Device.type == DeviceType.CPU && WeightType == torch.ScalarType.Float32 ? new CpuWriter(this) : new TorchWriter(this);

    public void Dispose()
    {
        foreach (var parameter in _parameters) parameter.Value.Dispose();
        Adapter?.Dispose();
    }

    private void Assign(Action<string, float[]> read)
    {
        foreach (var parameter in _parameters)
        {
            foreach (var (name, view) in parameter.Views())
            {
                var values = new float[view.numel()];
                read(name, values);
                Write(view, values);
                view.Dispose();
            }
        }
    }

    private static void Write(torch.Tensor view, float[] values)
    {
        using var scope = torch.NewDisposeScope();
        using var grad = torch.no_grad();
        view.copy_(torch.tensor(values, view.shape));
    }

    private static IEnumerable<(ParameterRole Role, int Columns, IReadOnlyList<(string Name, int Rows)> Parts)> Shapes(DecoderConfig c)
    {
        var (d, h) = (c.HiddenSize, c.HeadSize);
        yield return (ParameterRole.Embedding, d, [("model.embed_tokens.weight", c.VocabularySize)]);
        for (var i = 0; i < c.Layers; i++)
        {
            var at = FormattableString.Invariant($"model.layers.{i}.");
            yield return (ParameterRole.Gain, 0, [(at + "input_layernorm.weight", d)]);
            yield return (ParameterRole.Inner, d,
                [(at + "self_attn.q_proj.weight", c.Heads * h), (at + "self_attn.k_proj.weight", c.KeyValueHeads * h), (at + "self_attn.v_proj.weight", c.KeyValueHeads * h)]);
            if (c.HasQueryKeyValueBias)
            {
                yield return (ParameterRole.Bias, 0,
                    [(at + "self_attn.q_proj.bias", c.Heads * h), (at + "self_attn.k_proj.bias", c.KeyValueHeads * h), (at + "self_attn.v_proj.bias", c.KeyValueHeads * h)]);
            }

            if (c.HasQueryKeyNorm)
            {
                yield return (ParameterRole.Gain, 0, [(at + "self_attn.q_norm.weight", h)]);
                yield return (ParameterRole.Gain, 0, [(at + "self_attn.k_norm.weight", h)]);
            }

            yield return (ParameterRole.Outward, c.Heads * h, [(at + "self_attn.o_proj.weight", d)]);
            yield return (ParameterRole.Gain, 0, [(at + "post_attention_layernorm.weight", d)]);
            yield return (ParameterRole.Inner, d, [(at + "mlp.gate_proj.weight", c.IntermediateSize), (at + "mlp.up_proj.weight", c.IntermediateSize)]);
            yield return (ParameterRole.Outward, c.IntermediateSize, [(at + "mlp.down_proj.weight", d)]);
        }

        yield return (ParameterRole.Gain, 0, [("model.norm.weight", d)]);
        if (!c.TiedEmbeddings) yield return (ParameterRole.Head, d, [("lm_head.weight", c.VocabularySize)]);
    }
}
