using System.Security.Cryptography;

namespace Citrus.Research.Synthesis;

/// <summary>Small files that appear whole or not at all.</summary>
internal static class Files
{
    public static void Write(string path, string text)
    {
        var part = path + ".part";
        try
        {
            File.WriteAllText(part, text);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    public static string Sha256(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
