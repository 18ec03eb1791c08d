using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>A decoder-only transformer of the Qwen3 architecture (Qwen3 technical report, 2025), as Transformers' <c>Qwen3ForCausalLM</c> computes it.</summary>
/// <remarks>
/// RMSNorm before attention and feed-forward, grouped-query attention with normed queries and keys, rotary positions over the whole head in halves, SwiGLU, no
/// biases. Weights are float32. Reading (scoring, generating) may happen on any thread, one at a time.
/// </remarks>
public sealed class Decoder : IDisposable
{
    private readonly DecoderParameter[] _parameters;

    /// <summary>A fresh decoder whose weights depend on the seed and the shape only.</summary>
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

    private Decoder(DecoderConfig config, torch.Device? device)
    {
        Torch.EnsureLoaded();
        config.Validate();
        Config = config;
        Device = device ?? Torch.DefaultDevice;
        WeightType = torch.ScalarType.Float32;
        _parameters = Shapes(config).Select(s =>
        {
            long rows = s.Parts.Sum(p => p.Rows);
            using var scope = torch.NewDisposeScope();
            var value = torch.zeros(s.Columns == 0 ? [rows] : [rows, s.Columns], torch.float32, Device);
            return new DecoderParameter(s.Role, value.MoveToOuterDisposeScope().DetachFromDisposeScope(), s.Parts);
        }).ToArray();
    }

    public DecoderConfig Config { get; }

    /// <summary>Where the weights lie and the work is done.</summary>
    public torch.Device Device { get; }

    /// <summary>The weights: embedding, then layer by layer, last norm, output layer where it is separate.</summary>
    public IReadOnlyList<DecoderParameter> Parameters => _parameters;

    /// <summary>Element type of the weights: float32, or bfloat16 on a GPU.</summary>
    public torch.ScalarType WeightType { get; }

    /// <summary>The low-rank adapter that is attached; null where there is none.</summary>
    public LoraAdapter? Adapter { get; }

    /// <summary>What training changes, and what an engine gives gradients of: the adapter where one is attached, else all weights that are not frozen.</summary>
    public IReadOnlyList<DecoderParameter> Trainable => Adapter?.Parameters ?? _parameters;

    /// <summary>Hugging Face names and shapes of all weights, in Hugging Face's order.</summary>
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

    /// <summary>An independent copy on the same device.</summary>
    public Decoder Clone()
    {
        var copy = new Decoder(Config, Device);
        using var grad = torch.no_grad();
        for (var i = 0; i < _parameters.Length; i++) copy._parameters[i].Value.copy_(_parameters[i].Value);
        return copy;
    }

    /// <summary>Hands each weight, under its Hugging Face name, to <paramref name="write"/>.</summary>
    public void Read(Action<string, float[]> write)
    {
        foreach (var parameter in _parameters)
        {
            foreach (var (name, view) in parameter.Views())
            {
                using var scope = torch.NewDisposeScope();
                using var _ = view;
                write(name, view.detach().cpu().contiguous().data<float>().ToArray());
            }
        }
    }

    /// <summary>The engine for this decoder's device.</summary>
    internal IDecoderEngine CreateEngine(ComputePrecision precision = ComputePrecision.Float32) =>
        Device.type == DeviceType.CPU ? new CpuEngine(this, precision) : new TorchEngine(this, precision);

    /// <summary>The writer for this decoder's device.</summary>
    internal IWriter CreateWriter() => Device.type == DeviceType.CPU ? new CpuWriter(this) : new TorchWriter(this);

    public void Dispose()
    {
        foreach (var parameter in _parameters) parameter.Value.Dispose();
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
            yield return (ParameterRole.Gain, 0, [(at + "self_attn.q_norm.weight", h)]);
            yield return (ParameterRole.Gain, 0, [(at + "self_attn.k_norm.weight", h)]);
            yield return (ParameterRole.Outward, c.Heads * h, [(at + "self_attn.o_proj.weight", d)]);
            yield return (ParameterRole.Gain, 0, [(at + "post_attention_layernorm.weight", d)]);
            yield return (ParameterRole.Inner, d, [(at + "mlp.gate_proj.weight", c.IntermediateSize), (at + "mlp.up_proj.weight", c.IntermediateSize)]);
            yield return (ParameterRole.Outward, c.IntermediateSize, [(at + "mlp.down_proj.weight", d)]);
        }

        yield return (ParameterRole.Gain, 0, [("model.norm.weight", d)]);
        if (!c.TiedEmbeddings) yield return (ParameterRole.Head, d, [("lm_head.weight", c.VocabularySize)]);
    }
}
