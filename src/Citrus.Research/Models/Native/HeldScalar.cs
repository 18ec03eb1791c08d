using TorchSharp;

namespace Citrus.Research.Models.Native;

/// <summary>Numbers for tensor operations that stay alive while the native call reads them.</summary>
/// <remarks>
/// A number given to a tensor operation becomes a <see cref="Scalar"/> that nothing holds once its native handle is read, so the garbage collector may
/// finalise it in the middle of the call. The call then reads freed memory: seen in the test suite as an error from libtorch about a scalar of the wrong type. Tensors do not have
/// the fault inside a dispose scope, which holds them. Every number given to libtorch here goes through <see cref="Held"/>.
/// </remarks>
internal static class HeldScalar
{
    /// <summary>More than the calls that any one expression makes.</summary>
    private const int Kept = 64;

    [ThreadStatic]
    private static Scalar?[]? _ring;

    [ThreadStatic]
    private static int _next;

    /// <summary>The number as a scalar that lives until this thread has made 64 more.</summary>
    public static Scalar Held(this double value)
    {
        var ring = _ring ??= new Scalar?[Kept];
        _next = (_next + 1) % Kept;
        ring[_next]?.Dispose();
        return ring[_next] = value.ToScalar();
    }
}
