using Microsoft.Data.Sqlite;

namespace Citrus.Research.Experts;

/// <summary>A connection with the look-up prepared; used by one thread at a time.</summary>
internal sealed class ReplyReaderConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _find;
    private readonly SqliteParameter _key;

    public ReplyReaderConnection(SqliteConnection connection)
    {
        _connection = connection;
        _find = connection.CreateCommand();
        _find.CommandText = "SELECT text, reasoning, tokens_in, tokens_out, finish, model, cost, latency FROM replies WHERE key = $key";
        _key = _find.Parameters.Add("$key", SqliteType.Blob);
        _find.Prepare();
    }

    public KeptReply? Find(RequestKey key)
    {
        _key.Value = key.ToBytes();
        using var row = _find.ExecuteReader();
        return row.Read()
            ? new KeptReply
            {
                Text = row.GetString(0),
                Reasoning = row.IsDBNull(1) ? null : row.GetString(1),
                TokensIn = row.IsDBNull(2) ? null : row.GetInt64(2),
                TokensOut = row.IsDBNull(3) ? null : row.GetInt64(3),
                Finish = row.IsDBNull(4) ? null : row.GetString(4),
                Model = row.IsDBNull(5) ? null : row.GetString(5),
                Cost = row.IsDBNull(6) ? null : row.GetDouble(6),
                Latency = row.IsDBNull(7) ? null : row.GetDouble(7),
            }
            : null;
    }

    public void Dispose()
    {
        _find.Dispose();
        _connection.Dispose();
    }
}
