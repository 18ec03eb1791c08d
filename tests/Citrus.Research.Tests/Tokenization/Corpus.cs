namespace Citrus.Research.Tests.Tokenization;

/// <summary>The little corpus that the committed vectors were trained on; changing it changes them.</summary>
internal static class Corpus
{
    public static IReadOnlyList<string> Texts { get; } =
    [
        "dept cardiology male old has crushing_chest_pain sweating no fever cough history heart_failure_history ask diagnosis ? A pulmonary_embolism B angina",
        "dept cardiology female young has fever cough no sweating history none ask test ? A ecg B troponin C chest_xray",
        "<|user|> dept cardiology male old has fever ask diagnosis ? A x B y <|assistant|> <think> consider x : fever + cough - = 1 . so x . </think> <answer> x A </answer> <|end|>",
        "A 54-year-old man comes to the emergency department because of crushing chest pain and sweating for 2 hours.",
        "She doesn't have a fever. She's 23 weeks' pregnant; her blood pressure is 142/91 mm Hg.\n\nThe patient's cough began 10 days ago.",
        "Écoutez : la fièvre du patient était de 39,5 °C — β-blockers were stopped… 日本語のテキスト。",
    ];
}
