namespace Citrus.Research.Training;

/// <summary>What a training reads.</summary>
public enum TrainingStage
{
    /// <summary>Continued pre-training: plain text, every token learned.</summary>
    Cpt,

    /// <summary>Supervised fine-tuning: examples, of which answers are learned.</summary>
    Sft,

    /// <summary>Preference: pairs of a better and a worse answer.</summary>
    Preference,
}
