using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Citrus.Research.Experts;

/// <summary>
/// Replies that were paid for, in one SQLite file. A reply is handed out only once the write that holds it is committed, so a killed
/// process loses at most the calls in flight; what several callers wait for goes into one transaction. Nothing but SQLite's own pages is
/// held in memory. Safe from several threads.
/// </summary>
internal sealed class ReplyCache : IDisposable
{
    private const int Version = 1;
    private const int MostInOneCommit = 512;
    private const int DiskFull = 13;

    private readonly string _path;
    private readonly SqliteConnection _writer;
    private readonly ConcurrentBag<ReplyReaderConnection> _readers = [];
    private readonly Channel<Pending> _pending = Channel.CreateUnbounded<Pending>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _writing;

    private ReplyCache(string path, SqliteConnection writer)
    {
        (_path, _writer) = (path, writer);
        _writing = Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Opens the file, or begins one (with its folder).</summary>
    /// <exception cref="InvalidDataException">The file is something else.</exception>
    public static ReplyCache Open(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var writer = Connect(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // With a write-ahead log a commit survives the death of the process; of a power cut it may lose the last ones, never the file.
            Run(writer, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;");
            using (var version = writer.CreateCommand())
            {
                version.CommandText = "PRAGMA user_version";
                var found = (long)version.ExecuteScalar()!;
                if (found > Version) throw new InvalidDataException($"{path} is a reply cache of version {found}; this build reads up to {Version}. Name another file with --cache.");
            }

            Run(writer, $"""
                CREATE TABLE IF NOT EXISTS replies (
                    key BLOB NOT NULL UNIQUE, text TEXT NOT NULL, reasoning TEXT, tokens_in INTEGER, tokens_out INTEGER,
                    finish TEXT, model TEXT, cost REAL, latency REAL);
                PRAGMA user_version={Version};
                """);
            return new ReplyCache(path, writer);
        }
        catch (SqliteException e)
        {
            writer.Dispose();
            throw new InvalidDataException($"{path} cannot be used as reply cache ({e.Message}). Move it away, or name another file with --cache.", e);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Replies in the file; counts them one by one.</summary>
    public long Count
    {
        get
        {
            using var reader = Connect(_path, SqliteOpenMode.ReadOnly);
            using var command = reader.CreateCommand();
            command.CommandText = "SELECT count(*) FROM replies";
            return (long)command.ExecuteScalar()!;
        }
    }

    /// <summary>The reply of that key; null where there is none.</summary>
    public KeptReply? Find(RequestKey key)
    {
        if (!_readers.TryTake(out var reader)) reader = new ReplyReaderConnection(Connect(_path, SqliteOpenMode.ReadOnly));
        try
        {
            return reader.Find(key);
        }
        finally
        {
            _readers.Add(reader);
        }
    }

    /// <summary>Keeps a reply; done when it is committed.</summary>
    /// <exception cref="IOException">It could not be written, e.g. because the disk is full; the file is as it was.</exception>
    public Task KeepAsync(RequestKey key, KeptReply reply)
    {
        var pending = new Pending(key, reply, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!_pending.Writer.TryWrite(pending)) throw new ObjectDisposedException(nameof(ReplyCache));
        return pending.Committed.Task;
    }

    public void Dispose()
    {
        _pending.Writer.TryComplete();
        _writing.Wait();
        foreach (var reader in _readers) reader.Dispose();
        _writer.Dispose();
    }

    private void Write()
    {
        using var insert = _writer.CreateCommand();
        insert.CommandText = "INSERT OR IGNORE INTO replies VALUES ($key, $text, $reasoning, $tokens_in, $tokens_out, $finish, $model, $cost, $latency)";
        var (key, text) = (insert.Parameters.Add("$key", SqliteType.Blob), insert.Parameters.Add("$text", SqliteType.Text));
        var (reasoning, tokensIn, tokensOut) = (insert.Parameters.Add("$reasoning", SqliteType.Text), insert.Parameters.Add("$tokens_in", SqliteType.Integer), insert.Parameters.Add("$tokens_out", SqliteType.Integer));
        var (finish, model) = (insert.Parameters.Add("$finish", SqliteType.Text), insert.Parameters.Add("$model", SqliteType.Text));
        var (cost, latency) = (insert.Parameters.Add("$cost", SqliteType.Real), insert.Parameters.Add("$latency", SqliteType.Real));
        insert.Prepare();
        var batch = new List<Pending>();
        while (_pending.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < MostInOneCommit && _pending.Reader.TryRead(out var next)) batch.Add(next);
            try
            {
                using var transaction = _writer.BeginTransaction();
                insert.Transaction = transaction;
                foreach (var (k, reply, _) in batch)
                {
                    key.Value = k.ToBytes();
                    text.Value = reply.Text;
                    reasoning.Value = (object?)reply.Reasoning ?? DBNull.Value;
                    tokensIn.Value = (object?)reply.TokensIn ?? DBNull.Value;
                    tokensOut.Value = (object?)reply.TokensOut ?? DBNull.Value;
                    finish.Value = (object?)reply.Finish ?? DBNull.Value;
                    model.Value = (object?)reply.Model ?? DBNull.Value;
                    cost.Value = (object?)reply.Cost ?? DBNull.Value;
                    latency.Value = (object?)reply.Latency ?? DBNull.Value;
                    insert.ExecuteNonQuery();
                }

                transaction.Commit();
                foreach (var done in batch) done.Committed.SetResult();
            }
            catch (Exception e)
            {
                // On Unix "no space left" is 28; the verbs' frame knows it.
                var failure = e is SqliteException { SqliteErrorCode: DiskFull }
                    ? new IOException($"No space left for the reply cache {_path}.", 28)
                    : new IOException($"The reply cache {_path} could not be written: {e.Message}", e);
                foreach (var failed in batch) failed.Committed.TrySetException(failure);
            }
        }
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed record Pending(RequestKey Key, KeptReply Reply, TaskCompletionSource Committed);
}
