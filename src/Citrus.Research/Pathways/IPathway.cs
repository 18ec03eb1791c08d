using Citrus.Research.Questions;

namespace Citrus.Research.Pathways;

/// <summary>
/// How an expert thinks: a pure state machine over requests and replies. No file, clock or randomness inside, so one definition serves
/// a live driver and a batch file, and the same replies always give the same trace.
/// </summary>
public interface IPathway
{
    /// <summary>Direct, PatternRecognition, HypotheticoDeductive, DualExpert or TreeSearch.</summary>
    string Name { get; }

    /// <summary>SHA-256 (hex) of everything that defines it: name, options, prompt texts.</summary>
    string Fingerprint { get; }

    /// <summary>The first request for a question.</summary>
    PathwayMove Begin(Question question, Register register);

    /// <summary>The next request, or the trace, given the reply to the request in flight.</summary>
    PathwayMove Next(PathwayState state, ExpertReply reply);
}
