using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>Computes a decoder's log-probabilities and their gradients. One engine serves one thread at a time.</summary>
internal interface IDecoderEngine : IDisposable
{
    /// <summary>Natural log-probability of each predicted token of the batch.</summary>
    float[] LogProbabilities(TokenBatch batch);

    /// <summary>Natural log-probabilities, then the gradient of a scalar of them.</summary>
    /// <param name="batch">What is read and predicted.</param>
    /// <param name="slope">From the log-probabilities to the scalar's derivative with respect to each of them.</param>
    /// <returns>One gradient for each of <see cref="Decoder.Trainable"/>, in their order; valid until the next call or the end of the caller's scope.</returns>
    IReadOnlyList<torch.Tensor> Gradients(TokenBatch batch, Func<float[], float[]> slope);

    /// <summary>The same where the derivatives are known before the log-probabilities are, as for cross-entropy: on a GPU the output layer is computed once instead of twice, and nothing waits.</summary>
    /// <param name="slopes">The scalar's derivative with respect to each log-probability.</param>
    (float[] LogProbabilities, IReadOnlyList<torch.Tensor> Gradients) Gradients(TokenBatch batch, float[] slopes)
    {
        float[] seen = [];
        var gradients = Gradients(batch, found =>
        {
            seen = found;
            return slopes;
        });
        return (seen, gradients);
    }
}
