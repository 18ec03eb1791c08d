namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>The sockets on which messages travel.</summary>
internal enum KernelChannel
{
    /// <summary>Requests: execute, complete, inspect and so on.</summary>
    Shell,

    /// <summary>Requests that must not wait for a running cell: interrupt, shutdown.</summary>
    Control,

    /// <summary>Broadcasts: outputs and status.</summary>
    Iopub,
}
