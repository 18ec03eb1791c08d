using Citrus.Research.Models.Native;
using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>Causal attention of packed sequences, each with itself only (block-diagonal), in dense calls that a GPU's flash attention takes.</summary>
/// <remarks>
/// Sequences of like length share a call. The shorter ones are filled up at their end, where the causal mask hides it from every token; what is computed there is dropped, so that its
/// gradients are 0. No row is ever without a token to look at. Lives as long as the dispose scope in which it was made.
/// </remarks>
internal sealed class PackedAttention
{
    private readonly List<(int Count, int Length, Tensor? Gather)> _groups = [];
    private readonly Dictionary<(int, int), Tensor> _masks = [];
    private readonly Tensor? _restore;

    /// <param name="windows">The windows that will be asked for.</param>
    public PackedAttention(TokenBatch batch, IEnumerable<int> windows, Device device)
    {
        var lengths = Enumerable.Range(0, batch.Sequences).Select(s => batch.Starts[s + 1] - batch.Starts[s]).ToArray();
        if (lengths.All(l => l == lengths[0]))
        {
            _groups.Add((lengths.Length, lengths[0], null));
            Mask(windows, device);
            return;
        }

        var (restore, padded) = (new long[batch.Ids.Length], 0L);
        var order = Enumerable.Range(0, lengths.Length).Where(s => lengths[s] > 0).OrderByDescending(s => lengths[s]).ToArray();
        for (var first = 0; first < order.Length;)
        {
            var longest = lengths[order[first]];
            var count = order.Skip(first).TakeWhile(s => 2 * lengths[s] > longest).Count();
            var gather = new long[count * longest];
            for (var row = 0; row < count; row++)
            {
                var s = order[first + row];
                // The filling repeats the sequence's own tokens: many references to one token would make a GPU's sums of their gradients queue.
                for (var t = 0; t < longest; t++) gather[row * longest + t] = batch.Starts[s] + t % lengths[s];
                for (var t = 0; t < lengths[s]; t++) restore[batch.Starts[s] + t] = padded + row * longest + t;
            }

            _groups.Add((count, longest, tensor(gather).to(device)));
            padded += gather.Length;
            first += count;
        }

        _restore = tensor(restore).to(device);
        Mask(windows, device);
    }

    /// <param name="q"><c>[tokens, heads, size]</c>, normed and turned.</param>
    /// <param name="k"><c>[tokens, keyHeads, size]</c>, as <paramref name="v"/>.</param>
    /// <param name="window">Tokens that a query looks back on, itself included.</param>
    /// <returns><c>[tokens, heads * size]</c>.</returns>
    public Tensor Attend(Tensor q, Tensor k, Tensor v, int window)
    {
        var (heads, size) = (q.shape[1], q.shape[2]);
        var found = _groups.Select(g =>
        {
            Tensor Sequences(Tensor x) => (g.Gather is null ? x : x.index_select(0, g.Gather)).view(g.Count, g.Length, x.shape[1], size).transpose(1, 2);
            var mixed = TorchScript.Attend(Sequences(q), Sequences(k), Sequences(v), _masks.GetValueOrDefault((g.Length, window)));
            return mixed.transpose(1, 2).reshape(g.Count * g.Length, heads * size);
        }).ToArray();
        var all = found.Length == 1 ? found[0] : cat(found);
        return _restore is null ? all : all.index_select(0, _restore);
    }

    /// <summary>For each length beyond a window: true where a query may look, <c>[length, length]</c>.</summary>
    private void Mask(IEnumerable<int> windows, Device device)
    {
        foreach (var window in windows.Distinct())
        {
            foreach (var length in _groups.Select(g => g.Length).Where(l => l > window).Distinct())
                _masks[(length, window)] = ones([length, length], @bool, device).tril().triu(1 - window);
        }
    }
}
