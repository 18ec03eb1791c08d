using System.CommandLine;
using Citrus.Research.Pathways;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Cli;

/// <summary>What begins a batch folder; once it is begun, --out alone is enough.</summary>
internal sealed class BatchBeginning
{
    private readonly Option<string?> _questions = new("--questions") { Description = "Questions: our unified JSON Lines, or MedQA's as published. Needed to begin." };
    private readonly Option<string?> _pathway = new("--pathway") { Description = $"How to think: {string.Join(", ", PathwayNames.All)}. Needed to begin." };
    private readonly Option<string?> _expert = new("--expert") { Description = "The reasoning expert: openai:MODEL, http://HOST/v1#MODEL (each with ?temperature=..&top_p=..&max_tokens=..&seed=..), or one answered here: clinic, student:DIR. Needed to begin." };
    private readonly Option<string?> _reflector = new("--reflector") { Description = "The reflection expert and judge; its requests go into files of their own. Default: the same." };
    private readonly Option<bool> _offline = new("--offline") { Description = "Write files only, e.g. for vllm run-batch: nothing is sent." };
    private readonly Option<int?> _limit = Inputs.Limit();
    private readonly Option<int> _requests = new("--max-requests") { Description = "Most requests in one file.", DefaultValueFactory = _ => 50_000 };
    private readonly Option<int> _attempts = new("--attempts") { Description = "How often a request is sent that fails for a passing reason, before its question is given up.", DefaultValueFactory = _ => 5 };

    public IReadOnlyList<Option> Options => [_questions, _pathway, _expert, _reflector, _offline, _limit, _requests, _attempts];

    public BatchRun Open(ParseResult parse, string folder)
    {
        var (questions, pathway, expert) = (parse.GetValue(_questions), parse.GetValue(_pathway), parse.GetValue(_expert));
        if (questions is null && pathway is null && expert is null && parse.GetValue(_reflector) is null) return BatchRun.Open(folder, ChartSynthesis.RegisterOf);
        if (questions is null || pathway is null || expert is null)
            throw new ArgumentException($"To begin, give --questions, --pathway and --expert; to go on with {folder}, give --out alone.");
        var way = PathwayNames.Create(pathway);
        var read = Inputs.Read(questions, parse.GetValue(_limit));
        return BatchRun.Begin(folder, new BatchPlan
        {
            Pathway = way.Name,
            Fingerprint = way.Fingerprint,
            Expert = expert,
            Reflector = parse.GetValue(_reflector),
            Questions = read.Count,
            QuestionsSha256 = "",
            Offline = parse.GetValue(_offline),
            MaxRequests = Inputs.AtLeast(parse.GetValue(_requests), 1, "--max-requests"),
            Attempts = Inputs.AtLeast(parse.GetValue(_attempts), 1, "--attempts"),
        }, read, ChartSynthesis.RegisterOf);
    }
}
