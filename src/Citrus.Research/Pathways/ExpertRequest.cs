namespace Citrus.Research.Pathways;

/// <summary>What a pathway wants to ask next. Self-contained: no request depends on an earlier one being remembered.</summary>
/// <param name="Role">Who is asked, one of <see cref="Experts.ExpertRoles"/>.</param>
/// <param name="System">The system message; its first lines are headers such as <c>role: reasoning-expert</c>.</param>
/// <param name="User">The user message, in sections.</param>
/// <param name="PromptHash">SHA-256 (hex) of the prompt file behind both.</param>
/// <param name="Schema">The JSON Schema that the prompt file declares for the reply; null where it declares none.</param>
public sealed record ExpertRequest(string Role, string System, string User, string PromptHash, string? Schema = null);
