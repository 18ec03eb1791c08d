namespace Citrus.Research.Pathways;

/// <summary>How an expert's reply could be read.</summary>
public enum ReplyQuality
{
    /// <summary>It is the JSON object that was asked for.</summary>
    Parsed,

    /// <summary>It deviates (code fences, words around it, a missing field, a label written out) but its meaning is plain.</summary>
    Repaired,

    /// <summary>It says nothing that could be used.</summary>
    Unusable,
}
