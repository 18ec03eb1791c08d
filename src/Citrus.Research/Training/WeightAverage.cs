using Citrus.Research.Models;
using Citrus.Research.Models.Native;
using static TorchSharp.torch;

namespace Citrus.Research.Training;

/// <summary>A running average of the weights that are trained (Polyak and Juditsky 1992), in float32.</summary>
/// <remarks>Young averages forget faster: the decay of step t is at most (1 + t) / (10 + t), so that a short run does not end near its starting point.</remarks>
internal sealed class WeightAverage : IDisposable
{
    private readonly IReadOnlyList<DecoderParameter> _parameters;
    private readonly double _decay;
    private readonly Tensor[] _means;

    public WeightAverage(IReadOnlyList<DecoderParameter> parameters, double decay)
    {
        (_parameters, _decay) = (parameters, decay);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        _means = [.. parameters.Select(p => p.Value.to(float32, copy: true).DetachFromDisposeScope())];
    }

    public IReadOnlyList<Tensor> Values => _means;

    /// <summary>Decay of the given step's update, 1 being the first.</summary>
    public static double DecayAt(long step, double decay) => Math.Min(decay, (1.0 + step) / (10.0 + step));

    public void Update(long step)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var decay = DecayAt(step, _decay);
        for (var i = 0; i < _means.Length; i++) _means[i].mul_(decay.Held()).add_(_parameters[i].Value.to(float32), alpha: (1 - decay).Held());
    }

    /// <summary>Puts the average in the place of the weights.</summary>
    public void Apply()
    {
        using var grad = no_grad();
        for (var i = 0; i < _means.Length; i++) _parameters[i].Value.copy_(_means[i]);
    }

    /// <summary>Does something with the average in the place of the weights, then puts those back.</summary>
    public T During<T>(Func<T> work)
    {
        using var grad = no_grad();
        Tensor[] own;
        using (NewDisposeScope()) own = [.. _parameters.Select(p => p.Value.clone().DetachFromDisposeScope())];
        try
        {
            Apply();
            return work();
        }
        finally
        {
            for (var i = 0; i < own.Length; i++)
            {
                _parameters[i].Value.copy_(own[i]);
                own[i].Dispose();
            }
        }
    }

    public void Dispose()
    {
        foreach (var mean in _means) mean.Dispose();
    }
}
