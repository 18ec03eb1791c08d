using System.Buffers.Binary;
using System.Text;
using Citrus.Research.Models;
using CsCheck;
using TorchSharp;

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
    public void Nonsense_in_a_header_is_refused_as_such()
    {
        static Gen<string> Some(params string[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);
        var name = Some("a", "b", "__metadata__", "\\ud800", "");
        var number = Some("0", "1", "4", "8", "-1", "1.5", "1e400", "9223372036854775807", "\"4\"", "null", "[]", "4611686018427387904");
        var type = Some("\"F32\"", "\"BF16\"", "\"X\"", "7", "null", "{}");
        var list = number.Array[0, 10].Select(n => "[" + string.Join(",", n) + "]");
        var entry = Gen.Select(name, type, list, list).Select((n, t, s, o) => $"\"{n}\":{{\"dtype\":{t},\"shape\":{s},\"data_offsets\":{o}}}");
        Gen.Select(entry.Array[0, 4].Select(e => "{" + string.Join(",", e) + "}"), Gen.Int[0, 12]).Sample((header, room) =>
        {
            try
            {
                Safetensors.ReadHeader(File(header, new byte[room]));
            }
            catch (InvalidDataException)
            {
            }
        }, iter: 1000, threads: 1);
        Gen.Byte.Array[0, 64].Sample(bytes =>
        {
            var path = Path.Combine(_folder, "r.safetensors");
            System.IO.File.WriteAllBytes(path, bytes.Length > 8 ? [(byte)(bytes.Length - 8), 0, 0, 0, 0, 0, 0, 0, .. bytes[8..]] : bytes);
            try
            {
                Safetensors.ReadHeader(path);
            }
            catch (InvalidDataException)
            {
            }
        }, iter: 1000, threads: 1);
    }

    [Fact]
    public void A_tensor_of_more_than_two_gigabytes_is_read_to_its_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs files with holes");
        const long rows = 152_064, width = 8192;
        var path = Path.Combine(_folder, "large.safetensors");
        var header = Encoding.UTF8.GetBytes($$$"""{"e":{"dtype":"F32","shape":[{{{rows}}},{{{width}}}],"data_offsets":[0,{{{rows * width * 4}}}]}}""");
        using (var stream = System.IO.File.Create(path))
        {
            stream.Write(BitConverter.GetBytes((ulong)header.Length));
            stream.Write(header);
            stream.SetLength(stream.Length + (rows * width * 4));
            stream.Position = stream.Length - 8;
            stream.Write([0, 0, 0x80, 0x3f, 0, 0, 0x40, 0xc0]);
        }

        Torch.EnsureLoaded();
        using var file = SafetensorsFile.Open(path);
        using var into = torch.empty(4, torch.bfloat16);
        file.CopyTo(file.Find("e")!, (rows * width) - 4, 4, into);
        Assert.Equal([0f, 0f, 1f, -3f], into.to_type(torch.float32).data<float>().ToArray());
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
