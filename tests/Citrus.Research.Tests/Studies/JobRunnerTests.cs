using System.Collections.Concurrent;
using Citrus.Research.Studies;

namespace Citrus.Research.Tests.Studies;

public sealed class JobRunnerTests
{
    private static StepId Id(string name) => new(name, "");

    private static Job Some(string name, Action<CancellationToken>? work = null, double cost = 1, params string[] needs) =>
        new(Id(name), name, [.. needs.Select(Id)], cost, (progress, cancellation) =>
        {
            progress(0.5);
            work?.Invoke(cancellation);
        });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_job_runs_once_after_what_it_needs(int workers)
    {
        var order = new ConcurrentQueue<string>();
        Job Log(string name, params string[] needs) => Some(name, _ => order.Enqueue(name), needs: needs);
        JobRunner.Run([Log("score", "student"), Log("student", "base"), Log("base"), Log("other", "base"), Log("free", "outside")], workers, null, default);
        var ran = order.ToList();
        Assert.Equal(5, ran.Distinct().Count());
        Assert.Equal(5, ran.Count);
        Assert.True(ran.IndexOf("base") < ran.IndexOf("student") && ran.IndexOf("student") < ran.IndexOf("score") && ran.IndexOf("base") < ran.IndexOf("other"));
    }

    [Fact]
    public void A_failure_names_the_job_and_stops_what_has_not_started()
    {
        var later = false;
        var error = Assert.Throws<AggregateException>(() =>
            JobRunner.Run([Some("bad", _ => throw new InvalidDataException("no weights")), Some("later", _ => later = true, needs: "bad")], 2, null, default));
        Assert.Equal("bad: no weights", error.InnerExceptions.Single().Message);
        Assert.False(later);
    }

    [Fact]
    public void Jobs_that_wait_for_each_other_are_an_error() =>
        Assert.Contains("wait for each other", Assert.Throws<AggregateException>(() => JobRunner.Run([Some("a", needs: "b"), Some("b", needs: "a")], 2, null, default)).Message);

    [Fact]
    public void Cancelling_stops_the_jobs_at_work()
    {
        using var stop = new CancellationTokenSource();
        var job = Some("long", cancellation =>
        {
            stop.Cancel();
            cancellation.WaitHandle.WaitOne();
            cancellation.ThrowIfCancellationRequested();
        });
        Assert.Throws<OperationCanceledException>(() => JobRunner.Run([job], 1, null, stop.Token));
    }

    [Fact]
    public void Progress_ends_at_one()
    {
        var seen = new ConcurrentQueue<JobProgress>();
        JobRunner.Run([Some("a", cost: 3), Some("b", cost: 1, needs: "a")], 2, seen.Enqueue, default);
        Assert.Equal(1, seen.Last().Fraction);
        Assert.Equal((2, 2), (seen.Last().Done, seen.Last().Total));
        Assert.All(seen, p => Assert.InRange(p.Fraction, 0, 1));
    }
}
