using System.Text.Json.Nodes;
using Citrus.Research.Experts;
using Citrus.Research.LoopbackServer;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Experts;

/// <summary>What goes over the wire and what comes back, against a real server.</summary>
public sealed class EndpointTests
{
    [Theory]
    [InlineData("")]
    [InlineData("?stream=true")]
    public async Task A_reply_comes_with_tokens_and_latency_and_unknown_cost_is_not_0(string options)
    {
        await using var endpoint = await Endpoint.StartAsync();
        using var session = Endpoint.Session();
        var reply = await Endpoint.Ask(session.Open(endpoint.Spec + options));
        Assert.Contains("answer", reply.Text, StringComparison.Ordinal);
        Assert.True(reply.TokensIn > 5 && reply.TokensOut > 2 && reply.Latency > 0);
        Assert.Null(reply.Cost);
        Assert.Equal((1, 1), (session.Ledger.Total.Calls, session.Ledger.Total.UnknownCost));
        Assert.Equal("Bearer " + Endpoint.PlantedKey, endpoint.Server.LastHeaders["Authorization"]);
    }

    [Theory]
    [InlineData("content", "")]
    [InlineData("field", "")]
    [InlineData("inline", "")]
    [InlineData("content", "?stream=true")]
    [InlineData("field", "?stream=true")]
    [InlineData("inline", "?stream=true")]
    public async Task A_reasoning_models_thinking_is_kept_wherever_it_stands(string where, string options)
    {
        await using var endpoint = await Endpoint.StartAsync(new() { Reasoning = where });
        using var session = Endpoint.Session();
        var reply = await Endpoint.Ask(session.Open(endpoint.Spec + options));
        Assert.StartsWith("The question is of", reply.Reasoning, StringComparison.Ordinal);
        Assert.StartsWith("{\"answer\"", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_specs_options_are_sent_and_nothing_of_ours_besides()
    {
        await using var endpoint = await Endpoint.StartAsync();
        using var session = Endpoint.Session();
        await Endpoint.Ask(session.Open(endpoint.Spec + "?temperature=0.5&top_p=0.9&max_tokens=77&seed=40&format=schema"), sample: 2, schema: """{"type": "object", "properties": {"answer": {"type": "string"}}}""");
        var body = JsonNode.Parse(endpoint.Server.LastBody)!;
        Assert.Equal(("m", 0.5, 0.9, 77, 42), ((string)body["model"]!, (double)body["temperature"]!, Math.Round((double)body["top_p"]!, 4), (int)body["max_tokens"]!, (int)body["seed"]!));
        Assert.Equal("json_schema", (string)body["response_format"]!["type"]!);
        Assert.Equal("string", (string)body["response_format"]!["json_schema"]!["schema"]!["properties"]!["answer"]!["type"]!);
        Assert.DoesNotContain("citrus", endpoint.Server.LastBody, StringComparison.Ordinal);

        await Endpoint.Ask(session.Open(endpoint.Spec + "?format=schema"), schema: """{"type": "string"}""");
        Assert.Null(JsonNode.Parse(endpoint.Server.LastBody)!["response_format"]);
    }

    [Fact]
    public async Task A_server_without_a_key_gets_no_authorization_at_all()
    {
        await using var endpoint = await Endpoint.StartAsync();
        using var session = new ExpertSession(new ExpertRegistry().AddEndpoints(_ => null));
        await Endpoint.Ask(session.Open(endpoint.Spec));
        Assert.DoesNotContain("Authorization", endpoint.Server.LastHeaders.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Azure_is_asked_at_its_v1_address_with_the_deployment_as_model()
    {
        await using var endpoint = await Endpoint.StartAsync(new() { Key = Endpoint.PlantedKey });
        using var session = Endpoint.Session(null, (EndpointKinds.AzureEndpoint, endpoint.Server.Address + "/"));
        var reply = await Endpoint.Ask(session.Open("azure:my-deployment?max_tokens=9"));
        Assert.True(reply.Text.Length > 0);
        var body = JsonNode.Parse(endpoint.Server.LastBody)!;
        Assert.Equal(("my-deployment", 9), ((string)body["model"]!, (int)body["max_completion_tokens"]!));
    }

    [Fact]
    public async Task A_stream_is_handed_on_in_the_end_and_a_bare_endpoint_streams()
    {
        await using var endpoint = await Endpoint.StartAsync();
        using var bare = Endpoint.Registry().Create(endpoint.Spec);
        var parts = 0;
        await foreach (var update in bare.GetStreamingResponseAsync("Who are you?", cancellationToken: TestContext.Current.CancellationToken)) parts += update.Text.Length > 0 ? 1 : 0;
        Assert.True(parts > 1);
        using var session = Endpoint.Session();
        var response = await session.Open(endpoint.Spec).GetStreamingResponseAsync("Who are you?", cancellationToken: TestContext.Current.CancellationToken).ToChatResponseAsync(TestContext.Current.CancellationToken);
        Assert.Equal("Hello. What would you like to ask?", response.Text);
        Assert.Equal(1, session.Ledger.Total.Calls);
    }

    [Fact]
    public async Task Where_a_server_reports_no_tokens_they_are_estimated_and_said_to_be()
    {
        await using var endpoint = await Endpoint.StartAsync(new() { Usage = false });
        using var session = Endpoint.Session();
        var reply = await Endpoint.Ask(session.Open(endpoint.Spec));
        Assert.Null(reply.TokensIn);
        Assert.Equal(1, session.Ledger.Total.Estimated);
        Assert.True(session.Ledger.Total.TokensIn > 5);
    }

    [Fact]
    public async Task Ollama_is_asked_in_its_own_tongue()
    {
        await using var ollama = await FakeOllama.StartAsync();
        using var session = Endpoint.Session(null, (EndpointKinds.OllamaHost, ollama.Host));
        var reply = await Endpoint.Ask(session.Open("ollama:qwen2.5:7b?temperature=0.25&max_tokens=50&seed=3"));
        Assert.Equal(("It is gout.", "hmm", 0.0), (reply.Text, reply.Reasoning, reply.Cost));
        Assert.Equal((11L, 7L), (reply.TokensIn, reply.TokensOut));
        var body = JsonNode.Parse(ollama.LastBody)!;
        Assert.Equal(("qwen2.5:7b", 0.25, 50, 3), ((string)body["model"]!, (double)body["options"]!["temperature"]!, (int)body["options"]!["num_predict"]!, (int)body["options"]!["seed"]!));
        Assert.DoesNotContain("citrus", ollama.LastBody, StringComparison.Ordinal);

        var unknown = await Assert.ThrowsAsync<ExpertException>(() => Endpoint.Ask(session.Open("ollama:none")));
        Assert.Equal(ExpertFault.UnknownModel, unknown.Fault);
    }

    [Fact]
    public async Task The_scripted_physician_answers_whole_pathways_in_both_languages()
    {
        var questions = new[]
        {
            Pathways.Some.Question(),
            Pathways.Some.Question("q2") with { Stem = "患者，女，30岁，夜间反复喘息3年。最可能的诊断是", Options = [new("A", "肺栓塞"), new("B", "支气管哮喘"), new("C", "肺炎")] },
        };
        await using var endpoint = await Endpoint.StartAsync(brain: new ScriptedPhysician(1, questions));
        using var session = Endpoint.Session();
        var expert = session.Open(endpoint.Spec);
        foreach (var question in questions)
        {
            var trace = await new Citrus.Research.Pathways.PathwayDriver(expert).RunAsync(Citrus.Research.Pathways.PathwayNames.Create("DualExpert"), question, Citrus.Research.Questions.Register.Vignette, TestContext.Current.CancellationToken);
            Assert.Null(trace.Unusable);
            Assert.Equal("B", trace.AnswerLabel);
            Assert.Equal(0, trace.Repaired);
        }
    }
}
