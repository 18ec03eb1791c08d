using static TorchSharp.torch;

namespace Citrus.Research.Models.Native;

/// <summary>Operations of libtorch that TorchSharp does not bind, reached through TorchScript; libtorch derives all but those that write in place.</summary>
/// <remarks>
/// An argument that libtorch refuses becomes an exception; a name that this libtorch does not know ends the process, so only names known since 2.5 are used.
/// Numbers go in as held scalars (<see cref="HeldScalar"/>), as the compilation unit would make unheld ones itself.
/// </remarks>
internal static class TorchScript
{
    private const string Source =
        """
        def norm(x, gain: Optional[Tensor], epsilon: float):
            return torch.rms_norm(x, [x.size(-1)], gain, epsilon)

        def plain_norm(x, epsilon: float):
            return torch.rms_norm(x, [x.size(-1)], None, epsilon)

        def attend(q, k, v):
            return torch.scaled_dot_product_attention(q, k, v, None, 0.0, True, enable_gqa=True)

        def attend_alike(q, k, v):
            shared = q.size(1) // k.size(1)
            return torch.scaled_dot_product_attention(q, k.repeat_interleave(shared, 1), v.repeat_interleave(shared, 1), None, 0.0, True)

        def attend_where(q, k, v, mask):
            shared = q.size(1) // k.size(1)
            if shared > 1:
                k, v = k.repeat_interleave(shared, 1), v.repeat_interleave(shared, 1)
            return torch.scaled_dot_product_attention(q, k, v, mask, 0.0, False)

        def whole_norm(tensors: List[Tensor]):
            return torch.norm(torch.stack(torch._foreach_norm(tensors, 2, dtype=6)))

        def adamw(values: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor],
                  rate: float, beta1: float, beta2: float, decay: float, epsilon: float, divisor: Tensor):
            torch._fused_adamw_(values, gradients, first, second, [], steps, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon,
                                amsgrad=False, maximize=False, grad_scale=divisor)

        def copy(to: List[Tensor], source: List[Tensor]):
            torch._foreach_copy_(to, source)
        """;

    private static readonly Lazy<jit.CompilationUnit> Unit = new(() => jit.compile(Source.ReplaceLineEndings("\n") + "\n"));

    /// <summary>RMSNorm over the last dimension, computed in float32.</summary>
    /// <param name="gain"><c>[width]</c>; null is 1 everywhere.</param>
    public static Tensor Norm(Tensor x, Tensor? gain, double epsilon) => (Tensor)(gain is null
        ? Unit.Value.invoke("plain_norm", x, epsilon.Held())
        : Unit.Value.invoke("norm", x, gain, epsilon.Held()));

    /// <summary>Scaled dot-product attention; query heads that share a key head lie next to each other.</summary>
    /// <param name="q"><c>[batch, heads, queries, size]</c>.</param>
    /// <param name="k"><c>[batch, keyHeads, keys, size]</c>, as <paramref name="v"/>.</param>
    /// <param name="mask">True (or 0) where a query may look, false (or very low) elsewhere, broadcast to <c>[batch, heads, queries, keys]</c>; null is causal, with as many keys as queries.</param>
    public static Tensor Attend(Tensor q, Tensor k, Tensor v, Tensor? mask = null)
    {
        if (mask is not null) return (Tensor)Unit.Value.invoke("attend_where", q, k, v, mask);
        // Of a GPU's kernels only flash attention, which does not know float32, shares key heads; the others would make the whole square.
        var alike = q.dtype == ScalarType.Float32 && q.device_type == TorchSharp.DeviceType.CUDA && q.shape[1] != k.shape[1];
        return (Tensor)Unit.Value.invoke(alike ? "attend_alike" : "attend", q, k, v);
    }

    /// <summary>2-norm of all elements of all tensors, in float32, on their device: nothing waits for it.</summary>
    public static Tensor Norm(Tensor[] tensors) => (Tensor)Unit.Value.invoke("whole_norm", [tensors]);

    /// <summary>One step of AdamW for many tensors in one pass over memory (PyTorch's fused AdamW); gradients may be overwritten.</summary>
    /// <param name="steps">Number of this step, counted from 1, a float32 tensor of no dimensions.</param>
    /// <param name="divisor">Gradients are divided by it; a float32 tensor of no dimensions.</param>
    public static void AdamW(Tensor[] values, Tensor[] gradients, Tensor[] first, Tensor[] second, Tensor steps, double rate, double beta1, double beta2, double decay, double epsilon, Tensor divisor)
    {
        var each = new Tensor[values.Length];
        Array.Fill(each, steps);
        Unit.Value.invoke("adamw", values, gradients, first, second, each, rate.Held(), beta1.Held(), beta2.Held(), decay.Held(), epsilon.Held(), divisor);
    }

    /// <summary>Copies tensor by tensor, rounding where the types differ.</summary>
    public static void Copy(Tensor[] to, Tensor[] from) => Unit.Value.invoke("copy", to, from);
}
