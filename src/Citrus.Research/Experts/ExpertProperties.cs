namespace Citrus.Research.Experts;

/// <summary>Names of what travels with a call beside the messages, in <c>ChatOptions.AdditionalProperties</c> on the way in and in <c>ChatResponse.AdditionalProperties</c> on the way out.</summary>
public static class ExpertProperties
{
    /// <summary>In, int: which of several samples of the same request this is, from 0. Part of the cache key; added to the seed where one is set.</summary>
    public const string Sample = "citrus.sample";

    /// <summary>In, string: who is asked, one of <see cref="ExpertRoles"/>; for the ledger.</summary>
    public const string Role = "citrus.role";

    /// <summary>In, string: id of the question; for the ledger.</summary>
    public const string Question = "citrus.question";

    /// <summary>In, string: the JSON Schema that the prompt declares for its reply; sent as a response format only where the spec asks for it.</summary>
    public const string Schema = "citrus.schema";

    /// <summary>Out, double: what the call cost when it was paid for, in US dollars; absent where the price is unknown.</summary>
    public const string Cost = "citrus.cost";

    /// <summary>Out, double: how long the successful attempt took when it was made, in milliseconds.</summary>
    public const string Latency = "citrus.latency";
}
