using System.CommandLine;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Studies;

namespace Citrus.Research.Cli;

/// <summary><c>citrus experts try</c>: the first thing to run against an endpoint.</summary>
internal static class ExpertsTry
{
    public static Command Create()
    {
        var spec = new Argument<string>("spec") { Description = "The expert, e.g. \"http://localhost:8000/v1#model\"; `citrus experts` lists the kinds." };
        var prompt = new Option<string>("--prompt") { Description = "What to ask.", DefaultValueFactory = _ => "A 58-year-old man has had crushing chest pain for an hour. Name the most likely diagnosis in one sentence." };
        var prices = ExpertsVerb.Prices();
        var retries = new Option<int>("--retries") { Description = "Further attempts where the call fails for a passing reason.", DefaultValueFactory = _ => 0 };
        return Verb.Create("try", "Ask an expert one question and print reply, thinking, tokens, cost and latency. Nothing is kept.",
            "citrus experts try \"openai:gpt-4o-mini\" --prompt \"What is gout?\"",
            (parse, cancellation) => Run(parse.GetValue(spec)!, parse.GetValue(prompt)!, parse.GetValue(prices), Inputs.AtLeast(parse.GetValue(retries), 0, "--retries"), cancellation),
            spec, prompt, prices, retries);
    }

    private static VerbResult Run(string spec, string prompt, string? prices, int retries, CancellationToken cancellation)
    {
        using var session = new ExpertSession(Inputs.Experts(StudyWorld.Open("clinic").Knowledge), new ExpertSessionOptions { Prices = prices, Retries = retries });
        var canonical = ExpertSpec.Parse(spec).ToString();
        var reply = ExpertCall.AskAsync(session.Open(spec), new ExpertRequest("", "", prompt, ""), canonical, cancellationToken: cancellation).GetAwaiter().GetResult();
        if (reply.Reasoning is { } reasoning)
        {
            Verb.Say("Thinking:");
            Verb.Say("  " + reasoning.ReplaceLineEndings("\n  "));
            Verb.Say("");
        }

        Verb.Say(reply.Text.Length == 0 ? "(an empty reply)" : reply.Text);
        if (reply.CutOff) Verb.Say("(cut off at max_tokens)");
        Verb.Say("");
        var cost = reply.Cost is { } dollars ? ExpertDesk.Money((decimal)dollars) : $"cost unknown (no row for {ExpertSpec.Parse(spec).Head} in {session.Prices.File})";
        Verb.Say($"{(reply.TokensIn is { } tokensIn ? Inputs.N(tokensIn) : "?")} tokens in, {(reply.TokensOut is { } tokensOut ? Inputs.N(tokensOut) : "?")} out, {cost}{(reply.Latency is { } latency ? $", {Inputs.F(latency, 0)} ms" : "")}");
        return new VerbResult([], ("expert", canonical), ("reply", reply.Text), ("reasoning", reply.Reasoning), ("tokensIn", reply.TokensIn), ("tokensOut", reply.TokensOut), ("cost", reply.Cost), ("latency", reply.Latency), ("cutOff", reply.CutOff));
    }
}
