using System.Diagnostics;

namespace Citrus.Research.Studies;

/// <summary>Runs jobs on a few threads, each when what it needs is finished, the costliest ready one first.</summary>
public static class JobRunner
{
    /// <summary>Runs all jobs; the first failure stops the rest after the jobs at work have been cancelled.</summary>
    /// <param name="workers">Threads; each runs one job at a time.</param>
    /// <exception cref="AggregateException">A job failed for another reason than cancellation.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static void Run(IReadOnlyList<Job> jobs, int workers, Action<JobProgress>? progress, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        var gate = new object();
        var known = jobs.Select(j => j.Step).ToHashSet();
        var waiting = jobs.OrderByDescending(j => j.Cost).ToList();
        var done = new HashSet<StepId>();
        var running = new Dictionary<StepId, (Job Job, double Fraction)>();
        var finishedCost = 0.0;
        var totalCost = Math.Max(jobs.Sum(j => j.Cost), double.Epsilon);
        var failures = new List<Exception>();
        var clock = Stopwatch.StartNew();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        void Report()
        {
            if (progress is null) return;
            var fraction = Math.Min(1, (finishedCost + running.Values.Sum(r => r.Job.Cost * r.Fraction)) / totalCost);
            TimeSpan? left = fraction > 0.005 ? clock.Elapsed * ((1 - fraction) / fraction) : null;
            progress(new JobProgress(done.Count, jobs.Count, fraction, clock.Elapsed, left, [.. running.Values.Select(r => (r.Job.Name, r.Fraction))]));
        }

        void Work()
        {
            while (true)
            {
                Job job;
                lock (gate)
                {
                    while (true)
                    {
                        if (stop.IsCancellationRequested || waiting.Count == 0) return;
                        var ready = waiting.FindIndex(j => j.Needs.All(n => !known.Contains(n) || done.Contains(n)));
                        if (ready >= 0)
                        {
                            job = waiting[ready];
                            waiting.RemoveAt(ready);
                            running[job.Step] = (job, 0);
                            break;
                        }

                        if (running.Count == 0) throw new StudyException($"Nothing can start: {string.Join(", ", waiting.Select(j => j.Step))} wait for each other.");
                        Monitor.Wait(gate, 200);
                    }

                    Report();
                }

                try
                {
                    job.Run(fraction =>
                    {
                        lock (gate)
                        {
                            running[job.Step] = (job, fraction);
                            Report();
                        }
                    }, stop.Token);
                    lock (gate)
                    {
                        done.Add(job.Step);
                        finishedCost += job.Cost;
                    }
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                }
                catch (Exception error)
                {
                    lock (gate) failures.Add(new StudyException($"{job.Name}: {error.Message}", error));
                    stop.Cancel();
                }
                finally
                {
                    lock (gate)
                    {
                        running.Remove(job.Step);
                        Report();
                        Monitor.PulseAll(gate);
                    }
                }
            }
        }

        var threads = Enumerable.Range(0, Math.Min(workers, Math.Max(1, jobs.Count))).Select(i => new Thread(() =>
        {
            try
            {
                Work();
            }
            catch (Exception error)
            {
                lock (gate) failures.Add(error);
                stop.Cancel();
            }
        })
        { IsBackground = true, Name = $"study {i}" }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        if (failures.Count > 0) throw new AggregateException(failures);
        cancellation.ThrowIfCancellationRequested();
    }
}
