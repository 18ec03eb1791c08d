namespace Citrus.Research.Experts;

/// <summary>Gives up on a response that is larger than any reply can be, before it fills the memory.</summary>
internal sealed class BoundedBodyHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    public const long Largest = 32 << 20;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var content = response.Content;
        if (content.Headers.ContentLength > Largest) throw TooLarge();
        // A declared length of a plain body is kept to by the connection itself.
        if (content.Headers.ContentLength is not null) return response;
        var bounded = new StreamContent(new BoundedStream(await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false)));
        foreach (var header in content.Headers) bounded.Headers.TryAddWithoutValidation(header.Key, header.Value);
        response.Content = bounded;
        return response;
    }

    private static ExpertException TooLarge() => new(ExpertFault.BadBody, $"the server's response is larger than {Largest >> 20} MB");

    private sealed class BoundedStream(Stream inner) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _read; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Counted(inner.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Counted(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() => inner.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private int Counted(int count) => (_read += count) > Largest ? throw TooLarge() : count;
    }
}
