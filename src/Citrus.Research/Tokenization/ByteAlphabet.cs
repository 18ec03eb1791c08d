using System.Text;

namespace Citrus.Research.Tokenization;

/// <summary>GPT-2's way of writing a byte as one printable character, in which byte-level vocabularies are spelt.</summary>
internal static class ByteAlphabet
{
    private static readonly int[] ByteOfChar = new int[0x144];
    private static readonly char[] CharOfByte = new char[256];

    static ByteAlphabet()
    {
        Array.Fill(ByteOfChar, -1);
        var next = 256;
        for (var b = 0; b < 256; b++)
        {
            var c = b is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174 ? b : next++;
            ByteOfChar[c] = b;
            CharOfByte[b] = (char)c;
        }
    }

    /// <summary>The 256 one-byte tokens in ordinal order, as Hugging Face's trainer numbers them.</summary>
    public static IEnumerable<string> Tokens => CharOfByte.Order().Select(c => c.ToString());

    public static char CharOf(byte value) => CharOfByte[value];

    /// <summary>Bytes as a vocabulary spells them.</summary>
    public static string Spell(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var b in bytes) text.Append(CharOfByte[b]);
        return text.ToString();
    }

    /// <summary>The bytes a token stands for; a token that is not spelt in the alphabet stands for its own UTF-8.</summary>
    public static byte[] BytesOf(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            if (token[i] >= ByteOfChar.Length || ByteOfChar[token[i]] < 0) return Encoding.UTF8.GetBytes(token);
            bytes[i] = (byte)ByteOfChar[token[i]];
        }

        return bytes;
    }
}
