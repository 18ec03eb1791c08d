using System.Text;

namespace Citrus.Research.Notebooks;

/// <summary>
/// While alive, sends what a cell writes to the console to that cell's sink. Text written on nobody's behalf (a progress display of the host's) still reaches the console.
/// </summary>
internal sealed class ConsoleCapture : IDisposable
{
    private readonly TextWriter output = Console.Out;
    private readonly TextWriter error = Console.Error;

    public ConsoleCapture()
    {
        Console.SetOut(new Router("stdout", output));
        Console.SetError(new Router("stderr", error));
    }

    public void Dispose()
    {
        Console.SetOut(output);
        Console.SetError(error);
    }

    private sealed class Router(string name, TextWriter fallback) : TextWriter(System.Globalization.CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (CellSink.Current is { } sink) sink.Write(name, [value]);
            else fallback.Write(value);
        }

        public override void Write(string? value)
        {
            if (CellSink.Current is { } sink) sink.Write(name, value);
            else fallback.Write(value);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            if (CellSink.Current is { } sink) sink.Write(name, buffer.AsSpan(index, count));
            else fallback.Write(buffer, index, count);
        }

        public override void Write(ReadOnlySpan<char> buffer)
        {
            if (CellSink.Current is { } sink) sink.Write(name, buffer);
            else fallback.Write(buffer);
        }

        public override void WriteLine(string? value)
        {
            if (CellSink.Current is { } sink) sink.Write(name, value + "\n");
            else fallback.WriteLine(value);
        }

        public override void Flush()
        {
            if (CellSink.Current is null) fallback.Flush();
        }
    }
}
