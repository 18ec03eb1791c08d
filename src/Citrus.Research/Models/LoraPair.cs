namespace Citrus.Research.Models;

/// <summary>The update of one linear layer: y += scale * (x A^T) B^T.</summary>
/// <param name="Name">The layer's Hugging Face name without <c>.weight</c>, e.g. <c>model.layers.0.self_attn.q_proj</c>.</param>
/// <param name="Parameter">Index in <see cref="Decoder.Parameters"/> of the tensor that holds the layer's weights.</param>
/// <param name="FirstRow">First row of the layer in that tensor.</param>
/// <param name="Rows">Its number of outputs.</param>
/// <param name="A"><c>[rank, inputs]</c>, drawn at random.</param>
/// <param name="B"><c>[outputs, rank]</c>, 0 at first.</param>
public sealed record LoraPair(string Name, int Parameter, int FirstRow, int Rows, DecoderParameter A, DecoderParameter B);
