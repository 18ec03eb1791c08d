using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>An expert with an identity, so that its replies are kept.</summary>
public sealed class IdentifiedChatClient(IChatClient inner, ExpertIdentity identity) : DelegatingChatClient(inner)
{
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(ExpertIdentity) ? identity : base.GetService(serviceType, serviceKey);
}
