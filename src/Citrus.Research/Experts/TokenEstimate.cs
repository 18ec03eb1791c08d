using System.Text;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>How many tokens a text has, about: a token for every four UTF-8 bytes, which holds roughly for English and for Chinese.</summary>
internal static class TokenEstimate
{
    private const int PerMessage = 4;

    public static long Of(string text) => (Encoding.UTF8.GetByteCount(text) + 3) / 4;

    public static long Of(IEnumerable<ChatMessage> messages) => messages.Sum(m => PerMessage + Of(m.Text));
}
