namespace Citrus.Research.Models;

/// <summary>The writer for the CPU: no padding, pages of keys and values, texts that begin alike share them.</summary>
internal sealed class CpuWriter(Decoder decoder, int? threads = null) : IWriter
{
    private readonly CpuDecoding _reader = new(decoder, threads);
    private readonly Dictionary<int, CpuSequence> _texts = [];
    private readonly List<CpuInput> _inputs = [];
    private int _next;

    public int PromptPiece => 512;

    public int Threads => _reader.Threads;

    public int Open()
    {
        _texts[_next] = _reader.Open();
        return _next++;
    }

    public int Fork(int text, int tokens)
    {
        _texts[_next] = _texts[text].Fork(tokens);
        return _next++;
    }

    public void Close(int text)
    {
        _texts[text].Dispose();
        _texts.Remove(text);
    }

    public void Read(IReadOnlyList<WriterInput> inputs)
    {
        _inputs.Clear();
        foreach (var input in inputs) _inputs.Add(new CpuInput(_texts[input.Text], input.Ids, input.Wanted));
        _reader.Read(_inputs);
    }

    public void Predict(int first, int count) => _reader.Predict(first, count);

    public ReadOnlySpan<float> Logits(int row) => _reader.Logits(row);

    public bool Likeliest(int count, Span<(int Id, float LogProbability)> chosen) => false;

    public void Share(int count, Action<int, int> work) => _reader.Share(count, work);

    public void Dispose() => _reader.Dispose();
}
