namespace Citrus.Research.Questions;

/// <summary>Bytes that may be read from several streams together: what an archive says about its own sizes need not be so, and only reading tells.</summary>
/// <param name="bytes">How many.</param>
/// <param name="spent">What is thrown for the byte after the last.</param>
internal sealed class ReadBudget(long bytes, Func<Exception> spent)
{
    private readonly Func<Exception> _spent = spent;
    private long _left = bytes;

    /// <summary>The stream, read against the budget.</summary>
    public Stream Over(Stream stream) => new Counted(stream, this);

    private sealed class Counted(Stream below, ReadBudget budget) : ForwardStream(below)
    {
        public override int Read(Span<byte> buffer)
        {
            var read = Below.Read(buffer);
            return (budget._left -= read) >= 0 ? read : throw budget._spent();
        }
    }
}
