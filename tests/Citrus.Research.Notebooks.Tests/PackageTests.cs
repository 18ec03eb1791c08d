using Citrus.Research.Notebooks.Packages;

namespace Citrus.Research.Notebooks.Tests;

/// <summary>Packages are packed here into a folder; nothing is asked of the network but where a test says so.</summary>
public sealed class PackageTests : IDisposable
{
    private static int made;
    private readonly string feed = Directory.CreateTempSubdirectory("citrus-feed-").FullName;
    private readonly string cache = Directory.CreateTempSubdirectory("citrus-cache-").FullName;

    // A process keeps what it has loaded, so every test has names of its own.
    private readonly string name = $"Citrus.Made{Environment.ProcessId}x{Interlocked.Increment(ref made)}";

    public PackageTests()
    {
        Environment.SetEnvironmentVariable(PackageRestore.CacheVariable, cache);
    }

    [Fact]
    public async Task A_package_and_what_it_needs_are_restored_from_a_folder_and_the_versions_are_told()
    {
        var inner = SomePackages.Pack(feed, name + ".Inner", "2.1.0", "namespace Made; public static class Inner { public static int Count; public static int Next() => ++Count; }");
        SomePackages.Pack(feed, name, "1.2.3", "namespace Made; public static class Outer { public static int Next() => Inner.Next(); }", (name + ".Inner", "2.0.0", inner));
        using var notebook = Notebook($"#i \"nuget: {feed}\"\n#r \"nuget: {name}, 1.2.3\"\nusing Made;\nOuter.Next()", "Outer.Next() + Inner.Count");
        var run = await notebook.Run();
        Assert.Contains($"{name}, 1.2.3", run.Notebook.Cells[0].Outputs[0].As("text/plain"));
        Assert.Equal("1", run.Notebook.Cells[0].Outputs[1].As("text/plain"));
        // The dependency is one and the same for the cell and for the package.
        Assert.Equal("4", run.Notebook.Cells[1].Outputs.Single().As("text/plain"));
    }

    [Theory]
    [InlineData("1.*", "1.4.0")]
    [InlineData("[1.0.0,1.3.0)", "1.2.0")]
    [InlineData(null, "2.0.0")]
    public void Versions_are_taken_as_the_SDK_takes_them(string? asked, string expected)
    {
        foreach (var version in (string[])["1.2.0", "1.4.0", "2.0.0", "2.1.0-beta"]) SomePackages.Pack(feed, name, version, "public class C { }");
        SomePackages.Isolate(cache);
        var text = asked is null ? name : $"{name}, {asked}";
        var package = Assert.Single(new PackageRestore(cache, cache).Restore([PackageRequest.Parse(text)], [feed], TestContext.Current.CancellationToken));
        Assert.Equal(expected, package.Version);
    }

    [Fact]
    public void The_second_time_no_SDK_is_called()
    {
        SomePackages.Pack(feed, name, "1.0.0", "public class C { }");
        SomePackages.Isolate(cache);
        var request = PackageRequest.Parse($"{name}, 1.0.0");
        var first = new PackageRestore(cache, cache).Restore([request], [feed], TestContext.Current.CancellationToken);
        var nowhere = new PackageRestore(cache, cache, dotnet: Path.Combine(cache, "no-dotnet"));
        Assert.Equal(first[0].Assemblies, nowhere.Restore([request], [feed], TestContext.Current.CancellationToken)[0].Assemblies);

        // What was cleared away since is fetched again, which needs the SDK.
        Directory.Delete(Path.Combine(cache, "packages"), recursive: true);
        var error = Assert.Throws<PackageException>(() => nowhere.Restore([request], [feed], TestContext.Current.CancellationToken));
        Assert.Contains("restored by the .NET SDK", error.Message);
    }

    [Fact]
    public void A_runtime_without_SDK_is_told_from_a_missing_package()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("the stand-in for dotnet is a shell script");
        var script = Path.Combine(cache, "dotnet");
        File.WriteAllText(script, "#!/bin/sh\necho 'The command could not be loaded: No .NET SDKs were found.' >&2\nexit 145\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var error = Assert.Throws<PackageException>(() => new PackageRestore(cache, cache, script).Restore([PackageRequest.Parse("X, 1")], [], TestContext.Current.CancellationToken));
        Assert.Contains("dot.net", error.Message);
        Assert.Contains("runtimes only", error.Message);
    }

    [Fact]
    public void A_restore_that_takes_too_long_is_given_up()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("the stand-in for dotnet is a shell script");
        var script = Path.Combine(cache, "dotnet");
        File.WriteAllText(script, "#!/bin/sh\nsleep 60\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var error = Assert.Throws<PackageException>(() => new PackageRestore(cache, cache, script, TimeSpan.FromSeconds(0.3)).Restore([PackageRequest.Parse("X, 1")], [], TestContext.Current.CancellationToken));
        Assert.Contains("did not finish", error.Message);
    }

    [Fact]
    public async Task A_missing_package_is_told_with_what_NuGet_says()
    {
        using var notebook = Notebook($"// one\n#i \"nuget: {feed}\"\n#r \"nuget: {name}.Nowhere, 1.0.0\"");
        var failure = await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run());
        Assert.Equal(3, failure.Line);
        Assert.Contains("NU1101", failure.Message);
        Assert.Contains($"{name}.Nowhere", failure.Message);
        Assert.Contains("Check the name", failure.Message);
    }

    [Fact]
    public async Task A_source_that_cannot_be_reached_is_told()
    {
        // Port 9 of this machine: nothing listens there.
        using var notebook = Notebook($"#i \"nuget: https://127.0.0.1:9/v3/index.json\"\n#r \"nuget: {name}, 1.0.0\"");
        var failure = await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run());
        Assert.Contains("NU1301", failure.Message);
        Assert.Contains("Without a network", failure.Message);
    }

    [Fact]
    public async Task Another_version_of_a_loaded_package_is_refused_in_words()
    {
        foreach (var version in (string[])["1.0.0", "2.0.0"]) SomePackages.Pack(feed, name, version, "public static class Versioned { public static string Say() => \"v\"; }");
        using var notebook = Notebook($"#i \"nuget: {feed}\"\n#r \"nuget: {name}, 1.0.0\"\nVersioned.Say()", $"#r \"nuget: {name}, 2.0.0\"\nVersioned.Say()");
        var failure = await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run());
        Assert.Equal(2, failure.Cell);
        Assert.Contains($"{name} 2.0.0 is wanted, but 1.0.0 of it is loaded", failure.Message);
    }

    [Fact]
    public async Task A_package_that_no_cell_used_yet_may_change_its_version()
    {
        foreach (var version in (string[])["1.0.0", "2.0.0"]) SomePackages.Pack(feed, name, version, $"public static class Which {{ public static string Say() => \"{version}\"; }}");
        using var notebook = Notebook($"#i \"nuget: {feed}\"\n#r \"nuget: {name}, 1.0.0\"", $"#r \"nuget: {name}, 2.0.0\"\nWhich.Say()");
        var run = await notebook.Run();
        Assert.Equal("2.0.0", run.Notebook.Cells[1].Outputs[1].As("text/plain"));
    }

    [Fact]
    public async Task What_the_program_has_is_not_loaded_a_second_time()
    {
        // A package that carries an assembly of this very process's name.
        var own = typeof(Shared).Assembly.GetName().Name!;
        SomePackages.Pack(feed, own, "9.0.0", "[assembly: System.Reflection.AssemblyVersion(\"9.0.0.0\")] namespace Citrus.Research.Notebooks.Tests; public static class Shared { public static int Value { get; set; } }");
        Shared.Value = 41;
        using var notebook = Notebook($"#i \"nuget: {feed}\"\n#r \"nuget: {own}, 9.0.0\"\nCitrus.Research.Notebooks.Tests.Shared.Value + 1");
        var run = await notebook.Run();
        Assert.Equal("42", run.Notebook.Cells[0].Outputs[1].As("text/plain"));
        Assert.Contains("is used instead of", run.Notebook.Cells[0].Outputs[0].As("text/plain"));
    }

    [Fact]
    public async Task The_NuGet_config_beside_the_notebook_is_obeyed()
    {
        SomePackages.Pack(feed, name, "1.0.0", "public static class Configured { public static int One => 1; }");
        using var notebook = SomeNotebook.Of($"#r \"nuget:{name}\"\nConfigured.One");
        SomePackages.Isolate(notebook.Folder, $"<add key=\"here\" value=\"{feed}\" />");
        var run = await notebook.Run();
        Assert.Equal("1", run.Notebook.Cells[0].Outputs[1].As("text/plain"));
        Assert.True(Directory.Exists(Path.Combine(notebook.Folder, "packages", name.ToLowerInvariant(), "1.0.0")));
    }

    [Fact]
    public async Task A_native_library_in_a_package_is_found()
    {
        using var notebook = SomeNotebook.Of(
            """
            #r "nuget: SQLitePCLRaw.bundle_e_sqlite3, 2.1.11"
            SQLitePCL.Batteries_V2.Init();
            SQLitePCL.raw.sqlite3_libversion().utf8_to_string()
            """);
        NotebookRun run;
        try
        {
            run = await notebook.Run();
        }
        catch (CellFailedException e) when (e.Message.Contains("NU1301", StringComparison.Ordinal) || e.Message.Contains("NU1101", StringComparison.Ordinal))
        {
            Assert.Skip($"SQLitePCLRaw.bundle_e_sqlite3 cannot be had here: {e.Message}");
            throw;
        }

        Assert.StartsWith("3.", run.Notebook.Cells[0].Outputs[1].As("text/plain"));
    }

    [Theory]
    [InlineData("#r \"nuget: ../x, 1\"", "is no package name")]
    [InlineData("#r \"nuget: X, latest$\"", "is no version")]
    [InlineData("#i \"nuget: ftp://x/\"", "a folder or an https address")]
    [InlineData("#i \"nuget: not-there\"", "does not exist")]
    [InlineData("#i \"somewhere\"", "write #i \"nuget: SOURCE\"")]
    public async Task A_directive_that_says_nothing_sensible_is_refused(string line, string expected)
    {
        using var notebook = Notebook(line);
        Assert.Contains(expected, (await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run())).Message);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(PackageRestore.CacheVariable, null);
        Directory.Delete(feed, recursive: true);
        Directory.Delete(cache, recursive: true);
    }

    private static SomeNotebook Notebook(params string[] cells)
    {
        var notebook = SomeNotebook.Of(cells);
        SomePackages.Isolate(notebook.Folder);
        return notebook;
    }
}
