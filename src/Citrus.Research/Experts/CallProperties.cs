using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>Reads <see cref="ExpertProperties"/> of a call.</summary>
internal static class CallProperties
{
    public static int Sample(ChatOptions? options) => options?.AdditionalProperties?.TryGetValue(ExpertProperties.Sample, out var value) == true && value is int sample ? sample : 0;

    public static string Text(ChatOptions? options, string name) => options?.AdditionalProperties?.TryGetValue(name, out var value) == true && value is string text ? text : "";
}
