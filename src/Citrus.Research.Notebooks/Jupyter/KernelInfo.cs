using System.Text.Json;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>What the kernel says about itself.</summary>
internal static class KernelInfo
{
    /// <summary>The C# of the compiler at hand.</summary>
    private const string LanguageVersion = "14.0";

    /// <summary>The version of this assembly.</summary>
    public static string ImplementationVersion { get; } = typeof(KernelInfo).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>Writes the content of <c>kernel_info_reply</c>.</summary>
    public static void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("status", "ok");
        writer.WriteString("protocol_version", WireFormat.Version);
        writer.WriteString("implementation", "citrus");
        writer.WriteString("implementation_version", ImplementationVersion);
        writer.WriteString("banner", $"C# {LanguageVersion} on {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}, kernel of Citrus.Research {ImplementationVersion}");
        writer.WriteBoolean("debugger", false);
        writer.WriteStartObject("language_info");
        writer.WriteString("name", "C#");
        writer.WriteString("version", LanguageVersion);
        writer.WriteString("mimetype", "text/x-csharp");
        writer.WriteString("file_extension", ".cs");
        writer.WriteString("pygments_lexer", "csharp");
        writer.WriteString("codemirror_mode", "text/x-csharp");
        writer.WriteEndObject();
        writer.WriteStartArray("help_links");
        writer.WriteStartObject();
        writer.WriteString("text", "C#");
        writer.WriteString("url", "https://learn.microsoft.com/dotnet/csharp/");
        writer.WriteEndObject();
        writer.WriteEndArray();
    }
}
