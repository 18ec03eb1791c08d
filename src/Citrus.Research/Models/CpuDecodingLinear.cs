namespace Citrus.Research.Models;

/// <summary>A linear layer as it is read: weights where they lie, a bias, and the low-rank updates of an attached adapter.</summary>
internal sealed unsafe class CpuDecodingLinear : IDisposable
{
    private readonly float* _weights, _bias;
    private readonly List<Update> _updates = [];
    private readonly float _scale;

    /// <param name="parameter">Index of its weights in <see cref="Decoder.Parameters"/>.</param>
    /// <param name="bias">Index of its bias; -1 where it has none.</param>
    public CpuDecodingLinear(Decoder decoder, int parameter, int bias = -1)
    {
        var weights = decoder.Parameters[parameter].Value;
        (Outputs, Inputs) = ((int)weights.shape[0], (int)weights.shape[1]);
        _weights = CpuMatrix.Address(weights);
        Native.MappedPages.WillBeStreamed((byte*)_weights, (long)Outputs * Inputs * sizeof(float));
        _bias = bias < 0 ? null : CpuMatrix.Address(decoder.Parameters[bias].Value);
        if (decoder.Adapter is not { } adapter) return;
        _scale = (float)adapter.Scale;
        foreach (var pair in adapter.Pairs.Where(p => p.Parameter == parameter))
            _updates.Add(new Update((nint)CpuMatrix.Address(pair.A.Value), (nint)CpuMatrix.Address(pair.B.Value), pair.FirstRow, pair.Rows, (int)pair.A.Value.shape[0], new CpuBuffer()));
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Computes what all outputs need of the adapter; before <see cref="Part"/>.</summary>
    public void Prepare(float* x, int rows)
    {
        foreach (var update in _updates)
        {
            var inner = update.Inner.Reserve((long)rows * update.Rank);
            CpuDecodingKernels.Linear(x, Inputs, rows, (float*)update.A, Inputs, 0, update.Rank, inner, update.Rank, null, add: false);
            for (var i = 0L; i < (long)rows * update.Rank; i++) inner[i] *= _scale;
        }
    }

    /// <summary>Outputs <paramref name="first"/> to <paramref name="end"/> of all rows.</summary>
    /// <param name="x"><c>[rows, inputs]</c>.</param>
    /// <param name="y"><c>[rows, outputs]</c>.</param>
    /// <param name="add">Whether they are added to what is there.</param>
    public void Part(float* x, int rows, float* y, int first, int end, bool add)
    {
        CpuDecodingKernels.Linear(x, Inputs, rows, _weights, Inputs, first, end, y, Outputs, _bias, add);
        foreach (var u in _updates)
        {
            int from = Math.Max(first, u.First), to = Math.Min(end, u.First + u.Rows);
            if (from < to) CpuDecodingKernels.Linear(u.Inner.Data, u.Rank, rows, (float*)u.B, u.Rank, from - u.First, to - u.First, y + u.First, Outputs, null, add: true);
        }
    }

    public void Dispose()
    {
        foreach (var update in _updates) update.Inner.Dispose();
    }

    private sealed record Update(nint A, nint B, int First, int Rows, int Rank, CpuBuffer Inner);
}
