using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Citrus.Research.Experts;
using Citrus.Research.Questions;

namespace Citrus.Research.Benchmarks;

/// <summary>Look-ups in a reply cache of many rows (1,000,000 where nothing is said), replies of about 600 characters; also what writing them took.</summary>
internal static class CacheBenchmark
{
    private const int LookUps = 20_000;

    public static void Run(int rows)
    {
        var folder = Directory.CreateTempSubdirectory("citrus-cache-");
        try
        {
            var file = Path.Combine(folder.FullName, "replies.sqlite");
            var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            using (var cache = ReplyCache.Open(file))
            {
                // As many callers as a busy run has; each waits until its replies are committed.
                Parallel.ForEachAsync(Enumerable.Range(0, 256), new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (caller, _) =>
                {
                    for (var i = caller; i < rows; i += 256) await cache.KeepAsync(Key(i), Reply(i)).ConfigureAwait(false);
                }).GetAwaiter().GetResult();
            }

            var (writing, cpu) = (clock.Elapsed, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
            using var reopened = ReplyCache.Open(file);
            var random = new SeededRandom(1);
            var times = new double[LookUps];
            for (var i = 0; i < LookUps; i++)
            {
                // One in five is not there.
                var row = random.Next(rows + (rows / 4));
                var start = Stopwatch.GetTimestamp();
                var found = reopened.Find(Key(row));
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (row < rows ? found?.Text != Reply(row).Text : found is not null) throw new InvalidOperationException($"Row {row} came back wrong.");
            }

            Array.Sort(times);
            GC.Collect();
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                benchmark = "cache",
                rows,
                fileMB = Math.Round(new FileInfo(file).Length / 1048576.0, 1),
                p50ms = Math.Round(times[LookUps / 2], 4),
                p99ms = Math.Round(times[LookUps * 99 / 100], 4),
                residentMB = Math.Round(Process.GetCurrentProcess().WorkingSet64 / 1048576.0, 1),
                writesPerSecond = Math.Round(rows / writing.TotalSeconds),
                cpuMsPerWrite = Math.Round(1000 * cpu / rows, 4),
            }));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static RequestKey Key(int row) => new((ulong)row * 0x9E3779B97F4A7C15, (ulong)row * 0xBF58476D1CE4E5B9, (ulong)row, 7);

    private static KeptReply Reply(int row) => new()
    {
        Text = string.Create(CultureInfo.InvariantCulture, $"{{\"step\": {{\"kind\": \"hypothesis\", \"text\": \"{new string((char)('a' + (row % 26)), 500)} {row}\"}}, \"answer\": null}}"),
        TokensIn = 900,
        TokensOut = 150,
        Finish = "stop",
        Model = "some-model",
        Cost = 0.0012,
        Latency = 512.5,
    };
}
