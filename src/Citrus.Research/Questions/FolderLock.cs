namespace Citrus.Research.Questions;

/// <summary>Holds a folder for one process: a second one that wants to write there is refused. Gone with the process, however it ends.</summary>
public sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Takes the folder, making it where it is not there yet.</summary>
    /// <exception cref="IOException">Another process holds it.</exception>
    public static FolderLock Take(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, ".lock");
        try
        {
            return new FolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && File.Exists(path))
        {
            throw new IOException($"{folder} is in use by another run ({path} is locked). Wait for it, or give this run another folder with --out.", error);
        }
    }

    public void Dispose() => _file.Dispose();
}
