using System.Reflection;
using System.Runtime.Loader;

namespace Citrus.Research.Figures;

/// <summary>
/// Calls <see cref="PlotlyDrawing"/> in an assembly load context of its own, where Plotly.NET finds the FSharp.Core that it was built for even inside of a host that
/// carries another one (.NET Interactive does). Only texts cross.
/// </summary>
internal static class PlotlyRoom
{
    private static readonly Lazy<Type> Drawing = new(Open);

    /// <summary>See <see cref="PlotlyDrawing.FigureJson"/>.</summary>
    public static string FigureJson(string specification) => Call(nameof(PlotlyDrawing.FigureJson), specification);

    /// <summary>See <see cref="PlotlyDrawing.Script"/>.</summary>
    public static string Script() => Call(nameof(PlotlyDrawing.Script));

    private static string Call(string method, params object[] arguments) =>
        (string)Drawing.Value.GetMethod(method)!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;

    private static Type Open()
    {
        var own = typeof(PlotlyRoom).Assembly.Location;
        // A single-file application has no files to load a second time.
        if (own.Length == 0 || !File.Exists(Path.Combine(Path.GetDirectoryName(own)!, "Plotly.NET.dll"))) return typeof(PlotlyDrawing);
        return new Context(Path.GetDirectoryName(own)!).LoadFromAssemblyPath(own).GetType(typeof(PlotlyDrawing).FullName!, throwOnError: true)!;
    }

    private sealed class Context(string folder) : AssemblyLoadContext("Plotly.NET")
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            Path.Combine(folder, assemblyName.Name + ".dll") is var path && File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
