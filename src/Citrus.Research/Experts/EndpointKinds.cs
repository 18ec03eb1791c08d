using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OllamaSharp;
using OpenAI;
using OpenAI.Chat;

namespace Citrus.Research.Experts;

/// <summary>The kinds of experts that answer over HTTP, and the one that answers from a recording.</summary>
public static class EndpointKinds
{
    public const string OpenAiKey = "OPENAI_API_KEY";
    public const string AzureKey = "AZURE_OPENAI_API_KEY";
    public const string AzureEndpoint = "AZURE_OPENAI_ENDPOINT";
    public const string ServerKey = "CITRUS_API_KEY";
    public const string OllamaHost = "OLLAMA_HOST";

    private const string OllamaDefault = "http://localhost:11434";

    /// <summary>One for all endpoints of the process, so that connections are used again. It follows no redirect: that would carry a key elsewhere.</summary>
    private static readonly BoundedBodyHandler Connections = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        ConnectTimeout = TimeSpan.FromSeconds(20),
        AutomaticDecompression = System.Net.DecompressionMethods.All,
        AllowAutoRedirect = false,
        UseCookies = false,
    });

    /// <summary>The environment variables that endpoints read, and what for.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Variables { get; } =
    [
        (OpenAiKey, "key for openai:MODEL"),
        (AzureKey, "key for azure:DEPLOYMENT"),
        (AzureEndpoint, "address of the Azure resource, e.g. https://NAME.openai.azure.com"),
        (ServerKey, "key for http(s) addresses; not needed where the server asks for none"),
        (OllamaHost, $"where Ollama listens; {OllamaDefault} where not set"),
    ];

    /// <summary>Offers openai, azure, http, https, ollama and replay.</summary>
    /// <param name="environment">Where environment variables are looked up; the process's where null.</param>
    /// <param name="time">The clock of timeouts; the system's where null.</param>
    public static ExpertRegistry AddEndpoints(this ExpertRegistry registry, Func<string, string?>? environment = null, TimeProvider? time = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        time ??= TimeProvider.System;
        return registry
            .Register("openai", "openai:MODEL", spec => OpenAi(spec, environment, time))
            .Register("azure", "azure:DEPLOYMENT", spec => Azure(spec, environment, time))
            .Register("http", "http://HOST:PORT/v1#MODEL", spec => Server(spec, environment, time))
            .Register("https", "https://HOST/v1#MODEL", spec => Server(spec, environment, time))
            .Register("ollama", "ollama:MODEL", spec => Ollama(spec, environment, time))
            .Register("replay", "replay:DIR[#SPEC]", spec => new ReplayChatClient(spec.Target));
    }

    private static EndpointChatClient OpenAi(ExpertSpec spec, Func<string, string?> environment, TimeProvider time)
    {
        var settings = EndpointSettings.Read(spec, spec.Target, spec.Head);
        return Chat(settings, new Uri("https://api.openai.com/v1"), Key(settings, OpenAiKey, environment), time);
    }

    private static EndpointChatClient Azure(ExpertSpec spec, Func<string, string?> environment, TimeProvider time)
    {
        var endpoint = Variable(AzureEndpoint, environment) ?? throw new ExpertException(ExpertFault.Unauthorised, $"{spec.Head} needs an address: set the environment variable {AzureEndpoint}, e.g. https://NAME.openai.azure.com.");
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0 || uri.Query.Length > 0)
            throw new FormatException($"The environment variable {AzureEndpoint} holds no address that can be used; expected e.g. https://NAME.openai.azure.com.");
        var root = $"{uri.Scheme}://{uri.Authority}";
        var settings = EndpointSettings.Read(spec, spec.Target, $"azure:{root}#{spec.Target}");
        return Chat(settings, new Uri(root + "/openai/v1/"), Key(settings, AzureKey, environment), time);
    }

    private static EndpointChatClient Server(ExpertSpec spec, Func<string, string?> environment, TimeProvider time)
    {
        var hash = spec.Target.IndexOf('#');
        var settings = EndpointSettings.Read(spec, spec.Target[(hash + 1)..], spec.Head);
        var key = settings.KeyVariable is null ? ApiKey.FromEnvironment(ServerKey, environment) : Key(settings, settings.KeyVariable, environment);
        return Chat(settings, new Uri($"{spec.Kind}:{spec.Target[..hash]}"), key, time);
    }

    private static EndpointChatClient Ollama(ExpertSpec spec, Func<string, string?> environment, TimeProvider time)
    {
        var settings = EndpointSettings.Read(spec, spec.Target, spec.Head);
        if (settings.KeyVariable is not null) throw new FormatException($"{spec.Head} takes no key.");
        var host = Variable(OllamaHost, environment) ?? OllamaDefault;
        if (!host.Contains("://", StringComparison.Ordinal)) host = "http://" + host;
        if (!Uri.TryCreate(host, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0) throw new FormatException($"The environment variable {OllamaHost} holds no address that can be used; expected e.g. {OllamaDefault}.");
        // 0.0.0.0 is where a server listens, not where it is called; without a port it is Ollama's own.
        var address = new UriBuilder(uri) { Host = uri.Host == "0.0.0.0" ? "127.0.0.1" : uri.Host, Port = uri.IsDefaultPort && !host.Contains(":80", StringComparison.Ordinal) && uri.Scheme == "http" ? 11434 : uri.Port }.Uri;
        return new EndpointChatClient(new OllamaApiClient(Client(address), settings.Model), settings, null, time);
    }

    private static EndpointChatClient Chat(EndpointSettings settings, Uri address, ApiKey? key, TimeProvider time)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = address,
            Transport = new HttpClientPipelineTransport(Client(null)),
            // Retrying and timing out are ours.
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            UserAgentApplicationId = "citrus-research",
        };
#pragma warning disable OPENAI001 // A server without a key gets no Authorization header at all.
        var chat = key is null ? new ChatClient(settings.Model, new KeylessPolicy(), options) : new ChatClient(settings.Model, new ApiKeyCredential(key.Reveal()), options);
#pragma warning restore OPENAI001
        var client = chat.AsIChatClient();
        // Many servers know only the older name of the token limit.
        if (settings.Spec.StartsWith("http", StringComparison.Ordinal)) client = new MaxTokensChatClient(client);
        return new EndpointChatClient(client, settings, key, time);
    }

    private static ApiKey Key(EndpointSettings settings, string usual, Func<string, string?> environment)
    {
        var variable = settings.KeyVariable ?? usual;
        return ApiKey.FromEnvironment(variable, environment) ?? throw new ExpertException(ExpertFault.Unauthorised, $"{settings.Spec} needs a key: set the environment variable {variable}.");
    }

    private static HttpClient Client(Uri? address) => new(Connections, disposeHandler: false) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

    private static string? Variable(string name, Func<string, string?> environment) => environment(name)?.Trim() is { Length: > 0 } value ? value : null;
}
