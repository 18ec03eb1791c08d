using System.Globalization;
using Citrus.Research.Questions;

namespace Citrus.Research.LoopbackServer;

/// <summary>Which share of requests goes wrong in which way; drawn from a seed, the request's hash and which attempt at it this is.</summary>
public sealed class FaultPlan
{
    /// <summary>Every way to go wrong, with what the client sees.</summary>
    public static IReadOnlyDictionary<string, string> Kinds { get; } = new Dictionary<string, string>
    {
        ["429"] = "too many requests, without Retry-After",
        ["429-after"] = "too many requests, with Retry-After",
        ["500"] = "internal error",
        ["503"] = "overloaded",
        ["reset"] = "connection closed before the response",
        ["hang"] = "no response",
        ["truncate"] = "response cut off half way",
        ["json"] = "200 with invalid JSON",
        ["shape"] = "200 with JSON that is no completion",
        ["empty"] = "200 with empty content",
        ["filter"] = "200 that ends with content_filter",
        ["filter-400"] = "400 with the code content_filter",
        ["context"] = "400 with the code context_length_exceeded",
    };

    private readonly IReadOnlyList<(string Kind, double Share)> _shares;

    private FaultPlan(IReadOnlyList<(string Kind, double Share)> shares) => _shares = shares;

    public static FaultPlan None { get; } = new([]);

    /// <summary>Reads <c>429:0.05,500:0.02</c>.</summary>
    /// <exception cref="FormatException">A kind is unknown, a share is none, or they add up to more than 1.</exception>
    public static FaultPlan Parse(string text)
    {
        var shares = new List<(string Kind, double Share)>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = part.IndexOf(':');
            var kind = colon < 0 ? part : part[..colon];
            var share = 1.0;
            if (!Kinds.ContainsKey(kind) || (colon >= 0 && (!double.TryParse(part[(colon + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out share) || share is not (>= 0 and <= 1))))
                throw new FormatException($"'{part}' is no fault; expected KIND:SHARE with a share from 0 to 1 and a kind of {string.Join(", ", Kinds.Keys)}.");
            shares.Add((kind, share));
        }

        return shares.Sum(s => s.Share) <= 1.000001 ? new FaultPlan(shares) : throw new FormatException($"The shares in '{text}' add up to more than 1.");
    }

    /// <summary>What happens to this attempt; null where nothing does.</summary>
    public string? Draw(long seed, string hash, int attempt)
    {
        if (_shares.Count == 0) return null;
        var x = SeededRandom.For(seed, hash, attempt).NextDouble();
        foreach (var (kind, share) in _shares)
        {
            x -= share;
            if (x < 0) return kind;
        }

        return null;
    }
}
