using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Questions;

public sealed class HostileLinesTests
{
    [Theory]
    [InlineData("""{"id":"q","stem":"\ud800?","options":[{"label":"A","text":"x"},{"label":"B","text":"y"}],"answers":["A"]}""", "surrogate")]
    [InlineData("""{"id":"q","stem":"s?","options":[{"label":"1","text":"x"},{"label":"2","text":"y"}],"answers":["1"]}""", "single letters from A to Z")]
    [InlineData("""{"id":"q","stem":"s?","options":[{"label":"A","text":"x"},{"label":"B","text":"y"}],"answers":["A"],"answers":["B"]}""", "answers")]
    public void What_could_be_read_in_two_ways_or_not_scored_is_refused(string line, string says)
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<QuestionFormatException>(() => QuestionFiles.Read(folder.With("q.jsonl", line)).Count());
        Assert.Equal(1, error.Line);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("answer:", " ")]
    [InlineData("", "answer: ( ")]
    [InlineData("B.", "\n")]
    public async Task An_answer_made_to_stall_the_patterns_is_read_soon(string before, string repeated)
    {
        Option[] options = [new("A", "asthma"), new("B", "gout")];
        // A guard against hanging, not a measurement: before the mend this took hours.
        await Task.Run(() => AnswerExtraction.Extract(before + string.Concat(Enumerable.Repeat(repeated, 20_000)) + "x", options), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }
}
