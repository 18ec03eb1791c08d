using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>A tensor in pieces of bounded size, in another type where that is wanted.</summary>
internal static class WeightRows
{
    /// <summary>Elements of one piece, unless a single row has more.</summary>
    private const long Piece = 1 << 22;

    /// <summary>Hands over the tensor from its first row to its last, in pieces of whole rows that live as long as the call.</summary>
    /// <param name="together">A piece has a multiple of so many rows.</param>
    /// <exception cref="InvalidDataException">A weight has no finite value in that type.</exception>
    public static void ForEach(IWeightSource source, WeightEntry entry, torch.ScalarType type, Action<torch.Tensor> take, long together = 1)
    {
        var rows = entry.Shape.Length == 0 ? 1 : entry.Shape[0];
        var step = Math.Max(1, Piece / Math.Max(1, entry.Width) / together) * together;
        for (long at = 0; at < rows; at += step)
        {
            using var scope = torch.NewDisposeScope();
            using var grad = torch.no_grad();
            var piece = source.Rows(entry, at, Math.Min(step, rows - at));
            take(piece.dtype == type ? piece : Converted(entry, piece, type));
        }
    }

    private static torch.Tensor Converted(WeightEntry entry, torch.Tensor piece, torch.ScalarType type)
    {
        var converted = piece.to_type(type);
        // float16 ends at 65504; a weight beyond would silently become infinite.
        if (type == torch.ScalarType.Float16 && !converted.isfinite().all().ToBoolean())
            throw new InvalidDataException($"Tensor {entry.Name} has weights that float16 cannot hold (beyond 65504, or not finite). Choose bf16 or f32.");
        return converted;
    }
}
