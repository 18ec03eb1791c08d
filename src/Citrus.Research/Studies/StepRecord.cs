using System.Text.Json.Nodes;

namespace Citrus.Research.Studies;

/// <summary>What a finished step leaves: its id, what went in, what came out.</summary>
/// <param name="Step">Kind and hash, e.g. <c>score-0123456789abcdef</c>.</param>
/// <param name="Name">For people.</param>
/// <param name="Seconds">Wall time it took; no part of any table.</param>
public sealed record StepRecord(string Step, string Name, JsonNode Inputs, JsonNode Result, double Seconds);
