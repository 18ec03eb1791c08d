namespace Citrus.Research.Figures;

/// <summary>A line of <c>results/extraction/agreement.csv</c>: how our reading of published outputs agrees with the publisher's own, in one file.</summary>
/// <param name="File">The publisher's file.</param>
/// <param name="N">Outputs.</param>
/// <param name="Agree">Outputs from which both read the same option, or none.</param>
/// <param name="Disagree">The others.</param>
/// <param name="NoAnswerUpstream">Outputs from which the publisher read none.</param>
/// <param name="NoAnswerOurs">Outputs from which we read none.</param>
/// <param name="AccuracyUpstream">Share right by the publisher's reading, with Wilson's 95 % interval.</param>
/// <param name="UpstreamLow">Its lower end.</param>
/// <param name="UpstreamHigh">Its upper end.</param>
/// <param name="AccuracyOurs">Share right by ours, with Wilson's 95 % interval.</param>
/// <param name="OursLow">Its lower end.</param>
/// <param name="OursHigh">Its upper end.</param>
public sealed record ReaderAgreement(
    string File, int N, int Agree, int Disagree, int NoAnswerUpstream, int NoAnswerOurs,
    double AccuracyUpstream, double UpstreamLow, double UpstreamHigh, double AccuracyOurs, double OursLow, double OursHigh);
