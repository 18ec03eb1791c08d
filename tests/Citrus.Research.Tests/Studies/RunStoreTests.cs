using Citrus.Research.Studies;

namespace Citrus.Research.Tests.Studies;

public sealed class RunStoreTests : IDisposable
{
    private static readonly StepId Step = new("score", "0123456789abcdef");

    private readonly string _root = Directory.CreateTempSubdirectory("citrus-store-").FullName;

    public void Dispose() => Directory.Delete(_root, true);

    private sealed record Result(int Value, double Share);

    [Fact]
    public void What_is_kept_is_found_again()
    {
        using (var store = new RunStore(_root)) store.Keep(Step, "a score", new { seed = 1 }, new Result(7, 0.1 + 0.2), 1.5);
        using var again = new RunStore(_root);
        Assert.Equal(new Result(7, 0.1 + 0.2), again.Result<Result>(Step));
    }

    [Fact]
    public void Committed_records_count_as_finished()
    {
        var committed = Path.Combine(_root, "committed");
        using (var store = new RunStore(Path.Combine(_root, "a")))
        {
            store.Keep(Step, "a score", new { }, new Result(7, 1), 0);
            store.Publish(Step, committed);
        }

        using var elsewhere = new RunStore(Path.Combine(_root, "b"), committed);
        Assert.Equal(7, elsewhere.Result<Result>(Step)!.Value);
    }

    [Fact]
    public void A_second_run_in_the_same_folder_is_refused()
    {
        using var first = new RunStore(_root);
        Assert.Contains("in use by another run", Assert.Throws<StudyException>(() => new RunStore(_root)).Message);
    }

    [Fact]
    public void A_folder_of_another_version_is_refused_with_the_mend()
    {
        File.WriteAllText(Path.Combine(_root, "store.json"), """{"format":99}""");
        Assert.Contains("format 99", Assert.Throws<StudyException>(() => new RunStore(_root)).Message);
        File.WriteAllText(Path.Combine(_root, "store.json"), "not json");
        Assert.Contains("format unknown", Assert.Throws<StudyException>(() => new RunStore(_root)).Message);
    }

    [Fact]
    public void A_damaged_record_is_named()
    {
        using var store = new RunStore(_root);
        store.Keep(Step, "a score", new { }, new Result(7, 1), 0);
        var path = Path.Combine(_root, "records", Step + ".json");
        File.WriteAllText(path, File.ReadAllText(path)[..40]);
        Assert.Contains(path, Assert.Throws<StudyException>(() => store.Find(Step)).Message);
    }

    [Fact]
    public void An_artifact_that_was_not_finished_is_not_there()
    {
        using var store = new RunStore(_root);
        Assert.Throws<InvalidOperationException>(() => store.KeepArtifact(Step, folder =>
        {
            File.WriteAllText(Path.Combine(folder, "half"), "");
            throw new InvalidOperationException();
        }));
        Assert.Null(store.Artifact(Step));
        store.KeepArtifact(Step, folder => File.WriteAllText(Path.Combine(folder, "whole"), ""));
        Assert.Equal(["whole"], Directory.GetFiles(store.Artifact(Step)!).Select(Path.GetFileName));
    }
}
