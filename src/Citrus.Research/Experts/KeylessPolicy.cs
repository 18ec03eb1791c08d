using System.ClientModel.Primitives;

namespace Citrus.Research.Experts;

/// <summary>Signs nothing: for servers that ask for no key.</summary>
internal sealed class KeylessPolicy : AuthenticationPolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) => ProcessNext(message, pipeline, currentIndex);

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) => ProcessNextAsync(message, pipeline, currentIndex);
}
