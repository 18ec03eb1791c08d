using System.Diagnostics;

namespace Citrus.Research.Experts;

/// <summary>A secret from the environment. It prints as <c>***</c>; only the code that signs a request sees it.</summary>
[DebuggerDisplay("***")]
public sealed class ApiKey
{
    private const string Hidden = "***";

    /// <summary>Shorter "keys" (EMPTY, none, x) are placeholders; replacing them would spoil texts.</summary>
    private const int Shortest = 8;

    private readonly string _value;

    private ApiKey(string value) => _value = value;

    /// <summary>The key in an environment variable; null where it is not set or blank.</summary>
    /// <param name="variable">The variable's name.</param>
    /// <param name="environment">Where variables are looked up; the process's where null.</param>
    /// <exception cref="FormatException">The value has characters that no HTTP header may carry.</exception>
    public static ApiKey? FromEnvironment(string variable, Func<string, string?>? environment = null)
    {
        var value = (environment ?? Environment.GetEnvironmentVariable)(variable)?.Trim();
        if (string.IsNullOrEmpty(value)) return null;
        return value.All(c => c is > ' ' and < (char)127)
            ? new ApiKey(value)
            : throw new FormatException($"The environment variable {variable} holds white space or other characters that no key has; set it anew.");
    }

    /// <summary>The text without the key: a server may send it back in a message or a reply.</summary>
    public string Scrub(string text) => _value.Length >= Shortest ? text.Replace(_value, Hidden, StringComparison.Ordinal) : text;

    public override string ToString() => Hidden;

    internal string Reveal() => _value;
}
