using Citrus.Research.Experts;
using Citrus.Research.LoopbackServer;
using Citrus.Research.Tests.Pathways;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Experts;

/// <summary>Every way in which a server can fail, by a real server.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("429", ExpertFault.RateLimited, 3)]
    [InlineData("500", ExpertFault.ServerError, 3)]
    [InlineData("503", ExpertFault.ServerError, 3)]
    [InlineData("reset", ExpertFault.Connection, 3)]
    [InlineData("hang", ExpertFault.Timeout, 3)]
    [InlineData("truncate", ExpertFault.Connection, 3)]
    [InlineData("json", ExpertFault.BadBody, 3)]
    [InlineData("shape", ExpertFault.BadBody, 3)]
    [InlineData("filter", ExpertFault.ContentFilter, 1)]
    [InlineData("filter-400", ExpertFault.ContentFilter, 1)]
    [InlineData("context", ExpertFault.BadRequest, 1)]
    public async Task A_fault_has_its_name_and_only_a_passing_one_is_tried_again(string kind, ExpertFault fault, int attempts)
    {
        await using var endpoint = await Endpoint.StartAsync(new() { Faults = FaultPlan.Parse(kind), EchoKey = true });
        foreach (var options in new[] { "?timeout=0.3", "?timeout=0.3&stream=true" })
        {
            // Broken JSON and wrong shapes are of whole bodies; as a stream they are something else.
            if (options.Contains("stream", StringComparison.Ordinal) && kind is "json" or "shape") continue;
            using var session = Endpoint.Session(new() { Retries = 2 });
            var before = endpoint.Server.Requests;
            var error = await Assert.ThrowsAsync<ExpertException>(() => Endpoint.Ask(session.Open(endpoint.Spec + options)));
            Assert.Equal((fault, attempts), (error.Fault, (int)(endpoint.Server.Requests - before)));
            Assert.DoesNotContain(Endpoint.PlantedKey, error.ToString(), StringComparison.Ordinal);
            if (attempts > 1) Assert.Contains($"{fault}, given up after {attempts} attempts", error.Message, StringComparison.Ordinal);
            Assert.Equal((0, 1, attempts), (session.Ledger.Total.Calls, session.Ledger.Total.Failures, (int)session.Ledger.Total.Attempts));
            Assert.Equal(1, session.Ledger.Faults[fault]);
        }
    }

    [Theory]
    [InlineData(401, ExpertFault.Unauthorised)]
    [InlineData(403, ExpertFault.Unauthorised)]
    [InlineData(404, ExpertFault.UnknownModel)]
    public async Task A_key_that_expires_or_a_model_that_goes_away_ends_the_run(int status, ExpertFault fault)
    {
        await using var endpoint = await Endpoint.StartAsync(new() { FailAfter = 1, FailWith = status, EchoKey = true });
        using var session = Endpoint.Session();
        var expert = session.Open(endpoint.Spec);
        await Endpoint.Ask(expert, "one");
        var error = await Assert.ThrowsAsync<ExpertException>(() => Endpoint.Ask(expert, "two"));
        Assert.Equal((fault, true), (error.Fault, error.EndsRun));
        Assert.Equal(2, endpoint.Server.Requests);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_connection_fault()
    {
        using var session = Endpoint.Session(new() { Retries = 0 });
        var error = await Assert.ThrowsAsync<ExpertException>(() => Endpoint.Ask(session.Open("http://127.0.0.1:1/v1#m")));
        Assert.Equal(ExpertFault.Connection, error.Fault);
        Assert.Contains("http://127.0.0.1:1/v1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?stream=true")]
    public async Task A_response_of_monstrous_size_is_given_up(string options)
    {
        var monster = new string('x', (int)BoundedBodyHandler.Largest + 1);
        await using var endpoint = await Endpoint.StartAsync(brain: new ScriptedExpert(_ => monster));
        using var session = Endpoint.Session(new() { Retries = 0 });
        var error = await Assert.ThrowsAsync<ExpertException>(() => Endpoint.Ask(session.Open(endpoint.Spec + options)));
        Assert.Equal(ExpertFault.BadBody, error.Fault);
        Assert.Contains("larger than 32 MB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_content_is_a_reply()
    {
        await using var endpoint = await Endpoint.StartAsync(new() { Faults = FaultPlan.Parse("empty") });
        using var session = Endpoint.Session();
        Assert.Equal("", (await Endpoint.Ask(session.Open(endpoint.Spec))).Text);
    }

    [Fact]
    public async Task Among_many_faults_every_call_succeeds_in_the_end()
    {
        await using var endpoint = await Endpoint.StartAsync(new() { Faults = FaultPlan.Parse("429:0.1,429-after:0.05,500:0.1,reset:0.05,truncate:0.05,json:0.05"), RetryAfter = 0.01 });
        using var session = Endpoint.Session(new() { Retries = 10 });
        var expert = session.Open(endpoint.Spec);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Endpoint.Ask(expert, $"question {i}")));
        Assert.Equal((100, 0), (session.Ledger.Total.Calls, session.Ledger.Total.Failures));
        Assert.True(session.Ledger.Total.Attempts > 110);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_not_told_of_a_fault()
    {
        await using var endpoint = await Endpoint.StartAsync(new() { Faults = FaultPlan.Parse("hang") });
        using var session = Endpoint.Session();
        using var stop = new CancellationTokenSource(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.Open(endpoint.Spec).GetResponseAsync("x", cancellationToken: stop.Token));
        Assert.Equal(0, session.Ledger.Total.Failures);
    }

    [Fact]
    public void Retry_After_is_read_as_seconds_milliseconds_or_date()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        TimeSpan? Read(string name, string value) => FaultTranslation.RetryAfter(n => n == name ? value : null, clock);
        Assert.Equal(TimeSpan.FromSeconds(3), Read("Retry-After", "3"));
        Assert.Equal(TimeSpan.FromMilliseconds(250), Read("retry-after-ms", "250"));
        Assert.Equal(TimeSpan.FromSeconds(90), Read("Retry-After", "Thu, 01 Jan 2026 00:01:30 GMT"));
        Assert.Null(Read("Retry-After", "soon"));
    }
}
