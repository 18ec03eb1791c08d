using System.Text;
using Citrus.Research.Models.Native;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Models.Native;

public sealed class ElfVersionNeedTests
{
    private const string Version = "GLIBCXX_3.4.32", Marker = "_ZSt21ios_base_library_initv";

    [Fact]
    public void TorchSharps_library_changes_in_one_bit_only()
    {
        var library = Library();
        var patched = ElfVersionNeed.Weaken(library, Version, Marker);
        var changed = Enumerable.Range(0, library.Length).Where(i => library[i] != patched[i]).ToList();
        Assert.Single(changed);
        Assert.Equal(2, library[changed[0]] ^ patched[changed[0]]);
        Assert.Equal(patched, ElfVersionNeed.Weaken(patched, Version, Marker));
    }

    [Fact]
    public void A_version_that_carries_code_is_left_alone()
    {
        var library = Library();
        var refusal = Assert.Throws<InvalidDataException>(() => ElfVersionNeed.Weaken(library, "GLIBCXX_3.4.30", Marker));
        Assert.Contains("condition_variable", refusal.Message);
        Assert.Contains("does not ask for GLIBCXX_9", Assert.Throws<InvalidDataException>(() => ElfVersionNeed.Weaken(library, "GLIBCXX_9", Marker)).Message);
    }

    [Fact]
    public void What_is_no_library_is_refused()
    {
        foreach (var garbage in new[] { [], Encoding.ASCII.GetBytes("MZ this is not for Linux at all, but long enough to have had a header in it"), new byte[1000] })
            Assert.Throws<InvalidDataException>(() => ElfVersionNeed.Weaken(garbage, Version, Marker));
        byte[] small = [0x7f, (byte)'E', (byte)'L', (byte)'F', 1, 1, .. new byte[100]];
        Assert.Contains("64-bit", Assert.Throws<InvalidDataException>(() => ElfVersionNeed.Weaken(small, Version, Marker)).Message);
    }

    [Fact]
    public void A_damaged_library_is_refused_or_patched_and_never_read_past_its_end()
    {
        var library = Library();
        var random = new SeededRandom(1);
        for (var i = 0; i < 60; i++)
        {
            var damaged = i % 2 == 0 ? library.AsSpan(0, random.Next(library.Length)).ToArray() : library.ToArray();
            // Damage where the tables are: the header, the section table at the end, and the version tables near the start.
            for (var k = 0; k < 40 && damaged.Length > 64; k++)
            {
                var at = random.Next(3) switch { 0 => 0x28 + random.Next(24), 1 => damaged.Length - 1 - random.Next(Math.Min(damaged.Length, 3000)), _ => Math.Min(damaged.Length - 1, 0x3f8f0 + random.Next(0x200)) };
                damaged[at] = (byte)random.Next(256);
            }

            try
            {
                ElfVersionNeed.Weaken(damaged, Version, Marker);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void The_patched_copy_is_kept_and_mended_where_someone_spoilt_it()
    {
        var cache = Directory.CreateTempSubdirectory("citrus-test-").FullName;
        try
        {
            var path = NativeTorch.PatchedCopy(LibraryPath(), cache);
            var good = File.ReadAllBytes(path);
            var written = File.GetLastWriteTimeUtc(path);
            Assert.Equal(path, NativeTorch.PatchedCopy(LibraryPath(), cache));
            Assert.Equal(written, File.GetLastWriteTimeUtc(path));
            File.WriteAllBytes(path, good[..^100]);
            Assert.Equal(path, NativeTorch.PatchedCopy(LibraryPath(), cache));
            Assert.Equal(good, File.ReadAllBytes(path));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    private static byte[] Library() => File.ReadAllBytes(LibraryPath());

    private static string LibraryPath()
    {
        var path = Path.Combine(Path.GetDirectoryName(typeof(ElfVersionNeedTests).Assembly.Location)!, "libLibTorchSharp.so");
        if (!File.Exists(path)) Assert.Skip("TorchSharp's Linux library is not in this build's output.");
        return path;
    }
}
