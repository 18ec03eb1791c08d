using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>Decorators for experts, added to a <see cref="ChatClientBuilder"/> outermost first.</summary>
public static class ExpertDecorators
{
    /// <summary>Counts calls and tokens into <paramref name="counter"/>.</summary>
    public static ChatClientBuilder UseUsage(this ChatClientBuilder builder, UsageCounter counter) =>
        builder.Use(inner => new UsageChatClient(inner, counter));
}
