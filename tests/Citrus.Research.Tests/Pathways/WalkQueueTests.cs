using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Pathways;

public sealed class WalkQueueTests
{
    private static PathwayMove Move(int steps) => PathwayMove.Ask(
        new PathwayState
        {
            Question = Some.Question(),
            Register = Register.Vignette,
            Phase = "x",
            Steps = [.. Enumerable.Range(0, steps).Select(i => new Step { Role = ExpertRoles.Reasoning, Kind = StepKind.Observation, Text = $"{i}" })],
        },
        new ExpertRequest(ExpertRoles.Reasoning, "", "", ""));

    [Fact]
    public void While_many_wait_a_question_that_was_begun_is_gone_on_with()
    {
        var queue = new WalkQueue([.. Enumerable.Range(0, 10)], _ => Move(0), together: 2);
        var walk = queue.Take()!;
        Assert.Equal(0, walk.Index);
        for (var step = 1; step < 4; step++) Assert.Equal(0, (walk = queue.Next(walk with { Move = Move(step) })).Index);
        Assert.Equal(1, queue.Take()!.Index);
    }

    [Fact]
    public void In_the_end_the_least_advanced_goes_first()
    {
        var queue = new WalkQueue([0, 1, 2], _ => Move(0), together: 2);
        var first = queue.Take()!;
        // Two are left: they are begun together, and whoever is far on waits for them.
        Assert.Equal(1, queue.Next(first with { Move = Move(3) }).Index);
        Assert.Equal(2, queue.Take()!.Index);
        Assert.Equal(0, queue.Take()!.Index);
        Assert.Null(queue.Take());
    }

    [Fact]
    public void Every_question_is_served_until_it_ends_whatever_the_number_of_workers()
    {
        foreach (var (workers, count) in (ReadOnlySpan<(int, int)>)[(1, 1), (1, 7), (3, 7), (8, 5), (8, 100)])
        {
            var queue = new WalkQueue([.. Enumerable.Range(0, count)], _ => Move(0), workers);
            var ended = new List<int>();
            // Workers in turn, each with one question in hand.
            var hands = new WalkQueue.Walk?[workers];
            for (var w = 0; w < workers; w++) hands[w] = queue.Take();
            for (var rounds = 0; hands.Any(h => h is not null) && rounds < 10_000; rounds++)
            {
                var w = rounds % workers;
                if (hands[w] is not { } walk) continue;
                var steps = walk.Move.State.Steps.Count + 1;
                if (steps > walk.Index % 5) ended.Add(walk.Index);
                hands[w] = steps > walk.Index % 5 ? queue.Take() : queue.Next(walk with { Move = Move(steps) });
            }

            Assert.Equal(Enumerable.Range(0, count), ended.Order());
        }
    }
}
