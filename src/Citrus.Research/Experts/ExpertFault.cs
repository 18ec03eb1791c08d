using System.Text.Json.Serialization;

namespace Citrus.Research.Experts;

/// <summary>What went wrong between us and an expert; summaries count by it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ExpertFault>))]
public enum ExpertFault
{
    /// <summary>429: too many requests or tokens a minute. Transient.</summary>
    RateLimited,

    /// <summary>No answer within the timeout. Transient.</summary>
    Timeout,

    /// <summary>5xx. Transient.</summary>
    ServerError,

    /// <summary>Refused, reset or cut off: no whole response arrived. Transient.</summary>
    Connection,

    /// <summary>A whole response that is not what the protocol promises, e.g. invalid JSON. Transient.</summary>
    BadBody,

    /// <summary>The provider's filter refused to answer; asking again would not help.</summary>
    ContentFilter,

    /// <summary>The request itself was refused (400, 413, 422), e.g. a prompt longer than the model reads.</summary>
    BadRequest,

    /// <summary>The server has no such model (404). Ends the run: every further call would fail alike.</summary>
    UnknownModel,

    /// <summary>The key is missing, wrong, expired or without credit (401, 402, 403). Ends the run.</summary>
    Unauthorised,

    /// <summary>The budget is spent. Ends the run; a resume with a larger one goes on.</summary>
    BudgetSpent,

    /// <summary>A reply came, but cache, ledger or recording could not be written: a full disk, say. Ends the run, for further replies would be paid for in vain.</summary>
    NotKept,

    /// <summary>A replay holds no such exchange.</summary>
    NotRecorded,

    /// <summary>Anything else.</summary>
    Other,
}
