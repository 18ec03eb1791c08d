using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Citrus.Research.Models;

/// <summary>The rotary table for our own loops; as long as the longest sequence so far, since a model may have a hundred thousand positions and a text a hundred.</summary>
internal sealed unsafe class CpuRotary(DecoderConfig config)
{
    private const int Least = 256;

    private float[] _cosines = [], _sines = [];
    private int _positions;

    /// <summary>Cosines of a position, <c>[headSize / 2]</c>.</summary>
    public float* Cosines(int position) => At(_cosines, position);

    /// <summary>Sines of a position, <c>[headSize / 2]</c>.</summary>
    public float* Sines(int position) => At(_sines, position);

    /// <summary>Makes room for positions 0 to <paramref name="positions"/> - 1; earlier addresses are void.</summary>
    public void Reserve(int positions)
    {
        if (positions <= _positions) return;
        _positions = Math.Max(positions, Math.Min(config.MaxPositions, Math.Max(Least, 2 * positions)));
        var (cosines, sines) = RotaryTable.Angles(_positions, config.HeadSize, config.RopeTheta, config.RopeScaling);
        (_cosines, _sines) = (Pinned(cosines), Pinned(sines));
    }

    private static float[] Pinned(float[] values)
    {
        var pinned = GC.AllocateUninitializedArray<float>(values.Length, pinned: true);
        values.CopyTo(pinned, 0);
        return pinned;
    }

    private float* At(float[] pinned, int position) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned)) + (long)position * (config.HeadSize / 2);
}
