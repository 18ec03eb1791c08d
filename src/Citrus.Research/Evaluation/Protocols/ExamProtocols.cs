using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation.Protocols;

/// <summary>All protocols by name.</summary>
public static class ExamProtocols
{
    /// <summary>Each protocol with what it means and its options, for the help page.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Meaning)> All { get; } =
    [
        (GenerationProtocol.Name, GenerationProtocol.Help),
        (FewShotProtocol.Name, FewShotProtocol.Help),
        (LikelihoodProtocol.Name, LikelihoodProtocol.Help),
        (SelfConsistencyProtocol.Name, SelfConsistencyProtocol.Help),
        (ShufflingProtocol.Name, ShufflingProtocol.Help),
        (ThinkingProtocol.Name, ThinkingProtocol.Help),
    ];

    /// <summary>Reads a protocol, e.g. <c>generation</c> or <c>self-consistency?n=8&amp;temperature=0.7</c>.</summary>
    /// <param name="text">Name and options.</param>
    /// <param name="setting">What its defaults follow from; those of an endpoint where null.</param>
    /// <param name="asked">The questions that will be asked, so that no example is one of them; null where outputs are only read.</param>
    /// <exception cref="FormatException">There is no such protocol, or an option is wrong; the message lists what is known.</exception>
    public static ExamProtocol Parse(string text, ExamSetting? setting = null, IReadOnlyList<Question>? asked = null)
    {
        var (spec, given) = (new ProtocolSpec(text), setting ?? new ExamSetting());
        ExamProtocol protocol = spec.Name switch
        {
            GenerationProtocol.Name => GenerationProtocol.Of(spec, given),
            FewShotProtocol.Name => FewShotProtocol.Of(spec, given, asked ?? []),
            LikelihoodProtocol.Name or LikelihoodProtocol.PerCharacterName => LikelihoodProtocol.Read(spec, given),
            SelfConsistencyProtocol.Name => SelfConsistencyProtocol.Of(spec, given),
            ShufflingProtocol.Name => ShufflingProtocol.Of(spec, given),
            ThinkingProtocol.Name => ThinkingProtocol.Of(spec, given),
            _ => throw new FormatException($"There is no protocol '{(spec.Name.Length > 60 ? spec.Name[..60] : spec.Name)}'; there are {string.Join(", ", All.Select(p => p.Name))}."),
        };
        spec.RefuseOthers();
        return protocol;
    }

    /// <summary>The protocol of a card; null where it is of another version, or of a file that others made.</summary>
    internal static ExamProtocol? TryParse(string text)
    {
        try
        {
            return Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
