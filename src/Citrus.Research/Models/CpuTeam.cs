using System.Runtime.ExceptionServices;

namespace Citrus.Research.Models;

/// <summary>Threads that share out many small pieces of work, thousands of times a second: they wait by spinning for a moment, then asleep.</summary>
/// <remarks>Pieces are taken one by one, so that a thread that the system holds up costs little. One caller at a time.</remarks>
internal sealed class CpuTeam : IDisposable
{
    /// <summary>Turns of the loop that a thread waits awake; about 20 microseconds.</summary>
    private const int Patience = 400;

    private readonly Thread[] _helpers;
    private readonly Lock _started = new();
    private readonly object _bed = new();
    private Action<int, int>? _work;
    private ExceptionDispatchInfo? _failure;
    private long _ticket;
    private int _round, _count, _done, _sleepers;
    private bool _running, _stopped;

    /// <param name="threads">Threads that work, the caller's included.</param>
    public CpuTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _helpers = [.. Enumerable.Range(1, threads - 1).Select(i => new Thread(() => Help(i)) { IsBackground = true, Name = $"citrus team {i}" })];
    }

    public int Threads => _helpers.Length + 1;

    /// <summary>Does pieces 0 to <paramref name="count"/> - 1, in any order and on any of the threads, and returns when all are done.</summary>
    /// <param name="work">Gets the piece and the number of the thread that does it, from 0.</param>
    public void Run(int count, Action<int, int> work)
    {
        if (count == 1 || _helpers.Length == 0)
        {
            for (var i = 0; i < count; i++) work(i, 0);
            return;
        }

        if (!_running) Start();
        var round = _round + 1;
        // The order matters: who holds a ticket of an older round must see the new round before the new count.
        Volatile.Write(ref _round, round);
        Volatile.Write(ref _count, count);
        (_work, _done, _failure) = (work, 0, null);
        Interlocked.Exchange(ref _ticket, (long)round << 32);
        if (Volatile.Read(ref _sleepers) > 0)
        {
            lock (_bed) Monitor.PulseAll(_bed);
        }

        Take(round, 0);
        var wait = new SpinWait();
        while (Volatile.Read(ref _done) < count) wait.SpinOnce(sleep1Threshold: -1);
        _work = null;
        _failure?.Throw();
    }

    public void Dispose()
    {
        lock (_bed)
        {
            _stopped = true;
            Monitor.PulseAll(_bed);
        }
    }

    private void Start()
    {
        lock (_started)
        {
            if (_running) return;
            foreach (var helper in _helpers) helper.Start();
            _running = true;
        }
    }

    private void Help(int thread)
    {
        var seen = 0;
        while (true)
        {
            for (var i = 0; i < Patience && Volatile.Read(ref _round) == seen && !Volatile.Read(ref _stopped); i++) Thread.SpinWait(1);
            if (Volatile.Read(ref _round) == seen)
            {
                lock (_bed)
                {
                    Interlocked.Increment(ref _sleepers);
                    while (Volatile.Read(ref _round) == seen && !_stopped) Monitor.Wait(_bed);
                    Interlocked.Decrement(ref _sleepers);
                }
            }

            if (Volatile.Read(ref _stopped)) return;
            seen = Volatile.Read(ref _round);
            Take(seen, thread);
        }
    }

    private void Take(int round, int thread)
    {
        // The round is told before its tickets are there: wait for them.
        while (true)
        {
            var at = Volatile.Read(ref _ticket) >> 32;
            if (at == round) break;
            if ((int)at - round > 0 || Volatile.Read(ref _round) != round) return;
            Thread.SpinWait(1);
        }

        while (true)
        {
            var ticket = Interlocked.Increment(ref _ticket);
            var (of, index) = ((int)(ticket >> 32), (int)(ticket & 0xffffffff) - 1);
            // A piece of the next round is as good; a ticket that is none any more is void.
            if (index >= Volatile.Read(ref _count) || Volatile.Read(ref _round) != of) return;
            try
            {
                _work!(index, thread);
            }
            catch (Exception e)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }

            Interlocked.Increment(ref _done);
        }
    }
}
