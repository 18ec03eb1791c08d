using Citrus.Research.Clinic;
using Citrus.Research.Experts;
using Citrus.Research.LoopbackServer;
using Citrus.Research.Pathways;
using Citrus.Research.Tests.Pathways;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Experts;

/// <summary>A loopback server for a test, and sessions that ask it with the planted key.</summary>
internal sealed class Endpoint : IAsyncDisposable
{
    public const string PlantedKey = "sk-planted-4711-abcdefgh";

    private Endpoint(OpenAiServer server) => Server = server;

    public OpenAiServer Server { get; }

    /// <summary>Spec of the server's model m.</summary>
    public string Spec => Server.Address + "/v1#m";

    public static async Task<Endpoint> StartAsync(LoopbackOptions? options = null, IChatClient? brain = null) =>
        new(await OpenAiServer.StartAsync(brain ?? new ScriptedPhysician(), (options ?? new()) with { Remembers = true }));

    /// <summary>A registry whose environment has the planted key in every variable.</summary>
    public static ExpertRegistry Registry(params (string Name, string Value)[] variables) => new ExpertRegistry()
        .AddEndpoints(name => variables.FirstOrDefault(v => v.Name == name).Value ?? (name.EndsWith("KEY", StringComparison.Ordinal) ? PlantedKey : null))
        .Register("clinic", "clinic", Clinician.Factory(Some.Knowledge));

    public static ExpertSession Session(ExpertSessionOptions? options = null, params (string Name, string Value)[] variables) =>
        new(Registry(variables), (options ?? new()) with { RetryDelay = options?.Time is null ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromSeconds(1) });

    /// <summary>Asks as a pathway does.</summary>
    public static Task<ExpertReply> Ask(IChatClient expert, string text = "Why?", int sample = 0, string? schema = null) =>
        ExpertCall.AskAsync(expert, new ExpertRequest(ExpertRoles.Answerer, "role: answerer\ntask: answer", "### question\n" + text, "hash", schema), "spec", "q1", sample, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
