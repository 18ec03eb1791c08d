namespace Citrus.Research.Experts;

/// <summary>
/// A file of lines that only grows. A line is with the operating system when <see cref="Append"/> returns; one that a killed process left
/// torn is cut off on opening. Large files are read line by line, never whole.
/// </summary>
internal sealed class AppendOnlyFile : IDisposable
{
    /// <summary>A longer line is no line of ours.</summary>
    private const int LongestLine = 64 << 20;

    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly string _path;
    private long _end;
    private bool _broken;

    private AppendOnlyFile(FileStream file, string path, long end) => (_file, _path, _end) = (file, path, end);

    /// <summary>Opens the file for writing, or begins one (with its folder).</summary>
    /// <param name="path">The file.</param>
    /// <param name="line">Called for every line that is there: number from 1, place, bytes without the line end.</param>
    /// <exception cref="IOException">Another process writes to it.</exception>
    public static AppendOnlyFile Open(string path, Reader line)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        FileStream file;
        try
        {
            // Elsewhere than on Windows only "none" keeps a second writer out; readers that share with writers get in all the same.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None, 1);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new IOException($"{path} cannot be opened for writing; another run may be using it. {e.Message}", e);
        }

        try
        {
            var end = Read(file, path, line);
            file.SetLength(end);
            file.Position = end;
            return new AppendOnlyFile(file, path, end);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a file that others may be writing to; a torn last line is left out.</summary>
    public static void ReadLines(string path, Reader line)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
        Read(file, path, line);
    }

    /// <summary>Appends a line; where that fails half way (a full disk), what was written of it is taken back.</summary>
    /// <returns>Where the line begins.</returns>
    public long Append(ReadOnlySpan<byte> line)
    {
        var whole = new byte[line.Length + 1];
        line.CopyTo(whole);
        whole[^1] = (byte)'\n';
        lock (_lock)
        {
            if (_broken) throw new IOException($"{_path} could not be written to the end before; free some space and start again.");
            try
            {
                _file.Write(whole);
                _file.Flush();
            }
            catch (IOException)
            {
                try
                {
                    _file.SetLength(_end);
                    _file.Position = _end;
                }
                catch (IOException)
                {
                    // The torn line is cut off when the file is opened again; until then nothing may follow it.
                    _broken = true;
                }

                throw;
            }

            var start = _end;
            _end += whole.Length;
            return start;
        }
    }

    public void Dispose() => _file.Dispose();

    private static long Read(FileStream file, string path, Reader line)
    {
        var buffer = new byte[1 << 16];
        var (start, filled, number) = (0L, 0, 0);
        while (true)
        {
            if (filled == buffer.Length)
            {
                if (buffer.Length >= LongestLine) throw new InvalidDataException($"{path}, line {number + 1}: longer than {LongestLine >> 20} MB; this is no file of ours.");
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = file.Read(buffer, filled, buffer.Length - filled);
            if (read == 0) return start;
            filled += read;
            var used = 0;
            for (var end = buffer.AsSpan(0, filled).IndexOf((byte)'\n'); end >= 0; end = buffer.AsSpan(used, filled - used).IndexOf((byte)'\n'))
            {
                number++;
                var bytes = buffer.AsSpan(used, end);
                if (!bytes.Trim(" \r\t"u8).IsEmpty) line(number, start, bytes);
                used += end + 1;
                start += end + 1;
            }

            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
        }
    }

    public delegate void Reader(int number, long start, ReadOnlySpan<byte> line);
}
