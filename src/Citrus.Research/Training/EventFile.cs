using System.Buffers.Binary;
using System.Text;

namespace Citrus.Research.Training;

/// <summary>A TensorBoard event file with numbers only: TFRecord frames around protobuf <c>Event</c> messages (tensorflow/core/util/event.proto).</summary>
internal sealed class EventFile : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Begins a file, named as TensorBoard looks for it.</summary>
    /// <param name="from">First step that follows; TensorBoard forgets what earlier files of the folder say of later ones.</param>
    public EventFile(string folder, long from)
    {
        Directory.CreateDirectory(folder);
        var now = DateTimeOffset.UtcNow;
        _file = new FileStream(Path.Combine(folder, FormattableString.Invariant($"events.out.tfevents.{now.ToUnixTimeSeconds()}.citrus.{Environment.ProcessId}.{from}.{now.Ticks % 10_000_000}")), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        Put(Event(0, 3, "brain.Event:2"u8)); // file_version
        if (from > 0) Put(Event(from, 7, [0x08, 0x01])); // session_log { status: START }
    }

    /// <summary>Adds numbers of a step, under names with a slash after their group.</summary>
    public void Add(long step, IEnumerable<(string Name, double Value)> values)
    {
        using var summary = new MemoryStream();
        foreach (var (name, value) in values)
        {
            using var one = new MemoryStream();
            Field(one, 1, Encoding.UTF8.GetBytes(name));
            one.WriteByte((2 << 3) | 5); // simple_value
            Span<byte> number = stackalloc byte[4];
            BinaryPrimitives.WriteSingleLittleEndian(number, (float)value);
            one.Write(number);
            Field(summary, 1, one.ToArray());
        }

        Put(Event(step, 5, summary.ToArray()));
    }

    public void Dispose() => _file.Dispose();

    private static byte[] Event(long step, int field, ReadOnlySpan<byte> what)
    {
        using var message = new MemoryStream();
        message.WriteByte((1 << 3) | 1); // wall_time
        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(time, (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds);
        message.Write(time);
        message.WriteByte(2 << 3); // step
        Varint(message, (ulong)step);
        Field(message, field, what);
        return message.ToArray();
    }

    private void Put(ReadOnlySpan<byte> record)
    {
        var frame = new byte[record.Length + 16];
        BinaryPrimitives.WriteUInt64LittleEndian(frame, (ulong)record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(8), Crc32C.Masked(frame.AsSpan(0, 8)));
        record.CopyTo(frame.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12 + record.Length), Crc32C.Masked(record));
        _file.Write(frame);
        _file.Flush();
    }

    private static void Field(MemoryStream into, int number, ReadOnlySpan<byte> bytes)
    {
        Varint(into, ((ulong)number << 3) | 2);
        Varint(into, (ulong)bytes.Length);
        into.Write(bytes);
    }

    private static void Varint(MemoryStream into, ulong value)
    {
        for (; value >= 0x80; value >>= 7) into.WriteByte((byte)(value | 0x80));
        into.WriteByte((byte)value);
    }
}
