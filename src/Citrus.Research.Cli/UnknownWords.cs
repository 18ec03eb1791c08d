using Citrus.Research.Tokenization;

namespace Citrus.Research.Cli;

/// <summary>How much of a text a student's vocabulary does not cover.</summary>
/// <param name="Unknown">Tokens read as <c>&lt;unk&gt;</c>.</param>
/// <param name="Tokens">All tokens.</param>
internal readonly record struct UnknownWords(long Unknown, long Tokens)
{
    public double Share => Tokens == 0 ? 0 : (double)Unknown / Tokens;

    public static UnknownWords In(StudentTokenizer tokenizer, IEnumerable<IReadOnlyList<int>> texts)
    {
        // A byte-level tokenizer may have no such token: it can write anything.
        var id = tokenizer.Roles.Unknown is { } token ? tokenizer.IdOf(token) : null;
        var (unknown, tokens) = (0L, 0L);
        foreach (var ids in texts) (unknown, tokens) = (unknown + ids.Count(i => i == id), tokens + ids.Count);
        return new UnknownWords(unknown, tokens);
    }

    public override string ToString() => $"{Inputs.N(Unknown)} of {Inputs.N(Tokens)} tokens ({Share.ToString("P1", System.Globalization.CultureInfo.InvariantCulture).Replace(" ", "")})";
}
