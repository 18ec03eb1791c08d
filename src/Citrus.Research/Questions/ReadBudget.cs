namespace Citrus.Research.Questions;

/// <summary>Bytes that may be read from several streams together: what an archive says about its own sizes need not be so, and only reading tells.</summary>
/// <param name="bytes">How many.</param>
/// <param name="spent">What is thrown for the byte after the last.</param>
internal sealed class ReadBudget(long bytes, Func<Exception> spent)
{
    private long left = bytes;

    /// <summary>The stream, read against the budget; disposing it disposes the one below.</summary>
    public Stream Over(Stream stream) => new Counted(stream, this);

    private int Spend(int read) => (left -= read) >= 0 ? read : throw spent();

    private sealed class Counted(Stream stream, ReadBudget budget) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => budget.Spend(stream.Read(buffer, offset, count));

        public override int Read(Span<byte> buffer) => budget.Spend(stream.Read(buffer));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) stream.Dispose();
            base.Dispose(disposing);
        }
    }
}
