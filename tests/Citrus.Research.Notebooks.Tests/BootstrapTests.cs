namespace Citrus.Research.Notebooks.Tests;

/// <summary>The first cell of the committed notebooks, in a process that has no Citrus.Research: as on a machine where nothing was built.</summary>
public sealed class BootstrapTests
{
    [Fact]
    public async Task Where_the_library_is_not_built_the_first_cell_says_what_to_do()
    {
        var folder = Directory.CreateTempSubdirectory("citrus-bootstrap-").FullName;
        try
        {
            var committed = Notebook.Read(Path.Combine(Root(), "notebooks", "00-tour.ipynb"));
            var path = Path.Combine(folder, "notebooks", "tour.ipynb");
            committed.Save(path);
            var failure = await Assert.ThrowsAsync<CellFailedException>(() => NotebookRunner.RunAsync(path, cancellationToken: TestContext.Current.CancellationToken));
            Assert.Contains("cell [1]", failure.Message);
            Assert.Contains("The library is not built", failure.Message);
            Assert.Contains("dotnet build -c Release", failure.Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Citrus.Research.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No Citrus.Research.sln above {AppContext.BaseDirectory}.");
    }
}
