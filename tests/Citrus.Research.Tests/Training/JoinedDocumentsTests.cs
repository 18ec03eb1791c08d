using Citrus.Research.Examples;
using Citrus.Research.Tokenization;
using Citrus.Research.Training;
using CsCheck;

namespace Citrus.Research.Tests.Training;

public sealed class JoinedDocumentsTests
{
    private static readonly WordTokenizer Words = WordTokenizer.Of([.. Enumerable.Range(0, 200).Select(i => $"w{i}")]);

    [Fact]
    public void Every_token_is_predicted_once_and_documents_end_with_an_end_token() => Gen.Select(Gen.Int[0, 30].Array[0, 12], Gen.Int[2, 20]).Sample((lengths, length) =>
    {
        var n = 0;
        var documents = lengths.Select((l, i) => new Passage($"{i}", string.Join(' ', Enumerable.Range(0, l).Select(_ => $"w{n++ % 200}")))).ToList();
        int[] all = [.. documents.SelectMany(d => Words.Encode(d.Text).Append(Words.EndId))];
        var sequences = JoinedDocuments.Of(Words, documents, length).ToList();
        Assert.Equal(all.Skip(1), sequences.SelectMany(s => s.Ids.Skip(1)));
        Assert.All(sequences.SkipLast(1), s => Assert.Equal(length + 1, s.Ids.Length));
        Assert.All(sequences, s => Assert.InRange(s.Ids.Length, 2, length + 1));
        for (var i = 1; i < sequences.Count; i++) Assert.Equal(sequences[i - 1].Ids[^1], sequences[i].Ids[0]);
    }, iter: 100);
}
