using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>What inner decorators tell outer ones about one call; travels in its options.</summary>
internal sealed class CallMeter
{
    private const string Name = "citrus.meter";

    /// <summary>Requests sent so far.</summary>
    public int Attempts { get; set; }

    /// <summary>Milliseconds of the last attempt; null where nobody measured.</summary>
    public double? Latency { get; set; }

    public static CallMeter? Of(ChatOptions? options) => options?.AdditionalProperties?.TryGetValue(Name, out var value) == true ? value as CallMeter : null;

    /// <summary>Options of their own for a call, with a new meter in them.</summary>
    public static ChatOptions Into(ChatOptions? options, out CallMeter meter)
    {
        var own = options?.Clone() ?? new ChatOptions();
        (own.AdditionalProperties ??= [])[Name] = meter = new CallMeter();
        return own;
    }
}
