using System.CommandLine;
using Citrus.Research.Experts;
using Citrus.Research.Studies;

namespace Citrus.Research.Cli;

/// <summary><c>citrus experts</c>: the one page on who can answer and how a call is made.</summary>
internal static class ExpertsVerb
{
    public static Command Create()
    {
        var prices = Prices();
        var verb = Verb.Create("experts", "How experts are written, which keys and prices there are, and what a call passes through.", "citrus experts",
            (parse, _) => Run(parse.GetValue(prices)), prices);
        verb.Add(ExpertsTry.Create());
        return verb;
    }

    public static Option<string?> Prices() => new("--prices") { Description = "CSV of prices in place of the shipped one." };

    private static VerbResult Run(string? prices)
    {
        var registry = Inputs.Experts(StudyWorld.Open("clinic").Knowledge);
        var table = PriceTable.Read(prices);
        Verb.Say("Experts, written as KIND[:TARGET][?name=value&name=value]:");
        foreach (var usage in registry.Usages) Verb.Say("  " + usage);
        Verb.Say("");
        Verb.Say("  --expert clinic");
        Verb.Say("  --expert \"openai:gpt-4o?temperature=0.7&rpm=500\"");
        Verb.Say("  --expert \"http://localhost:8000/v1#Qwen/Qwen2.5-72B-Instruct?max_tokens=2048\"     (vLLM, llama.cpp, any OpenAI-compatible server)");
        Verb.Say("");
        Verb.Say("After '?', of every endpoint:");
        foreach (var (name, meaning) in EndpointSettings.Parameters) Verb.Say($"  {name,-12} {meaning}");
        Verb.Say("");
        Verb.Say("Environment variables. Keys come from nowhere else, and are written nowhere:");
        foreach (var (name, meaning) in EndpointKinds.Variables) Verb.Say($"  {name,-22} {(IsSet(name) ? "set    " : "not set")}  {meaning}");
        Verb.Say("");
        Verb.Say("What a call passes through, outermost first:");
        foreach (var (name, meaning) in ExpertSession.Order) Verb.Say($"  {name,-12} {meaning}");
        Verb.Say("");
        Verb.Say($"Prices, in US dollars for a million tokens, input and output ({table.File}; your own with --prices FILE). An expert that no row names costs an unknown sum, never 0:");
        foreach (var price in table.Prices) Verb.Say($"  {price.Model,-46} {price.Input,7} {price.Output,7}  {price.Date}  {price.Source}");
        Verb.Say("");
        Verb.Say("Ask one question: citrus experts try \"openai:gpt-4o-mini\" --prompt \"What is gout?\"");
        return new VerbResult([], ("kinds", registry.Usages), ("options", EndpointSettings.Parameters.Select(p => p.Name)),
            ("variables", EndpointKinds.Variables.ToDictionary(v => v.Name, v => IsSet(v.Name) ? "set" : "not set")), ("order", ExpertSession.Order.Select(o => o.Name)), ("prices", table.Prices.Count));
    }

    private static bool IsSet(string variable) => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(variable));
}
