using System.Text;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using CsCheck;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Pathways;

public sealed class BatchResponseLineTests
{
    [Fact]
    public void A_reply_becomes_what_the_live_call_would_have_made_of_it()
    {
        var line = Read("""{"id":"x","custom_id":"q1#2","response":{"status_code":200,"request_id":"r","body":{"choices":[{"index":0,"finish_reason":"length","message":{"role":"assistant","content":"yes","reasoning_content":"hm"}}],"usage":{"prompt_tokens":7,"completion_tokens":3}}},"error":null}""");
        Assert.Equal("q1#2", line.CustomId);
        Assert.Equal(new ExpertReply("yes", 7, 3, "s") { Reasoning = "hm", CutOff = true }, ExpertCall.Reply(line.Response!, "s"));
        Assert.Equal("ab", Read("""{"custom_id":"q","response":{"body":{"choices":[{"finish_reason":"stop","message":{"content":[{"type":"text","text":"a"},{"text":"b"},{}]}}]}}}""").Response!.Text);
    }

    [Theory]
    [InlineData("""{"custom_id":"q","response":null,"error":{"code":"batch_expired","message":"m"}}""", ExpertFault.Timeout)]
    [InlineData("""{"custom_id":"q","response":{"status_code":429,"body":{"error":{"message":"m","code":"rate_limit_exceeded"}}}}""", ExpertFault.RateLimited)]
    [InlineData("""{"custom_id":"q","response":{"status_code":429,"body":{"error":{"message":"m","code":"insufficient_quota"}}}}""", ExpertFault.Unauthorised)]
    [InlineData("""{"custom_id":"q","response":{"status_code":500,"request_id":"r","body":null},"error":null}""", ExpertFault.ServerError)]
    [InlineData("""{"custom_id":"q","response":{"status_code":400,"request_id":"r","body":null},"error":{"object":"error","message":"too long","type":"BadRequestError","code":400}}""", ExpertFault.BadRequest)]
    [InlineData("""{"custom_id":"q","response":{"status_code":404},"error":{"error":{"message":"no model","code":404}}}""", ExpertFault.UnknownModel)]
    [InlineData("""{"custom_id":"q","response":{"status_code":200,"body":{"choices":[]}}}""", ExpertFault.BadBody)]
    [InlineData("""{"custom_id":"q","response":{"status_code":200,"body":{"choices":[{"message":{"content":"half"}}]}}}""", ExpertFault.BadBody)]
    [InlineData("""{"custom_id":"q","response":{"status_code":200,"body":{"choices":[{"finish_reason":"content_filter","message":{"content":""}}]}}}""", ExpertFault.ContentFilter)]
    public void A_failure_is_known_by_its_cause(string line, ExpertFault fault)
    {
        Assert.Equal("q", Read(line).CustomId);
        Assert.Equal(fault, Read(line).Fault!.Fault);
    }

    [Fact]
    public void What_is_written_here_reads_as_what_was_meant()
    {
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("hm"), new TextContent("是 <b>")])) { Usage = new() { InputTokenCount = 1, OutputTokenCount = 2 } };
        var read = Read(BatchResponseLine.Write("q#0", response));
        Assert.Equal(ExpertCall.Reply(response, "s"), ExpertCall.Reply(read.Response!, "s"));
        foreach (var fault in Enum.GetValues<ExpertFault>())
        {
            var back = Read(BatchResponseLine.Write("q#0", new ExpertException(fault, "why"))).Fault!;
            Assert.Equal(new ExpertException(fault, "").IsTransient, back.IsTransient);
            Assert.Contains("why", back.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_line_throws() => Gen.String[Gen.Char["{}[]\":,\\ud80custom_idresponsebodychoicesmessage0 "], 0, 80].Sample(
        text => Assert.True(Read(text) is { Response: not null } or { Fault: not null }), iter: 20_000);

    [Fact]
    public void A_spec_says_server_model_and_sampling_or_what_is_wrong_without_repeating_a_value()
    {
        var target = BatchTarget.Of("openai:gpt-4o?temperature=0.5&max_tokens=100&rpm=5&key=MY_KEY");
        Assert.Equal(("gpt-4o", "https://api.openai.com/v1", 0.5, "max_completion_tokens", "MY_KEY"), (target.Model, target.Address!.ToString(), target.Temperature, target.MaxTokensField, target.KeyVariable));
        Assert.Null(BatchTarget.Of("clinic?fallibility=0.3").Address);
        foreach (var bad in (string[])["openai:", "http://host/v1", "http://u:secret@host/v1#m", "openai:m?key=secret", "openai:m?tempersecret=1"])
            Assert.DoesNotContain("=secret", Assert.Throws<FormatException>(() => BatchTarget.Of(bad)).Message, StringComparison.Ordinal);
    }

    private static BatchResponseLine Read(string line) => BatchResponseLine.Read(Encoding.UTF8.GetBytes(line));
}
