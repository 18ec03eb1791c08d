using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Citrus.Research.Questions.Benchmarks;

/// <summary>Fetches a benchmark's file: resumes where it was cut off, stops at a bound, checks the hash, and appears whole or not at all.</summary>
public sealed class BenchmarkDownload(HttpClient http)
{
    /// <summary>Most bytes of a file whose size is not pinned.</summary>
    public const long MaximumBytes = 1L << 30;

    /// <summary>The file at its place; not fetched again where it is there already, as published.</summary>
    /// <param name="root">Folder to put it into; the data folder where null.</param>
    /// <param name="again">Whether a file that is there but differs is fetched anew.</param>
    /// <param name="progress">Told the bytes so far and all of them (null where not known).</param>
    /// <returns>Where it is, and what it is to the manifest.</returns>
    /// <exception cref="BenchmarkDownloadException">It cannot be fetched, is larger than it should be, or is not what was published.</exception>
    public async Task<(string Path, BenchmarkCheck Check)> GetAsync(BenchmarkEntry entry, string? root = null, bool again = false, IProgress<(long Done, long? All)>? progress = null, CancellationToken cancellation = default)
    {
        var path = BenchmarkFolder.PathOf(entry, root);
        if (File.Exists(path))
        {
            var there = Check(entry, path);
            if (there.State != BenchmarkState.Differs) return (path, there);
            if (!again) throw new BenchmarkDownloadException($"{path} is there, but not as published (its sha256 is {there.Sha256}, published is {entry.Sha256}). Give --again to fetch it anew, or move it away.");
        }

        if (entry.Url.Length == 0) throw new BenchmarkDownloadException($"{entry.Name} cannot be fetched by itself. {entry.How} Put it at {path}; then run the same command again, which checks it.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var part = path + ".part";
        try
        {
            await FetchAsync(entry, path, part, progress, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or HttpIOException && !cancellation.IsCancellationRequested)
        {
            var kept = File.Exists(part) ? $" {new FileInfo(part).Length.ToString("N0", CultureInfo.InvariantCulture)} bytes are kept; the same command goes on from there." : "";
            throw new BenchmarkDownloadException($"{new Uri(entry.Url).Host} cannot be reached or broke off ({e.Message}).{kept} Without a network: get {entry.Url} elsewhere and put it at {path}; then run the same command again, which checks it.", e);
        }

        var check = Check(entry, part);
        if (check.State == BenchmarkState.Differs)
        {
            File.Delete(part);
            throw new BenchmarkDownloadException($"What {entry.Url} gave is not the file that is pinned: sha256 is {check.Sha256}, expected {entry.Sha256}. The publisher may have changed it, or something between altered it. It was thrown away.");
        }

        File.Move(part, path, overwrite: true);
        File.Delete(part + ".etag");
        return (path, check);
    }

    private async Task FetchAsync(BenchmarkEntry entry, string path, string part, IProgress<(long, long?)>? progress, CancellationToken cancellation)
    {
        var bound = entry.Bytes ?? MaximumBytes;
        var tag = part + ".etag";
        var have = File.Exists(part) ? new FileInfo(part).Length : 0;
        // Without a hash to tell in the end, only the server's tag says that the rest belongs to the beginning.
        var version = File.Exists(tag) ? await File.ReadAllTextAsync(tag, cancellation).ConfigureAwait(false) : "";
        if (have > bound || (have > 0 && entry.Sha256.Length == 0 && !EntityTagHeaderValue.TryParse(version, out _))) have = 0;
        if (have > 0 && have == entry.Bytes) return;
        using var request = new HttpRequestMessage(HttpMethod.Get, entry.Url);
        if (have > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
            if (EntityTagHeaderValue.TryParse(version, out var known) && !known.IsWeak) request.Headers.IfRange = new RangeConditionHeaderValue(known);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            File.Delete(part);
            throw new BenchmarkDownloadException($"{entry.Url} no longer has as many bytes as were fetched; they were thrown away. Run the same command again.");
        }

        if (!response.IsSuccessStatusCode) throw new BenchmarkDownloadException($"{entry.Url} answers {(int)response.StatusCode} {response.ReasonPhrase}. Look at {entry.Published}; put the file at {path} by hand, and run the same command again, which checks it.");
        if (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != have) have = 0;
        var all = response.Content.Headers.ContentLength is { } length ? have + length : entry.Bytes;
        if (all > bound) throw new BenchmarkDownloadException($"{entry.Url} has {all:N0} bytes; {bound:N0} are the most. It was not fetched.");
        if (response.Headers.ETag is { IsWeak: false } strong) await File.WriteAllTextAsync(tag, strong.ToString(), cancellation).ConfigureAwait(false);
        else File.Delete(tag);
        using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var file = new FileStream(part, have > 0 ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None);
        var buffer = new byte[1 << 16];
        for (int read; (read = await body.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
        {
            have += read;
            if (have > bound)
            {
                file.Close();
                File.Delete(part);
                throw new BenchmarkDownloadException($"{entry.Url} sends more than {bound:N0} bytes. It was thrown away.");
            }

            await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            progress?.Report((have, all));
        }

        if (all is { } whole && have < whole) throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{have} of {whole} bytes came"));
        file.Flush(flushToDisk: true);
    }

    private static BenchmarkCheck Check(BenchmarkEntry entry, string path)
    {
        using var stream = File.OpenRead(path);
        var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        return new BenchmarkCheck(entry.Sha256.Length == 0 ? BenchmarkState.Unknown : hash == entry.Sha256 ? BenchmarkState.Known : BenchmarkState.Differs, entry, hash);
    }
}
