using System.Text;
using Citrus.Research.Training;

namespace Citrus.Research.Tests.Training;

/// <summary>Event files, read back by the published formats: TFRecord frames, and protobuf's wire format.</summary>
public sealed class EventFileTests
{
    [Theory]
    [InlineData("123456789", 0xE3069283u)] // the check value of CRC-32C in the catalogue of parametrised CRC algorithms
    [InlineData("", 0u)]
    [InlineData("a", 0xC1D04330u)]
    public void Crc_32C_has_its_published_values(string text, uint expected) => Assert.Equal(expected, Crc32C.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Thirty_two_zeros_have_the_value_of_RFC_3720() => Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));

    [Fact]
    public void What_was_written_is_read_by_the_published_format()
    {
        using var folder = new TempFolder();
        using (var file = new EventFile(folder.Root, 0))
        {
            file.Add(1, [("train/loss", 2.5), ("speed/tokens_per_second", 1234)]);
            file.Add(300, [("train/loss", 0.125)]);
        }

        var events = Read(Directory.GetFiles(folder.Root).Single(f => Path.GetFileName(f).StartsWith("events.out.tfevents.", StringComparison.Ordinal)));
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.All(events, e => Assert.InRange(e.Time, 1.6e9, 1e10));
        Assert.Equal([(0L, ""), (1, "train/loss=2.5 speed/tokens_per_second=1234"), (300, "train/loss=0.125")], events.Select(e => (e.Step, e.Values)));
    }

    [Fact]
    public void A_run_that_goes_on_tells_the_board_to_forget_what_comes_after()
    {
        using var folder = new TempFolder();
        new EventFile(folder.Root, 41).Dispose();
        var events = Read(Directory.GetFiles(folder.Root)[0]);
        Assert.Equal((41L, true), (events[1].Step, events[1].Start));
    }

    /// <summary>Frame by frame, checking both sums of each.</summary>
    internal static List<(double Time, long Step, string Version, string Values, bool Start)> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var events = new List<(double, long, string, string, bool)>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BitConverter.ToUInt64(bytes, at);
            Assert.Equal(Masked(bytes.AsSpan(at, 8)), BitConverter.ToUInt32(bytes, at + 8));
            var record = bytes.AsSpan(at + 12, length);
            Assert.Equal(Masked(record), BitConverter.ToUInt32(bytes, at + 12 + length));
            events.Add(Event(record.ToArray()));
            at += length + 16;
        }

        return events;
    }

    private static (double, long, string, string, bool) Event(byte[] message)
    {
        var (time, step, version, values, start) = (0.0, 0L, "", new List<string>(), false);
        foreach (var (field, value) in Fields(message))
        {
            if (field == 1) time = BitConverter.ToDouble(value);
            else if (field == 2) step = (long)BitConverter.ToUInt64(value);
            else if (field == 3) version = Encoding.UTF8.GetString(value);
            else if (field == 7) start = value is [0x08, 0x01];
            else if (field == 5)
            {
                foreach (var (_, one) in Fields(value))
                {
                    var parts = Fields(one).ToDictionary(f => f.Field, f => f.Value);
                    values.Add(FormattableString.Invariant($"{Encoding.UTF8.GetString(parts[1])}={BitConverter.ToSingle(parts[2])}"));
                }
            }
        }

        return (time, step, version, string.Join(' ', values), start);
    }

    private static IEnumerable<(int Field, byte[] Value)> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var size = (key & 7) switch { 1 => 8, 5 => 4, 2 => (int)Varint(message, ref at), _ => -1 };
            if (size < 0)
            {
                yield return ((int)(key >> 3), BitConverter.GetBytes(Varint(message, ref at)));
                continue;
            }

            yield return ((int)(key >> 3), message[at..(at + size)]);
            at += size;
        }
    }

    private static ulong Varint(byte[] bytes, ref int at)
    {
        for (var (value, shift) = (0UL, 0); ; shift += 7)
        {
            value |= (bytes[at] & 0x7FUL) << shift;
            if (bytes[at++] < 0x80) return value;
        }
    }

    /// <summary>Bit by bit, unlike the writer's.</summary>
    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }
}
