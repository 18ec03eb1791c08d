using Citrus.Research.Pathways;
using CsCheck;

namespace Citrus.Research.Tests.Pathways;

public sealed class ReplyReaderTests
{
    [Theory]
    [InlineData("""{"answer": "B"}""", ReplyQuality.Parsed, "B")]
    [InlineData("""{"answer": "Asthma"}""", ReplyQuality.Repaired, "B")]
    [InlineData("""{"answer": "B. Asthma"}""", ReplyQuality.Repaired, "B")]
    [InlineData("""{"answer": "(b)"}""", ReplyQuality.Repaired, "B")]
    [InlineData("```json\n{\"answer\": \"B\",}\n```", ReplyQuality.Repaired, "B")]
    [InlineData("Let me think {hard}. {\"answer\": \"C\"} Done.", ReplyQuality.Repaired, "C")]
    [InlineData("It wheezes.\nThe answer is B.", ReplyQuality.Repaired, "B")]
    [InlineData("<think>It wheezes.</think><answer>B. Asthma</answer>", ReplyQuality.Repaired, "B")]
    [InlineData("""{"answer": "A. Asthma"}""", ReplyQuality.Unusable, null)]
    [InlineData("""{"answer": "D"}""", ReplyQuality.Unusable, null)]
    [InlineData("""{"answer": "A patient with asthma"}""", ReplyQuality.Unusable, null)]
    [InlineData("""{"answer": null}""", ReplyQuality.Unusable, null)]
    [InlineData("I cannot help with that.", ReplyQuality.Unusable, null)]
    [InlineData("", ReplyQuality.Unusable, null)]
    public void An_answer_is_read_where_its_meaning_is_plain_and_never_guessed(string text, ReplyQuality quality, string? label)
    {
        var read = ReplyReader.Reasoning(text, Some.Question(), needsAnswer: true, needsStep: false);
        Assert.Equal((quality, label), (read.Quality, read.Value?.Answer));
        Assert.Equal(quality == ReplyQuality.Parsed, read.Problem is null);
    }

    [Fact]
    public void Steps_keep_their_kind_and_text()
    {
        var read = ReplyReader.Reasoning("""{"steps":[{"kind":"Hypothesis","text":" Consider asthma. "},{"kind":"musing","text":"Hm."},"plain",{"text":""}],"answer":"B"}""", Some.Question(), true, true);
        Assert.Equal(ReplyQuality.Repaired, read.Quality);
        Assert.Equal([(StepKind.Hypothesis, "Consider asthma."), (StepKind.Observation, "Hm."), (StepKind.Observation, "plain")], read.Value!.Steps);
    }

    [Theory]
    [InlineData("""{"rating": 1, "feedback": "fine"}""", ReplyQuality.Parsed, true)]
    [InlineData("""{"rating": "0", "feedback": "no"}""", ReplyQuality.Repaired, false)]
    [InlineData("""{"sufficient": true}""", ReplyQuality.Parsed, true)]
    [InlineData("Rating: 0, the count is wrong.", ReplyQuality.Repaired, false)]
    [InlineData("""{"rating": 0.5}""", ReplyQuality.Unusable, null)]
    [InlineData("""{"rating": 10}""", ReplyQuality.Unusable, null)]
    [InlineData("looks good to me", ReplyQuality.Unusable, null)]
    public void A_rating_is_zero_or_one_or_unusable(string text, ReplyQuality quality, bool? accepts)
    {
        var read = ReplyReader.Rating(text);
        Assert.Equal((quality, accepts), (read.Quality, read.Value?.Accepts));
    }

    [Fact]
    public void No_text_whatever_makes_the_reader_throw()
    {
        string[] bits = ["{", "}", "\"", "answer", "rating", ":", "B", "[", "]", "<answer>", "\\", ",", "1"];
        Gen.OneOf(Gen.String, Gen.Int[0, bits.Length - 1].Select(i => bits[i]).Array[0, 30].Select(string.Concat)).Sample(text =>
        {
            ReplyReader.Rating(text);
            var read = ReplyReader.Reasoning(text, Some.Question(), needsAnswer: true, needsStep: true);
            Assert.Equal(read.Quality == ReplyQuality.Unusable, read.Value is null);
        }, iter: 2000);
    }
}
