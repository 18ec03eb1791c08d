using System.Security.Cryptography;
using System.Text;
using Citrus.Research.Questions.Benchmarks;

namespace Citrus.Research.Tests.Questions.Benchmarks;

public sealed class BenchmarkDownloadTests : IAsyncLifetime
{
    private static readonly byte[] Published = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 40_000).Select(i => $"line {i}\n")));

    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();
    private FileServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FileServer.StartAsync(Published);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private BenchmarkEntry Entry => new()
    {
        Name = "some",
        What = "something",
        Published = "https://example.org",
        Url = _server.Address,
        File = "some/file.jsonl",
        Licence = "none",
        Bytes = Published.Length,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Published)),
    };

    private string Place => Path.Combine(_folder.Root, "some", "file.jsonl");

    private Task<(string Path, BenchmarkCheck Check)> Get(BenchmarkEntry entry, bool again = false) => new BenchmarkDownload(_http).GetAsync(entry, _folder.Root, again, cancellation: TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_file_is_fetched_checked_and_not_fetched_again()
    {
        var (path, check) = await Get(Entry);
        Assert.Equal((Place, BenchmarkState.Known), (path, check.State));
        Assert.Equal(Published, await File.ReadAllBytesAsync(path));
        await Get(Entry);
        Assert.Single(_server.Ranges);
        Assert.Equal([Place], Directory.GetFiles(_folder.Root, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_cut_off_goes_on_where_it_stopped(bool pinned)
    {
        var entry = pinned ? Entry : Entry with { Sha256 = "", Bytes = null };
        _server.BreaksAfter = 200_000;
        var error = await Assert.ThrowsAsync<BenchmarkDownloadException>(() => Get(entry));
        Assert.Contains("goes on from there", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Place));
        await Get(entry);
        Assert.Equal(Published, await File.ReadAllBytesAsync(Place));
        Assert.StartsWith("bytes=", _server.Ranges[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_changed_in_between_is_fetched_from_its_beginning()
    {
        var entry = Entry with { Sha256 = "", Bytes = null };
        _server.BreaksAfter = 200_000;
        await Assert.ThrowsAsync<BenchmarkDownloadException>(() => Get(entry));
        (_server.Content, _server.Tag) = ([.. Published.Select(b => b == 'l' ? (byte)'L' : b)], "\"v2\"");
        await Get(entry);
        Assert.Equal(_server.Content, await File.ReadAllBytesAsync(Place));
    }

    [Fact]
    public async Task Another_file_than_the_pinned_one_is_thrown_away()
    {
        _server.Content = [.. Published.Select(b => b == 'l' ? (byte)'L' : b)];
        var error = await Assert.ThrowsAsync<BenchmarkDownloadException>(() => Get(Entry));
        Assert.Contains(Entry.Sha256, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Place) || File.Exists(Place + ".part"));
    }

    [Fact]
    public async Task More_bytes_than_there_should_be_are_not_fetched()
    {
        var error = await Assert.ThrowsAsync<BenchmarkDownloadException>(() => Get(Entry with { Bytes = 1000 }));
        Assert.Contains("1,000 are the most", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Place + ".part"));
    }

    [Fact]
    public async Task A_changed_file_in_place_is_flagged_and_kept_until_asked()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place)!);
        await File.WriteAllTextAsync(Place, "mine");
        Assert.Contains("--again", (await Assert.ThrowsAsync<BenchmarkDownloadException>(() => Get(Entry))).Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Place));
        Assert.Equal(BenchmarkState.Known, (await Get(Entry, again: true)).Check.State);
    }

    [Fact]
    public async Task Without_a_network_it_is_said_where_to_put_the_file()
    {
        var entry = Entry;
        await _server.DisposeAsync();
        var error = await Assert.ThrowsAsync<BenchmarkDownloadException>(() => Get(entry));
        Assert.Contains("cannot be reached", error.Message, StringComparison.Ordinal);
        Assert.Contains(Place, error.Message, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(Place, Published);
        Assert.Equal(BenchmarkState.Known, (await Get(entry)).Check.State);
    }

    [Fact]
    public async Task A_refusal_and_a_file_that_is_to_be_got_by_hand_name_the_page()
    {
        _server.Status = 404;
        Assert.Contains("404", (await Assert.ThrowsAsync<BenchmarkDownloadException>(() => Get(Entry))).Message, StringComparison.Ordinal);
        var byHand = await Assert.ThrowsAsync<BenchmarkDownloadException>(() => Get(Entry with { Url = "", How = "Unpack the archive." }));
        Assert.Contains("Unpack the archive. Put it at " + Place, byHand.Message, StringComparison.Ordinal);
    }
}
