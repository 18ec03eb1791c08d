using Citrus.Research.Experts;

namespace Citrus.Research.Tests.Experts;

public sealed class ExpertSpecTests
{
    [Theory]
    [InlineData("openai:gpt-4o", "openai", "gpt-4o")]
    [InlineData("openai:ft:gpt-4o:lab::id", "openai", "ft:gpt-4o:lab::id")]
    [InlineData("ollama:qwen2.5:7b?temperature=0", "ollama", "qwen2.5:7b")]
    [InlineData("http://host:8000/v1#Qwen/Qwen2.5-72B?temperature=0.7&seed=1", "http", "//host:8000/v1#Qwen/Qwen2.5-72B")]
    [InlineData("HTTPS://host/v1#m", "https", "//host/v1#m")]
    [InlineData("http://[::1]:8000/v1#m", "http", "//[::1]:8000/v1#m")]
    [InlineData("replay:runs/a#openai:gpt-4o?temperature=0", "replay", "runs/a#openai:gpt-4o?temperature=0")]
    [InlineData("clinic?seed=1", "clinic", "")]
    public void A_spec_is_taken_apart(string text, string kind, string target)
    {
        var spec = ExpertSpec.Parse(text);
        Assert.Equal((kind, target), (spec.Kind, spec.Target));
        Assert.Equal(spec.ToString(), ExpertSpec.Parse(spec.ToString()).ToString());
    }

    [Theory]
    [InlineData("http://host:8000/v1", "after '#'")]
    [InlineData("http://host:8000/v1#", "after '#'")]
    [InlineData("http://host:8000/v1?temperature=0#m", "the model first")]
    [InlineData("http://#m", "no address")]
    [InlineData("http://me:geheim@host/v1#m", "CITRUS_API_KEY")]
    [InlineData("openai:gpt-4o?key=geheim-0815", "NAME of an environment variable")]
    [InlineData("openai:gpt-4o?geheim", "no name=value")]
    public void A_wrong_spec_is_told_the_mend_and_no_secret_is_repeated(string text, string hint)
    {
        var message = Assert.Throws<FormatException>(() => ExpertSpec.Parse(text)).Message;
        Assert.Contains(hint, message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai:gpt-4o?api_key=geheim", "temperature, timeout, top_p, tpm")]
    [InlineData("openai:gpt-4o?temperature=3", "from 0 to 2")]
    [InlineData("openai:gpt-4o?max_tokens=many", "whole number from 1")]
    [InlineData("openai:gpt-4o?format=xml", "expected schema")]
    [InlineData("openai:", "Which model?")]
    [InlineData("replay:", "Which recording?")]
    public void An_endpoint_refuses_what_it_does_not_know(string text, string hint)
    {
        var message = Assert.ThrowsAny<Exception>(() => new ExpertRegistry().AddEndpoints(_ => "a-key-of-the-test").Create(text)).Message;
        Assert.Contains(hint, message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai:gpt-4o", "OPENAI_API_KEY")]
    [InlineData("openai:gpt-4o?key=LAB_KEY", "LAB_KEY")]
    [InlineData("azure:mine", "AZURE_OPENAI_ENDPOINT")]
    [InlineData("http://host/v1#m?key=LAB_KEY", "LAB_KEY")]
    public void A_missing_key_is_named_by_its_variable(string text, string variable)
    {
        var error = Assert.Throws<ExpertException>(() => new ExpertRegistry().AddEndpoints(_ => null).Create(text));
        Assert.Equal(ExpertFault.Unauthorised, error.Fault);
        Assert.Contains(variable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_prints_as_stars_and_is_taken_out_of_texts()
    {
        var key = ApiKey.FromEnvironment("K", _ => " sk-0123456789 ")!;
        Assert.Equal("***", $"{key}");
        Assert.Equal("{}", System.Text.Json.JsonSerializer.Serialize(key));
        Assert.Equal("Bearer *** was refused", key.Scrub("Bearer sk-0123456789 was refused"));
        Assert.Equal("EMPTY is a placeholder", ApiKey.FromEnvironment("K", _ => "EMPTY")!.Scrub("EMPTY is a placeholder"));
        Assert.Null(ApiKey.FromEnvironment("K", _ => " "));
        Assert.DoesNotContain("two words", Assert.Throws<FormatException>(() => ApiKey.FromEnvironment("K", _ => "two words")).Message, StringComparison.Ordinal);
    }
}
