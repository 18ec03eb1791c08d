using System.Text;

namespace Citrus.Research.Notebooks;

/// <summary>
/// While alive, sends what a cell writes to the console to that cell's sink, and refuses it input. Text written on nobody's behalf (a progress display of the host's) goes
/// to the sink of last resort, or still reaches the console.
/// </summary>
internal sealed class ConsoleCapture : IDisposable
{
    private readonly TextWriter output = Console.Out;
    private readonly TextWriter error = Console.Error;
    private readonly Func<CellSink?>? lastResort;

    /// <param name="lastResort">Whose text it is that is written outside of the flow of any cell (by a thread that does not know who started it); null is nobody.</param>
    public ConsoleCapture(Func<CellSink?>? lastResort = null)
    {
        this.lastResort = lastResort;
        Renew();
    }

    /// <summary>Takes the console anew. A cell that was aborted may have held the lock that the console puts around its writers, or have put its own writers there.</summary>
    public void Renew()
    {
        Console.SetOut(new Router("stdout", output, lastResort));
        Console.SetError(new Router("stderr", error, lastResort));
        Console.SetIn(new NoInput());
    }

    public void Dispose()
    {
        Console.SetOut(output);
        Console.SetError(error);
        // Asking for the reader that was there would set up a terminal that nobody needs.
        Console.SetIn(new StreamReader(Console.OpenStandardInput()));
    }

    private sealed class NoInput : TextReader
    {
        public override int Read() => throw Refusal();

        public override int Peek() => throw Refusal();

        public override string? ReadLine() => throw Refusal();

        private static NotSupportedException Refusal() => new("A cell cannot ask for input here. Set a variable in a cell instead, or give it as a parameter.");
    }

    private sealed class Router(string name, TextWriter fallback, Func<CellSink?>? lastResort) : TextWriter(System.Globalization.CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;

        private CellSink? Sink => CellSink.Current ?? lastResort?.Invoke();

        public override void Write(char value)
        {
            if (Sink is { } sink) sink.Write(name, [value]);
            else fallback.Write(value);
        }

        public override void Write(string? value)
        {
            if (Sink is { } sink) sink.Write(name, value);
            else fallback.Write(value);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            if (Sink is { } sink) sink.Write(name, buffer.AsSpan(index, count));
            else fallback.Write(buffer, index, count);
        }

        public override void Write(ReadOnlySpan<char> buffer)
        {
            if (Sink is { } sink) sink.Write(name, buffer);
            else fallback.Write(buffer);
        }

        public override void WriteLine(string? value)
        {
            if (Sink is { } sink) sink.Write(name, value + "\n");
            else fallback.WriteLine(value);
        }

        public override void Flush()
        {
            if (Sink is null) fallback.Flush();
        }
    }
}
