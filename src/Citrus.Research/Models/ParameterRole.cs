namespace Citrus.Research.Models;

/// <summary>What a parameter does, which decides how it is initialised and optimised.</summary>
public enum ParameterRole
{
    /// <summary>Token embedding (and output layer where tied).</summary>
    Embedding,

    /// <summary>Output layer.</summary>
    Head,

    /// <summary>Gains of a norm.</summary>
    Gain,

    /// <summary>A hidden matrix that reads the residual stream.</summary>
    Inner,

    /// <summary>A hidden matrix that writes to the residual stream.</summary>
    Outward,

    /// <summary>Bias of a linear layer.</summary>
    Bias,

    /// <summary>A matrix of a low-rank adapter.</summary>
    Adapter,
}
