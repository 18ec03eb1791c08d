using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Questions;

/// <summary>One published output.</summary>
/// <param name="Id">The record's id in its file.</param>
/// <param name="Upstream">The letter that the publisher read from it; null where none could be read.</param>
internal sealed record PublishedGeneration(string File, string Id, IReadOnlyList<Option> Options, string Gold, string? Upstream, string Output);
