using Citrus.Research.Models.Native;
using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>The output layer and log-softmax for some predicted tokens at a time, so that float32 logits of all of them never exist together.</summary>
/// <param name="head">Output weights, <c>[vocab, hidden]</c>.</param>
/// <param name="targets">The predicted token ids, <c>[predicted]</c>.</param>
/// <param name="size">Predicted tokens of one chunk; 0 takes as many as make 512 MB of float32 logits.</param>
internal sealed class LogitChunks(Tensor head, Tensor targets, int size)
{
    private const long Elements = 1 << 27;

    private readonly long _size = size > 0 ? size : Math.Max(1, Elements / head.shape[0]);

    /// <summary>Natural log-probability of each predicted token, <c>[predicted]</c>, float32.</summary>
    /// <param name="hidden">Normed hidden states of the tokens before, <c>[predicted, hidden]</c>.</param>
    public Tensor LogProbabilities(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return cat([.. Chunks(hidden.shape[0]).Select(c =>
        {
            using var inner = NewDisposeScope();
            var (logits, sums) = Logits(hidden.narrow(0, c.First, c.Count));
            return (logits.gather(1, Targets(c)) - sums).squeeze(1).MoveToOuterDisposeScope();
        })]).MoveToOuterDisposeScope();
    }

    /// <summary>Log-probabilities, and the gradients of their sum weighted by slopes.</summary>
    /// <param name="slopes">The scalar's derivative with respect to each log-probability, float32, <c>[predicted]</c>.</param>
    /// <param name="learnsHead">Whether the output layer's gradient is wanted.</param>
    /// <returns>That of the hidden states in their type; that of the output layer in float32 (one chunk's in its own type), null where it is not wanted.</returns>
    public (Tensor Found, Tensor Hidden, Tensor? Head) Gradients(Tensor hidden, Tensor slopes, bool learnsHead)
    {
        using var scope = NewDisposeScope();
        var (found, below, chunks) = (empty(hidden.shape[0], float32, hidden.device), empty_like(hidden), Chunks(hidden.shape[0]).ToArray());
        Tensor? learned = null;
        foreach (var chunk in chunks)
        {
            using var inner = NewDisposeScope();
            var (states, ids, slope) = (hidden.narrow(0, chunk.First, chunk.Count), Targets(chunk), slopes.narrow(0, chunk.First, chunk.Count).unsqueeze(1));
            var (logits, sums) = Logits(states);
            found.narrow(0, chunk.First, chunk.Count).copy_((logits.gather(1, ids) - sums).squeeze(1));
            // d log p(target) / d logits is the target's unit vector minus the softmax.
            var pull = logits.PlusInPlace(-sums).exp_().mul_(-slope).scatter_add_(1, ids, slope).to(head.dtype);
            below.narrow(0, chunk.First, chunk.Count).copy_(pull.mm(head));
            if (!learnsHead) continue;
            var share = pull.t().mm(states);
            if (learned is null) learned = (chunks.Length == 1 ? share : share.to(float32)).MoveToOtherDisposeScope(scope);
            else learned.PlusInPlace(share);
        }

        return (found.MoveToOuterDisposeScope(), below.MoveToOuterDisposeScope(), learned?.MoveToOuterDisposeScope());
    }

    private Tensor Targets((long First, long Count) chunk) => targets.narrow(0, chunk.First, chunk.Count).unsqueeze(1);

    /// <summary>Logits and the logarithm of the sum of their exponentials, float32.</summary>
    private (Tensor Logits, Tensor Sums) Logits(Tensor states)
    {
        var logits = nn.functional.linear(states, head).to(float32);
        return (logits, logits.logsumexp(1, keepdim: true));
    }

    private IEnumerable<(long First, long Count)> Chunks(long rows)
    {
        for (var first = 0L; first < rows; first += _size) yield return (first, Math.Min(_size, rows - first));
    }
}
