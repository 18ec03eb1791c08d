using System.Text;
using System.Xml;
using Citrus.Research.Questions;
using CsCheck;

namespace Citrus.Research.Tests.Questions;

/// <summary>Held against XmlReader, which reads the same document without it.</summary>
public sealed class DecodedReferencesTests
{
    private static readonly string[] Written = ["&#65;", "&#60;", "&amp;", "&lt;", "&#x26;#25287;", "&#000000025287;", "plain", "<b/>", "<t x='&#228;'>&#25287;</t>", "<![CDATA[&#25287;]]>", "<!-- &#25287; -->", "抟", "&#13;", "\r\n"];

    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.Int[0x80, 0x10FFFF].Where(c => c is < 0xD800 or (> 0xDFFF and not 0xFFFE and not 0xFFFF)).Select(c => $"&#{c};"),
        Gen.Int[0x80, 0xD7FF].Select(c => $"&#x{c:x4};"),
        Gen.Int[0, Written.Length - 1].Select(i => Written[i]),
        Gen.Const(new string('x', 300)));

    [Fact]
    public void A_document_means_the_same_however_its_bytes_come() =>
        Gen.Select(Piece.List[0, 300], Gen.Int[1, 100_000], Gen.Bool).Sample((pieces, chunk, declared) =>
        {
            var xml = (declared ? "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" : "") + $"<a>{string.Concat(pieces)}</a>";
            Assert.Equal(Nodes(new MemoryStream(Encoding.UTF8.GetBytes(xml))), Nodes(new DecodedReferences(new Drops(Encoding.UTF8.GetBytes(xml), chunk))));
        }, iter: 300);

    [Theory]
    [InlineData("utf-16")]
    [InlineData("iso-8859-1")]
    public void Another_encoding_is_passed_on_as_it_is(string encoding)
    {
        var bytes = Encoding.GetEncoding(encoding).GetPreamble().Concat(Encoding.GetEncoding(encoding).GetBytes($"<?xml version=\"1.0\" encoding=\"{encoding}\"?><a>ä&#25287;</a>")).ToArray();
        Assert.Equal(Nodes(new MemoryStream(bytes)), Nodes(new DecodedReferences(new MemoryStream(bytes))));
    }

    [Theory]
    [InlineData("<a>&#25287</a>")]
    [InlineData("<a>&#99999999999;</a>")]
    [InlineData("<a>&#55296;</a>")]
    [InlineData("<a>&#65534;</a>")]
    [InlineData("<a>&#</a>")]
    [InlineData("<a>&#25287;")]
    public void What_is_no_XML_stays_none(string xml) =>
        Assert.Throws<XmlException>(() => Nodes(new DecodedReferences(new MemoryStream(Encoding.UTF8.GetBytes(xml)))));

    private static List<string> Nodes(Stream stream)
    {
        using var reader = XmlReader.Create(stream, new XmlReaderSettings { CloseInput = true });
        var nodes = new List<string>();
        while (reader.Read())
        {
            // Where one text ends and the next begins is the reader's own business.
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace && nodes.Count > 0 && nodes[^1].StartsWith("text ", StringComparison.Ordinal)) nodes[^1] += reader.Value;
            else nodes.Add($"{(reader.NodeType is XmlNodeType.Text or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace ? "text" : reader.NodeType)} {reader.Name}{reader.Value}{reader.GetAttribute("x")}");
        }

        return nodes;
    }

    /// <summary>A stream that gives few bytes at a time.</summary>
    private sealed class Drops(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);
    }
}
