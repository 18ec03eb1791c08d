namespace Citrus.Research.Tests.Questions;

/// <summary>A row of results/extraction/agreement.csv: one published file, the accuracy by the publisher's reading and by ours, each with Wilson's 95% interval.</summary>
internal sealed record ExtractionAgreement(
    string File, int N, int Agree, int Disagree, int NoAnswerUpstream, int NoAnswerOurs,
    double AccuracyUpstream, double UpstreamLow, double UpstreamHigh, double AccuracyOurs, double OursLow, double OursHigh);
