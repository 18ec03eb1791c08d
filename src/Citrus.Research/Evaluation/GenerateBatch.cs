namespace Citrus.Research.Evaluation;

/// <summary>Writes one text for each prompt, in the prompts' order.</summary>
public delegate Task<IReadOnlyList<GeneratedText>> GenerateBatch(IReadOnlyList<string> prompts, CancellationToken cancellationToken);
