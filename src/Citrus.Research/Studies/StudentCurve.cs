using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Training;

namespace Citrus.Research.Studies;

/// <summary>How a student's loss fell in fine-tuning, as its record keeps it.</summary>
/// <param name="Cell">The student.</param>
/// <param name="Points">Tokens read so far, and the mean loss since the point before, in nats per token.</param>
public sealed record StudentCurve(StudyCell Cell, IReadOnlyList<(double Tokens, double Loss)> Points)
{
    /// <summary>Reads the result of a <c>student</c> step. Tokens are spread evenly over the steps, as batches are.</summary>
    /// <exception cref="JsonException">It is none, or has no curve.</exception>
    public static StudentCurve Of(StudyCell cell, JsonNode result)
    {
        var course = result.Deserialize<TrainingSummary>(StepHash.Json);
        return course is { Curve.Count: > 1, Steps: > 0 }
            ? new StudentCurve(cell, [.. course.Curve.Select(p => ((double)course.Tokens * p.Step / course.Steps, p.Loss))])
            : throw new JsonException("it tells no loss curve.");
    }
}
