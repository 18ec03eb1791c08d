using System.Text;
using System.Text.Json.Nodes;
using Citrus.Research.Notebooks.Jupyter;

namespace Citrus.Research.Notebooks.Tests;

public sealed class WireFormatTests
{
    private readonly WireFormat wire = new("a0436f6c-1916-498b-8eb9-e81ab9368e84"u8.ToArray());

    [Fact]
    public void A_signature_is_that_of_python_s_hmac()
    {
        // python3 -c 'import hmac, hashlib; h = hmac.new(b"a0436f6c-1916-498b-8eb9-e81ab9368e84", digestmod=hashlib.sha256); [h.update(p) for p in (b"{\"msg_id\":\"1\"}", b"{}", b"{}", "{\"code\":\"é\"}".encode())]; print(h.hexdigest())'
        var signature = wire.Sign(Bytes("""{"msg_id":"1"}"""), Bytes("{}"), Bytes("{}"), Bytes("""{"code":"é"}"""));
        Assert.Equal("da3f46b669d2a2b3c73c46356594e4e5b73e9ce1cbb1abaff6adf36809a4d531", signature);
    }

    [Fact]
    public void A_message_comes_back_with_its_sender_and_content()
    {
        var frames = wire.Compose([Bytes("sender"), Bytes("again")], "execute_request", null, w => w.WriteString("code", "1 + 1"));
        var message = wire.Parse(frames);
        Assert.Equal(["sender", "again"], message.Identities.Select(Encoding.UTF8.GetString));
        Assert.Equal(("execute_request", "1 + 1"), (message.Type, message.Text("code")));
        Assert.Equal("5.3", JsonNode.Parse(message.HeaderBytes)!["version"]!.ToString());
    }

    [Fact]
    public void A_message_that_was_changed_on_the_way_is_not_believed()
    {
        var frames = wire.Compose([], "execute_request", null, w => w.WriteString("code", "safe"));
        frames[^1] = Bytes("""{"code":"rm -rf"}""");
        Assert.Contains("signature", Assert.Throws<WireException>(() => wire.Parse(frames)).Message);
    }

    [Fact]
    public void A_message_cannot_be_sent_twice()
    {
        var frames = wire.Compose([], "execute_request", null, w => w.WriteString("code", "pay()"));
        wire.Parse(frames);
        Assert.Contains("before", Assert.Throws<WireException>(() => wire.Parse(frames)).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Too_few_frames_are_no_message(int count) =>
        Assert.Throws<WireException>(() => wire.Parse([.. wire.Compose([], "x", null, _ => { }).Take(count)]));

    [Fact]
    public void A_field_of_the_wrong_kind_is_named()
    {
        var message = wire.Parse(wire.Compose([], "execute_request", null, w => w.WriteNumber("code", 1)));
        Assert.Contains("\"code\" must be a text", Assert.Throws<WireException>(() => message.Text("code")).Message);
        Assert.Equal(7, message.Number("missing", 7));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
