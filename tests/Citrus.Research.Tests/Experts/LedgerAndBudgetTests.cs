using Citrus.Research.Experts;
using Citrus.Research.LoopbackServer;

namespace Citrus.Research.Tests.Experts;

public sealed class LedgerAndBudgetTests
{
    [Fact]
    public async Task Every_paid_call_is_a_line_and_the_sums_go_on_in_the_next_run()
    {
        using var folder = new TempFolder();
        await using var endpoint = await Endpoint.StartAsync(new() { Faults = FaultPlan.Parse("500:0.5"), Seed = 3 });
        var options = new ExpertSessionOptions { Ledger = folder["ledger.jsonl"], Retries = 20 };
        LedgerSums before;
        using (var session = Endpoint.Session(options))
        {
            for (var i = 0; i < 5; i++) await Endpoint.Ask(session.Open(endpoint.Spec), $"q {i}");
            await Endpoint.Ask(session.Open("clinic"));
            before = session.Ledger.Total;
        }

        var lines = File.ReadAllLines(folder["ledger.jsonl"]);
        Assert.Equal((6, 6), (lines.Length, before.Calls));
        Assert.Contains("\"role\":\"answerer\",\"question\":\"q1\",\"sample\":0", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"cost\":null", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"cost\":0", lines[5], StringComparison.Ordinal);
        Assert.Equal(endpoint.Server.Requests + 1, before.Attempts);
        File.AppendAllText(folder["ledger.jsonl"], "{\"spec\":\"torn");
        using var next = Endpoint.Session(options);
        Assert.Equal(before, next.Ledger.Total);
        Assert.Equal((5, LedgerSums.None), (next.Ledger.Total.UnknownCost, next.Ledger.ThisRun));
        Assert.Throws<IOException>(() => Endpoint.Session(options).Dispose());
    }

    [Fact]
    public void A_line_that_is_no_entry_is_named()
    {
        using var folder = new TempFolder();
        var file = folder.With("l.jsonl", "{\"spec\":\"x\"}\nnot json\n");
        Assert.Contains("line 2", Assert.Throws<InvalidDataException>(() => new ExpertLedger(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_budget_holds_with_many_calls_in_flight_and_a_larger_one_goes_on()
    {
        using var folder = new TempFolder();
        await using var endpoint = await Endpoint.StartAsync(new() { LatencyMs = 5 });
        long spent;
        using (var session = Endpoint.Session(new() { Ledger = folder["l.jsonl"], TokenBudget = 2000 }))
        {
            var calls = Enumerable.Range(0, 200).Select(i => Endpoint.Ask(session.Open(endpoint.Spec), $"question {i}")).ToList();
            var failures = 0;
            foreach (var call in calls)
            {
                try
                {
                    await call;
                }
                catch (ExpertException e)
                {
                    Assert.Equal((ExpertFault.BudgetSpent, true), (e.Fault, e.EndsRun));
                    Assert.Contains("2,000 tokens", e.Message, StringComparison.Ordinal);
                    failures++;
                }
            }

            spent = session.Ledger.Total.Tokens;
            Assert.InRange(spent, 1800, 2040);
            Assert.True(failures is > 50 and < 200);
        }

        using var larger = Endpoint.Session(new() { Ledger = folder["l.jsonl"], TokenBudget = 4000 });
        await Endpoint.Ask(larger.Open(endpoint.Spec), "more");
        Assert.True(larger.Ledger.Total.Tokens > spent);
    }

    [Fact]
    public async Task A_money_budget_is_kept_and_needs_a_price()
    {
        using var folder = new TempFolder();
        await using var endpoint = await Endpoint.StartAsync();
        using var unknown = Endpoint.Session(new() { CostBudget = 1 });
        var refused = Assert.Throws<FormatException>(() => unknown.Open(endpoint.Spec)).Message;
        Assert.Contains($"model {endpoint.Spec}", refused, StringComparison.Ordinal);

        var prices = folder.With("p.csv", $"model,input,output\n{endpoint.Spec},1000,1000\n");
        using var session = Endpoint.Session(new() { CostBudget = 0.5m, Prices = prices });
        var reply = await Endpoint.Ask(session.Open(endpoint.Spec + "?max_tokens=20"));
        // A thousand dollars for a million tokens is a tenth of a cent for one.
        Assert.Equal((double)(reply.TokensIn! + reply.TokensOut!) / 1000, reply.Cost!.Value, 9);
        var error = await Assert.ThrowsAsync<ExpertException>(async () =>
        {
            for (var i = 0; i < 100; i++) await Endpoint.Ask(session.Open(endpoint.Spec + "?max_tokens=20"), $"q {i}");
        });
        Assert.Equal(ExpertFault.BudgetSpent, error.Fault);
        Assert.InRange(session.Ledger.Total.Cost, 0.4m, 0.5m);
    }

    [Fact]
    public async Task A_reply_from_the_cache_is_handed_out_when_the_budget_is_spent()
    {
        using var folder = new TempFolder();
        await using var endpoint = await Endpoint.StartAsync();
        var options = new ExpertSessionOptions { Ledger = folder["l.jsonl"], Cache = folder["c.sqlite"] };
        using (var session = Endpoint.Session(options)) await Endpoint.Ask(session.Open(endpoint.Spec));
        using var spent = Endpoint.Session(options with { TokenBudget = 1 });
        Assert.NotEmpty((await Endpoint.Ask(spent.Open(endpoint.Spec))).Text);
        await Assert.ThrowsAsync<ExpertException>(() => Endpoint.Ask(spent.Open(endpoint.Spec), "new"));
    }
}
