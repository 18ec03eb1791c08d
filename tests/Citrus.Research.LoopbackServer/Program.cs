using System.CommandLine;
using System.Runtime.InteropServices;
using Citrus.Research.Clinic;
using Citrus.Research.LoopbackServer;
using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

var port = new Option<int>("--port") { Description = "TCP port on the loopback interface; 0 takes a free one." };
var latency = new Option<double>("--latency-ms") { Description = "How long every answer takes, in milliseconds." };
var faults = new Option<string>("--faults") { Description = $"Shares of requests that go wrong, e.g. 429:0.05,reset:0.01. Kinds: {string.Join("; ", FaultPlan.Kinds.Select(k => $"{k.Key} ({k.Value})"))}.", DefaultValueFactory = _ => "" };
var seed = new Option<long>("--seed") { Description = "Seed of the faults and of the physician." };
var failAfter = new Option<int?>("--fail-after") { Description = "Refuse every request after so many answered ones." };
var failWith = new Option<int>("--fail-with") { Description = "HTTP status of that refusal, e.g. 401 or 404.", DefaultValueFactory = _ => 401 };
var key = new Option<string?>("--key") { Description = "Key that requests must bring." };
var echoKey = new Option<bool>("--echo-key") { Description = "Put the request's Authorization header into errors and replies, as no server should." };
var models = new Option<string[]>("--model") { Description = "A model there is; may be given several times. Default: any." };
var reasoning = new Option<string>("--reasoning") { Description = "Where thinking goes: none, content, field or inline.", DefaultValueFactory = _ => "none" }.AcceptOnlyFromAmong("none", "content", "field", "inline");
var noUsage = new Option<bool>("--no-usage") { Description = "Do not report tokens." };
var retryAfter = new Option<double>("--retry-after") { Description = "Seconds of Retry-After for 429-after.", DefaultValueFactory = _ => 1 };
var log = new Option<string?>("--log") { Description = "JSON Lines file of requests: hash of model, seed and messages, role, status, fault, attempt." };
var brain = new Option<string>("--brain") { Description = "physician (scripted, answers any question) or clinic (the embedded clinician).", DefaultValueFactory = _ => "physician" }.AcceptOnlyFromAmong("physician", "clinic");
var answers = new Option<string[]>("--answers") { Description = "Question files whose truth the physician may know; without them it can only guess." };
var root = new RootCommand("An OpenAI-compatible server for tests and benchmarks. It prints its address as one line and listens on the loopback interface only.");
foreach (var option in new System.CommandLine.Option[] { port, latency, faults, seed, failAfter, failWith, key, echoKey, models, reasoning, noUsage, retryAfter, log, brain, answers }) root.Add(option);
root.SetAction(async (parse, cancellation) =>
{
    IChatClient mind = parse.GetValue(brain) == "clinic"
        ? new Clinician(KnowledgeReader.Read(KnowledgeFolder.Default))
        : new ScriptedPhysician(parse.GetValue(seed), (parse.GetValue(answers) ?? []).SelectMany(f => QuestionFiles.Read(f)));
    await using var server = await OpenAiServer.StartAsync(mind, new LoopbackOptions
    {
        Port = parse.GetValue(port),
        LatencyMs = parse.GetValue(latency),
        Faults = FaultPlan.Parse(parse.GetValue(faults)!),
        Seed = parse.GetValue(seed),
        FailAfter = parse.GetValue(failAfter),
        FailWith = parse.GetValue(failWith),
        Key = parse.GetValue(key),
        EchoKey = parse.GetValue(echoKey),
        Models = parse.GetValue(models) ?? [],
        Reasoning = parse.GetValue(reasoning)!,
        Usage = !parse.GetValue(noUsage),
        RetryAfter = parse.GetValue(retryAfter),
        Log = parse.GetValue(log),
    });
    Console.Out.WriteLine(server.Address);
    Console.Out.Flush();
    using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
    {
        signal.Cancel = true;
        stop.Cancel();
    });
    await server.WaitAsync(stop.Token);
    return 0;
});
return await root.Parse(args).InvokeAsync();
