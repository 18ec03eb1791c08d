using Citrus.Research.Synthesis;
using Citrus.Research.Training;

namespace Citrus.Research.Studies;

/// <summary>An arm's narratives as a student reads them.</summary>
/// <param name="MeanTokens">Mean length in tokens.</param>
/// <param name="Report">How they were made.</param>
internal sealed record ArmData(IReadOnlyList<TrainingSequence> Sequences, double MeanTokens, SynthesisReport Report);
