namespace Citrus.Research.Models;

/// <summary>What this process calculates with; printed by <c>citrus doctor</c> and kept in manifests.</summary>
/// <param name="Available">Whether libtorch could be loaded.</param>
/// <param name="Version">libtorch's version, e.g. <c>2.10.0</c>, as far as is known; empty where it could not be loaded.</param>
/// <param name="Device">Where students run by default: <c>cuda</c> where there is a usable GPU, else <c>cpu</c>.</param>
/// <param name="CudaDevices">Number of GPUs that libtorch can use.</param>
/// <param name="Threads">Threads that one operation uses on the calling thread.</param>
/// <param name="LoadedFrom">Paths of the libraries, in load order.</param>
/// <param name="Problem">Why it could not be loaded and what to do; empty where it could.</param>
public sealed record TorchDescription(bool Available, string Version, string Device, int CudaDevices, int Threads, IReadOnlyList<string> LoadedFrom, string Problem)
{
    /// <summary>Where libtorch comes from: <c>package</c>, or <c>CITRUS_TORCH</c> and its folder.</summary>
    public string Source { get; init; } = "package";

    /// <summary>What may go wrong although it loaded: a PyTorch of another version than TorchSharp was built for. Empty where nothing is known.</summary>
    public string Warning { get; init; } = "";
}
