using TorchSharp;

namespace Citrus.Research.Models.Native;

/// <summary>Numbers for tensor operations that stay alive while the native call reads them.</summary>
/// <remarks>
/// A number given to a tensor operation becomes a <see cref="Scalar"/> that nothing holds once its native handle is read, so the garbage collector may
/// finalise it in the middle of the call. The call then reads freed memory: seen in the test suite as an error from libtorch about a scalar of the wrong type. Tensors do not have
/// the fault inside a dispose scope, which holds them. Every number given to libtorch here goes through <see cref="Held"/>; and as TorchSharp's plus makes such a
/// number itself (the factor 1 of the second summand), sums go through <c>Plus</c>.
/// </remarks>
internal static class HeldScalar
{
    /// <summary>More than the calls that any one expression makes.</summary>
    private const int Kept = 64;

    [ThreadStatic]
    private static Scalar?[]? _ring;

    [ThreadStatic]
    private static int _next;

    private static readonly Scalar One = 1.0.ToScalar();

    /// <summary>a + b.</summary>
    public static torch.Tensor Plus(this torch.Tensor a, torch.Tensor b) => a.add(b, One);

    /// <summary>a + b, number by number.</summary>
    public static torch.Tensor Plus(this torch.Tensor a, double b) => a.add(b.Held(), One);

    /// <summary>a += b.</summary>
    public static torch.Tensor PlusInPlace(this torch.Tensor a, torch.Tensor b) => a.add_(b, One);

    /// <summary>a += b, number by number.</summary>
    public static torch.Tensor PlusInPlace(this torch.Tensor a, double b) => a.add_(b.Held(), One);

    /// <summary>The number as a scalar that lives until this thread has made 64 more.</summary>
    public static Scalar Held(this double value)
    {
        var ring = _ring ??= new Scalar?[Kept];
        _next = (_next + 1) % Kept;
        ring[_next]?.Dispose();
        return ring[_next] = value.ToScalar();
    }
}
