using Citrus.Research.Questions;
using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>Low-rank updates of a decoder's linear layers (Hu et al. 2021); while one is attached, only it is trained.</summary>
/// <param name="options">Rank, scale and targets.</param>
/// <param name="pairs">One a layer, in the order of the decoder's weights.</param>
public sealed class LoraAdapter(LoraOptions options, IReadOnlyList<LoraPair> pairs) : IDisposable
{
    public LoraOptions Options => options;

    public IReadOnlyList<LoraPair> Pairs => pairs;

    /// <summary>Factor of the update.</summary>
    public double Scale => options.Alpha / (options.RankStabilised ? Math.Sqrt(options.Rank) : options.Rank);

    /// <summary>A and B of each pair, in their order: what is trained.</summary>
    public IReadOnlyList<DecoderParameter> Parameters { get; } = [.. pairs.SelectMany(p => new[] { p.A, p.B })];

    public void Dispose()
    {
        foreach (var parameter in Parameters) parameter.Value.Dispose();
    }

    /// <summary>An adapter that changes nothing yet: B is 0, A uniform within 1/sqrt(inputs) as PEFT draws it (Kaiming with a = sqrt 5).</summary>
    /// <exception cref="ArgumentException">A target names no layer, or rank or alpha are impossible.</exception>
    internal static LoraAdapter Fresh(Decoder decoder, LoraOptions options, long seed)
    {
        options.Validate();
        return Of(decoder, options, Layers(decoder, options.Targets), (name, isA, into) =>
        {
            if (!isA) return;
            var random = SeededRandom.For(seed, "adapter", name);
            var bound = 1 / Math.Sqrt(into.shape[1]);
            var values = new float[into.numel()];
            for (var i = 0; i < values.Length; i++) values[i] = (float)((2 * random.NextDouble() - 1) * bound);
            into.copy_(torch.tensor(values, into.shape));
        });
    }

    /// <summary>An adapter with the given values.</summary>
    /// <param name="decoder">The decoder that it is for.</param>
    /// <param name="options">Rank and scale.</param>
    /// <param name="layers">Names of the layers, without <c>.weight</c>, in the decoder's order.</param>
    /// <param name="fill">Gets a layer's name, whether it is A, and the float32 matrix on the decoder's device, all 0.</param>
    internal static LoraAdapter Of(Decoder decoder, LoraOptions options, IReadOnlyList<string> layers, Action<string, bool, torch.Tensor> fill)
    {
        var there = Linear(decoder).ToDictionary(l => l.Name, StringComparer.Ordinal);
        var pairs = new List<LoraPair>();
        try
        {
            foreach (var name in layers)
            {
                var (_, parameter, first, rows, inputs) = there[name];
                var a = Matrix(name + ".lora_A.weight", options.Rank, inputs);
                var b = Matrix(name + ".lora_B.weight", rows, options.Rank);
                pairs.Add(new LoraPair(name, parameter, first, rows, a, b));
                using var grad = torch.no_grad();
                using var scope = torch.NewDisposeScope();
                fill(name, true, a.Value);
                fill(name, false, b.Value);
            }

            return new LoraAdapter(options, pairs);
        }
        catch
        {
            foreach (var matrix in pairs.SelectMany(p => new[] { p.A, p.B })) matrix.Value.Dispose();
            throw;
        }

        DecoderParameter Matrix(string part, int height, int width)
        {
            using var scope = torch.NewDisposeScope();
            return new DecoderParameter(ParameterRole.Adapter, torch.zeros([height, width], torch.float32, decoder.Device).MoveToOuterDisposeScope().DetachFromDisposeScope(), [(part, height)]);
        }
    }

    /// <summary>Names of the layers that some targets choose, in the decoder's order; a target is a layer's whole name or its last parts.</summary>
    /// <exception cref="ArgumentException">A target chooses none.</exception>
    internal static IReadOnlyList<string> Layers(Decoder decoder, IReadOnlyList<string> targets)
    {
        var all = Linear(decoder).Select(l => l.Name).ToList();
        if (targets.FirstOrDefault(t => !all.Exists(n => Chooses(t, n))) is { } idle)
            throw new ArgumentException($"Adapter: no linear layer of this model is called '{idle}'; there are {string.Join(", ", all.Select(n => n[(n.LastIndexOf('.') + 1)..]).Distinct())}.");
        return [.. all.Where(n => targets.Any(t => Chooses(t, n)))];
    }

    /// <summary>Whether a target, a layer's whole name or its last parts, chooses a layer.</summary>
    internal static bool Chooses(string target, string name) => name == target || name.EndsWith("." + target, StringComparison.Ordinal);

    /// <summary>The decoder's linear layers: name without <c>.weight</c>, where their weights lie, and number of inputs.</summary>
    internal static IEnumerable<(string Name, int Parameter, int FirstRow, int Rows, int Inputs)> Linear(Decoder decoder)
    {
        const string ending = ".weight";
        for (var i = 0; i < decoder.Parameters.Count; i++)
        {
            var parameter = decoder.Parameters[i];
            if (parameter.Role is not (ParameterRole.Inner or ParameterRole.Outward or ParameterRole.Head)) continue;
            var first = 0;
            foreach (var (name, rows) in parameter.Parts)
            {
                yield return (name[..^ending.Length], i, first, rows, (int)parameter.Value.shape[1]);
                first += rows;
            }
        }
    }

    /// <exception cref="ArgumentException">The adapter is for another decoder.</exception>
    internal void EnsureFits(Decoder decoder)
    {
        var there = Linear(decoder).ToDictionary(l => l.Name, StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            if (!there.TryGetValue(pair.Name, out var layer)) throw new ArgumentException($"The adapter is for another model: this one has no layer {pair.Name}.");
            if ((pair.Parameter, pair.FirstRow, pair.Rows) != (layer.Parameter, layer.FirstRow, layer.Rows) || pair.A.Value.shape[1] != layer.Inputs || pair.B.Value.shape[0] != layer.Rows)
                throw new ArgumentException($"The adapter is for another model: layer {pair.Name} is [{layer.Rows}, {layer.Inputs}] here, the adapter's [{pair.B.Value.shape[0]}, {pair.A.Value.shape[1]}].");
        }
    }

    /// <summary>Adds the updates to the decoder's weights.</summary>
    internal void AddTo(Decoder decoder)
    {
        using var grad = torch.no_grad();
        foreach (var pair in pairs)
        {
            using var scope = torch.NewDisposeScope();
            var weights = decoder.Parameters[pair.Parameter].Value.narrow(0, pair.FirstRow, pair.Rows);
            weights.copy_(weights.to(torch.float32).addmm(pair.B.Value.to(torch.float32), pair.A.Value.to(torch.float32), beta: 1, alpha: (float)Scale));
        }
    }

    internal LoraAdapter Clone()
    {
        static DecoderParameter Copy(DecoderParameter p)
        {
            using var scope = torch.NewDisposeScope();
            return p with { Value = p.Value.detach().clone().MoveToOuterDisposeScope().DetachFromDisposeScope() };
        }

        return new LoraAdapter(options, [.. pairs.Select(p => p with { A = Copy(p.A), B = Copy(p.B) })]);
    }
}
