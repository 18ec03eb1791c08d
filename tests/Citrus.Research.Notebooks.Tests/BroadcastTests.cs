using System.Text;
using System.Text.Json.Nodes;
using Citrus.Research.Notebooks.Jupyter;

namespace Citrus.Research.Notebooks.Tests;

public sealed class BroadcastTests
{
    private readonly List<(string Type, JsonNode Content)> sent = [];
    private readonly Broadcast broadcast;

    public BroadcastTests() => broadcast = new Broadcast(frames => sent.Add((JsonNode.Parse(frames[^4])!["msg_type"]!.ToString(), JsonNode.Parse(frames[^1])!)), new WireFormat("key"u8.ToArray()), Encoding.UTF8.GetBytes("{\"msg_id\":\"parent\"}"));

    [Fact]
    public void Many_small_writes_are_few_messages_and_streams_keep_their_order()
    {
        for (var i = 0; i < 1000; i++) broadcast.Stream("stdout", "a");
        broadcast.Stream("stderr", "b");
        broadcast.Status("idle");

        Assert.True(sent.Count < 10, $"{sent.Count} messages");
        Assert.Equal(new string('a', 1000), string.Concat(sent.Where(s => s.Content["name"]?.ToString() == "stdout").Select(s => s.Content["text"])));
        Assert.Equal(["b", "idle"], sent.TakeLast(2).Select(s => (s.Content["text"] ?? s.Content["execution_state"])!.ToString()));
    }

    [Fact]
    public void Of_many_updates_the_last_is_told()
    {
        for (var i = 0; i <= 1000; i++) broadcast.Update("d", MimeBundle.Plain($"{i}"));
        broadcast.Dispose();
        Assert.True(sent.Count < 100, $"{sent.Count} messages");
        Assert.Equal("1000", sent[^1].Content["data"]!["text/plain"]!.ToString());
        Assert.Equal("d", sent[^1].Content["transient"]!["display_id"]!.ToString());
    }

    [Fact]
    public void A_character_is_never_cut_in_two()
    {
        // 262,143 units, then the first half of a lemon: enough to be sent at once.
        broadcast.Stream("stdout", new string('x', (1 << 18) - 1) + "\ud83c");
        broadcast.Stream("stdout", "\udf4b!");
        broadcast.Dispose();
        Assert.EndsWith("x🍋!", string.Concat(sent.Select(s => s.Content["text"]!.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_sent_as_json_and_what_is_no_json_as_text()
    {
        broadcast.Show(new CellOutput(OutputKind.Display) { Data = new Dictionary<string, string> { ["application/json"] = "{\"a\":[1]}", ["application/vnd.x+json"] = "{oops", ["image/svg+xml"] = "<svg/>" } }, null);
        var data = sent.Single().Content["data"]!;
        Assert.Equal(1, data["application/json"]!["a"]![0]!.GetValue<int>());
        Assert.Equal("{oops", data["application/vnd.x+json"]!.GetValue<string>());
        Assert.Equal("<svg/>", data["image/svg+xml"]!.GetValue<string>());
    }
}
