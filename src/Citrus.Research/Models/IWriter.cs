namespace Citrus.Research.Models;

/// <summary>Reads tokens of many texts side by side, remembering what it read of each; texts come and go at any time.</summary>
internal interface IWriter : IDisposable
{
    /// <summary>A new text that has nothing read yet; the number it is known by until it is closed.</summary>
    int Open();

    /// <summary>A new text that begins with the first tokens that another has read, which are not read again.</summary>
    int Fork(int text, int tokens);

    /// <summary>Forgets a text.</summary>
    void Close(int text);

    /// <summary>Reads more tokens of some of the texts, each named once at most.</summary>
    void Read(IReadOnlyList<WriterInput> inputs);

    /// <summary>Computes logits after some of the tokens that they were asked for, counted through all inputs of the last reading.</summary>
    void Predict(int first, int count);

    /// <summary>Logits of one of the tokens last predicted, <c>[vocab]</c>; valid until the next prediction or reading.</summary>
    ReadOnlySpan<float> Logits(int row);

    /// <summary>The likeliest token (the smaller id of equals) after each of the first tokens that were asked for, where the device finds it better than a processor would.</summary>
    /// <returns>Whether it did; otherwise look at <see cref="Logits"/>.</returns>
    bool Likeliest(int count, Span<(int Id, float LogProbability)> chosen);

    /// <summary>Does independent pieces of work at once; each gets its number and that of a thread, below <see cref="Threads"/>.</summary>
    void Share(int count, Action<int, int> work);

    /// <summary>Tokens of prompts that are best read beside one step of the others.</summary>
    int PromptPiece { get; }

    /// <summary>Threads that share.</summary>
    int Threads { get; }
}
