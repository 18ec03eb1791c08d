using System.Buffers.Binary;
using System.Text;
using Citrus.Research.Models;
using CsCheck;

namespace Citrus.Research.Tests.Models;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("citrus-test-").FullName;

    [Fact]
    public void What_was_written_is_read_back()
    {
        Gen.Float[-9, 9].Array[0, 40].Sample(values =>
        {
            var path = Path.Combine(_folder, "a.safetensors");
            Safetensors.Write(path, [("first", [values.Length], values), ("second", [2, 2], [1, 2, 3, float.NegativeInfinity])]);
            var read = new Dictionary<string, float[]>();
            Safetensors.Read(path, new Dictionary<string, long[]> { ["first"] = [values.Length], ["second"] = [2, 2] }, read.Add);
            Assert.Equal(values, read["first"]);
            Assert.Equal([1, 2, 3, float.NegativeInfinity], read["second"]);
        }, iter: 30, threads: 1);
    }

    [Fact]
    public void Half_precision_becomes_float32()
    {
        var path = File("""{"b":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]},"h":{"dtype":"F16","shape":[1],"data_offsets":[4,6]}}""", [0x80, 0x3f, 0x40, 0xc0, 0x00, 0x38]);
        var read = new Dictionary<string, float[]>();
        Safetensors.Read(path, new Dictionary<string, long[]> { ["b"] = [2], ["h"] = [1] }, read.Add);
        Assert.Equal([1f, -3f], read["b"]);
        Assert.Equal([0.5f], read["h"]);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "need 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "4 bytes but 8 are there")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "outside the file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "impossible shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}""", "impossible shape")]
    [InlineData("""{"a":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}}""", "unknown type 'Q4'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "twice")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", "header cannot be read")]
    [InlineData("""[1,2]""", "not a JSON object")]
    [InlineData("""{"a":""", "header cannot be read")]
    public void A_file_that_lies_about_itself_is_refused(string header, string reason)
    {
        var refusal = Assert.Throws<InvalidDataException>(() => Safetensors.ReadHeader(File(header, new byte[8])));
        Assert.Contains(reason, refusal.Message);
    }

    [Fact]
    public void A_header_longer_than_the_file_takes_no_memory()
    {
        var path = Path.Combine(_folder, "long.safetensors");
        var bytes = new byte[64];
        foreach (var length in new[] { ulong.MaxValue, 99_999_999UL, 57UL })
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
            System.IO.File.WriteAllBytes(path, bytes);
            Assert.Contains("header claims", Assert.Throws<InvalidDataException>(() => Safetensors.ReadHeader(path)).Message);
        }

        System.IO.File.WriteAllBytes(path, [1, 2, 3]);
        Assert.Contains("3 bytes", Assert.Throws<InvalidDataException>(() => Safetensors.ReadHeader(path)).Message);
    }

    [Fact]
    public void Damage_anywhere_is_noticed_or_harmless()
    {
        var path = Path.Combine(_folder, "d.safetensors");
        Safetensors.Write(path, [("a", [2, 3], [1, 2, 3, 4, 5, 6]), ("b", [1], [7])]);
        var whole = System.IO.File.ReadAllBytes(path);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Sample((at, value, length) =>
        {
            var bytes = whole.ToArray();
            bytes[at] = value;
            var damaged = Path.Combine(_folder, "e.safetensors");
            System.IO.File.WriteAllBytes(damaged, at % 2 == 0 ? bytes : bytes[..length]);
            try
            {
                Safetensors.Read(damaged, new Dictionary<string, long[]> { ["a"] = [2, 3] }, (_, values) => Assert.Equal(6, values.Length));
            }
            catch (InvalidDataException)
            {
            }
        }, iter: 300, threads: 1);
    }

    [Fact]
    public void A_missing_or_misshapen_tensor_is_named()
    {
        var path = Path.Combine(_folder, "m.safetensors");
        Safetensors.Write(path, [("a", [2], [1, 2])]);
        string Message(string name, long[] shape) => Assert.Throws<InvalidDataException>(() => Safetensors.Read(path, new Dictionary<string, long[]> { [name] = shape }, (_, _) => { })).Message;
        Assert.Contains("tensor lost is missing", Message("lost", [2]));
        Assert.Contains("[1, 2] was expected", Message("a", [1, 2]));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File(string header, byte[] data)
    {
        var path = Path.Combine(_folder, "made.safetensors");
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        System.IO.File.WriteAllBytes(path, [.. length, .. text, .. data]);
        return path;
    }
}
