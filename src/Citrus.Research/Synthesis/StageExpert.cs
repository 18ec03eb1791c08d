using System.Security.Cryptography;
using System.Text;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Synthesis;

/// <summary>One expert in one role of a stage: fills the prompt, asks, and asks again a bounded number of times where a reply cannot be used.</summary>
/// <param name="Client">The expert.</param>
/// <param name="Spec">Its spec.</param>
/// <param name="Prompt">Name of the prompt file.</param>
/// <param name="Retries">How often an unusable reply is asked for again, 0 or more.</param>
/// <param name="Prompts">The shipped ones where null.</param>
public sealed record StageExpert(IChatClient Client, string Spec, string Prompt, int Retries = 2, PromptCatalog? Prompts = null)
{
    private PromptCatalog Catalog => Prompts ?? PromptCatalog.Default;

    /// <summary>What a resume compares: the expert, the bound, and the prompt that this question is asked with.</summary>
    public string KeyFor(Question question) => $"{Spec}\n{Retries}\n{Template(question).Hash}";

    /// <summary>SHA-256 (hex) of the prompt that this question is asked with.</summary>
    public string HashFor(Question question) => Template(question).Hash;

    /// <summary>Asks until a reply can be used.</summary>
    /// <param name="values">What fills the prompt's sections, register and retry aside.</param>
    /// <param name="read">Reads a reply; its problem goes into the next try.</param>
    /// <param name="sample">Which of several samples, from 0.</param>
    /// <returns>The reading of the last try, and what all tries took.</returns>
    /// <exception cref="Experts.ExpertException">No reply came.</exception>
    public async Task<(ParsedReply<T> Read, ExpertUse Use, int Attempts)> AskAsync<T>(
        Question question, IReadOnlyDictionary<string, string> values, Func<string, ParsedReply<T>> read, int sample, CancellationToken token)
        where T : class
    {
        var use = ExpertUse.None;
        string? problem = null;
        for (var attempt = 0; ; attempt++)
        {
            // What comes from a file or a model must not be taken for a section of ours.
            var slots = values.ToDictionary(v => v.Key, v => Experts.PromptText.Inserted(v.Value), StringComparer.Ordinal);
            slots["register"] = ChartSynthesis.RegisterOf(question) == Register.Chart ? "chart" : "vignette";
            slots["retry"] = problem is null ? "" : FormattableString.Invariant($"### retry\nAttempt {attempt + 1}: the last reply could not be used ({Experts.PromptText.Inserted(problem)}). Keep to the reply format.");
            // The number of the try keeps a cache from giving the same reply again.
            if (slots.ContainsKey("problem")) (slots["problem"], slots["retry"]) = (problem is null ? "" : FormattableString.Invariant($"Try {attempt}: {Experts.PromptText.Inserted(problem)}"), "");
            var reply = await ExpertCall.AskAsync(Client, Template(question).Fill(slots), Spec, question.Id, sample, token).ConfigureAwait(false);
            use += ExpertUse.Of(reply);
            var parsed = read(reply.Text);
            if (parsed.Value is null && reply.CutOff) parsed = parsed with { Problem = $"{parsed.Problem}; the reply was cut off at the token limit" };
            if (parsed.Value is not null || attempt >= Retries) return (parsed, use, attempt + 1);
            problem = parsed.Problem;
        }
    }

    /// <summary>SHA-256 (hex) over parts that cannot run into one another.</summary>
    internal static string Key(params ReadOnlySpan<string?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts) text.Append(part?.Length ?? -1).Append(':').Append(part);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    // These roles have no prompts in the words of charts; the English ones ask for a chart as well.
    private PromptTemplate Template(Question question) =>
        Catalog[PromptCatalog.SetOf(question, Register.Vignette)][Prompt];
}
