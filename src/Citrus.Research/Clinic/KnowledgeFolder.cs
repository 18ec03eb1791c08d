namespace Citrus.Research.Clinic;

/// <summary>Where the shipped knowledge lies.</summary>
public static class KnowledgeFolder
{
    /// <summary>The folder <c>data/clinic</c> beside the library's assembly.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder was not copied along with the assembly.</exception>
    public static string Default
    {
        get
        {
            // A script or notebook host runs from elsewhere, so the library's own place counts; a single-file publish has none.
            var assembly = typeof(KnowledgeFolder).Assembly.Location;
            var home = assembly.Length > 0 ? Path.GetDirectoryName(assembly)! : AppContext.BaseDirectory;
            var folder = Path.Combine(home, "data", "clinic");
            return Directory.Exists(folder)
                ? folder
                : throw new DirectoryNotFoundException($"No clinic knowledge at {folder}; copy the folder data/clinic there or name another folder.");
        }
    }
}
