using System.Buffers.Binary;
using System.Text;

namespace Citrus.Research.Models.Native;

/// <summary>Marks one required symbol version of an ELF library as weak, so that a loader whose library lacks it warns instead of refusing.</summary>
/// <remarks>
/// TorchSharp's libLibTorchSharp.so asks for GLIBCXX_3.4.32, which libstdc++ has since GCC 13, for the sake of one marker symbol without code
/// (<c>_ZSt21ios_base_library_initv</c>). Debian 12, Ubuntu 22.04 and RHEL 9 lack it. Field layout: ELF-64 object file format and the GNU symbol
/// versioning sections of the Linux Standard Base, chapter 10.7.
/// </remarks>
internal static class ElfVersionNeed
{
    private const uint DynamicSymbols = 11, VersionSymbols = 0x6fffffff, VersionNeeds = 0x6ffffffe;
    private const int WeakFlag = 2;

    /// <summary>A copy of the library in which every entry for <paramref name="version"/> is weak.</summary>
    /// <param name="library">The whole file.</param>
    /// <param name="version">Version name, e.g. <c>GLIBCXX_3.4.32</c>.</param>
    /// <param name="harmless">Symbols that may be bound to that version; any other makes the change unsafe.</param>
    /// <exception cref="InvalidDataException">Not a sound little-endian ELF-64 file, the version is not asked for, or another symbol needs it.</exception>
    public static byte[] Weaken(ReadOnlySpan<byte> library, string version, params ReadOnlySpan<string> harmless)
    {
        if (library.Length < 64 || !library[..4].SequenceEqual("\u007fELF"u8)) throw new InvalidDataException("Not an ELF file.");
        if (library[4] != 2 || library[5] != 1) throw new InvalidDataException("Not a 64-bit little-endian ELF file.");
        var copy = library.ToArray();
        var file = new Reader(copy);
        var sections = Sections(file);
        var indices = WeakenEntries(file, sections, version);
        if (indices.Count == 0) throw new InvalidDataException($"The library does not ask for {version}.");
        foreach (var symbol in SymbolsBoundTo(file, sections, indices))
        {
            if (!harmless.Contains(symbol))
                throw new InvalidDataException($"Symbol {symbol} really needs {version}; marking it weak would only move the failure.");
        }

        return copy;
    }

    private static List<Section> Sections(Reader file)
    {
        var (table, size, count) = (file.U64(0x28), file.U16(0x3A), file.U16(0x3C));
        if (size < 64 || count == 0) throw new InvalidDataException("The ELF file has no section table.");
        var sections = new List<Section>(count);
        for (var i = 0; i < count; i++)
        {
            var at = file.At(table, (long)i * size);
            sections.Add(new Section(file.U32(at + 4), file.U64(at + 24), file.U64(at + 32), file.U32(at + 40)));
        }

        return sections;
    }

    private static HashSet<int> WeakenEntries(Reader file, List<Section> sections, string version)
    {
        var indices = new HashSet<int>();
        foreach (var section in sections.Where(s => s.Kind == VersionNeeds))
        {
            var names = Linked(sections, section);
            var need = file.At(section.Offset, 0);
            for (var needs = 0; ; needs++)
            {
                if (needs > ushort.MaxValue) throw new InvalidDataException("The version table of the ELF file has no end.");
                var (entries, next) = (file.U16(need + 2), file.U32(need + 12));
                var entry = file.At((ulong)need, file.U32(need + 8));
                for (var i = 0; i < entries; i++)
                {
                    if (file.Text(file.At(names.Offset, file.U32(entry + 8))) == version)
                    {
                        file.Set(entry + 4, (byte)(file.U16(entry + 4) | WeakFlag));
                        indices.Add(file.U16(entry + 6));
                    }

                    entry = file.At((ulong)entry, file.U32(entry + 12));
                }

                if (next == 0) break;
                need = file.At((ulong)need, next);
            }
        }

        return indices;
    }

    private static IEnumerable<string> SymbolsBoundTo(Reader file, List<Section> sections, HashSet<int> indices)
    {
        var versions = sections.FirstOrDefault(s => s.Kind == VersionSymbols);
        var symbols = sections.FirstOrDefault(s => s.Kind == DynamicSymbols);
        if (versions.Kind == 0 || symbols.Kind == 0) throw new InvalidDataException("The ELF file has no dynamic symbols.");
        var names = Linked(sections, symbols);
        for (long i = 0; i < (long)symbols.Size / 24; i++)
        {
            if (indices.Contains(file.U16(file.At(versions.Offset, i * 2)) & 0x7fff))
                yield return file.Text(file.At(names.Offset, file.U32(file.At(symbols.Offset, i * 24))));
        }
    }

    private static Section Linked(List<Section> sections, Section section) => section.Link < sections.Count
        ? sections[(int)section.Link]
        : throw new InvalidDataException("A section of the ELF file points to a string table that is not there.");

    private readonly record struct Section(uint Kind, ulong Offset, ulong Size, uint Link);

    /// <summary>Reads numbers at checked places.</summary>
    private sealed class Reader(byte[] bytes)
    {
        public int At(ulong start, long offset)
        {
            if (start > int.MaxValue || offset is < 0 or > int.MaxValue || (long)start + offset > bytes.Length) throw Torn();
            return (int)((long)start + offset);
        }

        public ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(at, 2));

        public uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(at, 4));

        public ulong U64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(at, 8));

        public void Set(int at, byte value) => bytes[at] = value;

        public string Text(int at)
        {
            var rest = bytes.AsSpan(at);
            var end = rest.IndexOf((byte)0);
            return end < 0 ? throw Torn() : Encoding.ASCII.GetString(rest[..end]);
        }

        private ReadOnlySpan<byte> Slice(int at, int length) => at >= 0 && at <= bytes.Length - length ? bytes.AsSpan(at, length) : throw Torn();

        private static InvalidDataException Torn() => new("The ELF file is damaged: a table points outside the file.");
    }
}
