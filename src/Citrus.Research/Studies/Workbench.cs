using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Citrus.Research.Models;

namespace Citrus.Research.Studies;

/// <summary>What a notebook begins with: versions, the device, and how much of everything its scale asks for.</summary>
public static class Workbench
{
    /// <summary>One line for the top of a notebook: versions of the library, .NET and libtorch, the device, the cores. Loads libtorch; where that fails the line says why.</summary>
    public static string Describe()
    {
        var version = typeof(Workbench).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var commit = version.IndexOf('+', StringComparison.Ordinal);
        if (commit > 0 && version.Length > commit + 9) version = version[..(commit + 9)];
        return string.Create(CultureInfo.InvariantCulture, $"Citrus.Research {version}, {RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} cores; {Libtorch(Torch.Describe())}");
    }

    /// <summary>Chooses the device of every student of this process.</summary>
    /// <param name="device"><c>auto</c> (what <c>CITRUS_DEVICE</c> says, else the first GPU, else the CPU), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <returns>One line that says which it is.</returns>
    /// <exception cref="ArgumentException">There is no such device here; the message says what there is, and nothing has changed.</exception>
    /// <exception cref="InvalidOperationException">libtorch cannot be loaded; the message says what to do.</exception>
    public static string Use(string device)
    {
        var found = Torch.Describe();
        if (device != "auto")
        {
            if (device is not ("cpu" or "cuda") && !(device.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(device.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out _)))
                throw new ArgumentException($"The parameter device is \"{device}\"; it may be auto, cpu, cuda or cuda:N.", nameof(device));
            if (device != "cpu" && (device == "cuda" ? 0 : int.Parse(device.AsSpan(5), CultureInfo.InvariantCulture)) >= found.CudaDevices)
                throw new ArgumentException($"The parameter device is \"{device}\", but libtorch sees {found.CudaDevices} GPUs here; take auto or cpu, or see `citrus doctor`.", nameof(device));
            Environment.SetEnvironmentVariable(Torch.DeviceVariable, device);
            found = Torch.Describe();
        }

        return found.Available ? $"device {found.Device}" : throw new InvalidOperationException(found.Problem);
    }

    /// <summary>The value of a scale.</summary>
    /// <param name="scale"><c>smoke</c> (shows that everything runs), <c>default</c>, <c>full</c> or <c>gpu</c>, which is as full.</param>
    /// <exception cref="ArgumentException">There is no such scale.</exception>
    public static T At<T>(string scale, T smoke, T usual, T full) => scale switch
    {
        "smoke" => smoke,
        "default" => usual,
        "full" or "gpu" => full,
        _ => throw new ArgumentException($"The parameter scale is \"{scale}\"; it may be {string.Join(", ", StudyScales.Scales)}.", nameof(scale)),
    };

    private static string Libtorch(TorchDescription torch) => torch.Available ? $"libtorch {torch.Version}, device {torch.Device}" : $"no libtorch: {torch.Problem}";
}

