using Citrus.Research.Examples;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Training;

/// <summary>Turns records of the training data into token sequences with loss weights.</summary>
public static class TrainingEncoder
{
    /// <summary>A passage of continued pre-training: every token and the end token are learned.</summary>
    public static TrainingSequence Encode(StudentTokenizer tokenizer, Passage passage) =>
        new([.. tokenizer.Encode(passage.Text), tokenizer.EndOfTextId]);

    /// <summary>A conversation of one user and one assistant turn in the student's chat template; the assistant's words and the end token are learned.</summary>
    /// <param name="answerWeight">Factor on the weight of the tokens between the answer tags.</param>
    /// <exception cref="ArgumentException">The turns are others.</exception>
    public static TrainingSequence Encode(StudentTokenizer tokenizer, Example example, double answerWeight = 1)
    {
        if (example.Turns is not [{ Role: "user" } user, { Role: "assistant" } assistant])
            throw new ArgumentException($"Example {example.Id} has the turns {string.Join(", ", example.Turns.Select(t => t.Role))}; a student reads one user and one assistant turn.");
        return Encode(tokenizer, user.Text, assistant.Segments, answerWeight);
    }

    /// <summary>A preference pair: both answers to its prompt, learned from their first token to the end token.</summary>
    /// <param name="fromDivergence">Leave out of the loss what both answers begin with: it says nothing about which is better.</param>
    /// <exception cref="ArgumentException">The prompt is not one user turn, or both answers are the same.</exception>
    public static TrainingPair Encode(StudentTokenizer tokenizer, Pair pair, bool fromDivergence = false)
    {
        if (pair.Prompt is not [{ Role: "user" } user]) throw new ArgumentException($"Pair {pair.Id}: a student's prompt is one user turn.");
        var (chosen, rejected) = (Encode(tokenizer, user.Text, [new Segment(pair.Chosen)], 1), Encode(tokenizer, user.Text, [new Segment(pair.Rejected)], 1));
        if (!fromDivergence) return new TrainingPair(chosen, rejected);
        var shared = chosen.Ids.AsSpan().CommonPrefixLength(rejected.Ids);
        if (shared == chosen.Ids.Length) throw new ArgumentException($"Pair {pair.Id}: chosen and rejected are the same, token for token.");
        chosen.Weights.AsSpan(0, shared).Clear();
        rejected.Weights.AsSpan(0, shared).Clear();
        return new TrainingPair(chosen, rejected);
    }

    private static TrainingSequence Encode(StudentTokenizer tokenizer, string user, IReadOnlyList<Segment> answer, double answerWeight)
    {
        var encoded = tokenizer.EncodeWeighted(
        [
            new Stretch(ChatTemplate.Prompt(user) + " ", 0),
            .. answer.Select(s => new Stretch(s.Text, s.Weight)),
            new Stretch(" " + SpecialTokens.End, 1),
        ]);
        var weights = encoded.Weights.Select(w => (float)w).ToArray();
        Weigh(tokenizer, encoded.Ids, weights, answerWeight);
        return new TrainingSequence([.. encoded.Ids], weights);
    }

    /// <summary>Multiplies the weights of the tokens between the answer tags, where the vocabulary has those.</summary>
    internal static void Weigh(StudentTokenizer tokenizer, IReadOnlyList<int> ids, float[] weights, double answerWeight)
    {
        if (answerWeight == 1) return;
        var (open, close, inside) = (tokenizer.IdOf(SpecialTokens.Answer), tokenizer.IdOf(SpecialTokens.EndAnswer), false);
        for (var i = 0; i < weights.Length; i++)
        {
            if (ids[i] == close) inside = false;
            if (inside) weights[i] *= (float)answerWeight;
            if (ids[i] == open) inside = true;
        }
    }
}
