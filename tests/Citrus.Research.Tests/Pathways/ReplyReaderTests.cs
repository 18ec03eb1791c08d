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
    [InlineData("""{"Answer": "B"}""", ReplyQuality.Parsed, "B")]
    [InlineData("<ANSWER>B", ReplyQuality.Repaired, "B")]
    [InlineData("""{"answer": "B" """, ReplyQuality.Repaired, "B")]
    [InlineData("""{"answer": "选项B"}""", ReplyQuality.Repaired, "B")]
    [InlineData("""{"answer": "B、Asthma"}""", ReplyQuality.Repaired, "B")]
    [InlineData("""{"answer": "答案是B。"}""", ReplyQuality.Repaired, "B")]
    [InlineData("""{"answer": "\ud800"}""", ReplyQuality.Unusable, null)]
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

    [Fact]
    public void A_reply_that_was_cut_off_inside_a_text_is_not_mended_but_one_that_lacks_brackets_is()
    {
        Assert.Equal(ReplyQuality.Unusable, ReplyReader.Reasoning("""{"step": {"kind": "hypothesis", "text": "Consider asth""", Some.Question(), false, true).Quality);
        var read = ReplyReader.Reasoning("""{"step": {"kind": "hypothesis", "text": "Consider asthma." """, Some.Question(), false, true);
        Assert.Equal((ReplyQuality.Repaired, "Consider asthma."), (read.Quality, read.Value!.Steps[0].Text));
    }

    [Fact]
    public void Candidates_keep_their_order_and_lose_repeats_and_answers_that_are_no_option()
    {
        var read = ReplyReader.Branch("""{"candidates":[{"kind":"conclusion","text":"a","answer":"B"},{"kind":"conclusion","text":"a","answer":"C"},{"kind":"conclusion","text":"b","answer":"Z"},{"kind":"hypothesis","text":"c"}]}""", Some.Question(), 3);
        Assert.Equal(ReplyQuality.Repaired, read.Quality);
        Assert.Equal([new Candidate(StepKind.Conclusion, "a", "B"), new Candidate(StepKind.Hypothesis, "c", null)], read.Value!.Candidates);
        Assert.Equal("too little", ReplyReader.Branch("""{"abstain":"too little"}""", Some.Question(), 3).Value!.Abstains);
        Assert.Equal(ReplyQuality.Unusable, ReplyReader.Branch("""{"candidates":[]}""", Some.Question(), 3).Quality);
    }

    [Theory]
    [InlineData("""{"ratings":[{"candidate":2,"score":80,"feedback":"x"},{"candidate":1,"score":5}]}""", ReplyQuality.Parsed, 5d, 80d)]
    [InlineData("""{"ratings":[{"score":"70%"},{"score":30}]}""", ReplyQuality.Parsed, 70d, 30d)]
    [InlineData("""{"ratings":[{"candidate":1,"score":50},{"candidate":7,"score":50}]}""", ReplyQuality.Repaired, 50d, null)]
    [InlineData("""{"ratings":[{"candidate":1,"score":500}]}""", ReplyQuality.Unusable, null, null)]
    [InlineData("""{"ratings":"good"}""", ReplyQuality.Unusable, null, null)]
    public void Scores_go_to_the_candidates_they_name(string text, ReplyQuality quality, double? first, double? second)
    {
        var read = ReplyReader.Scores(text, 2);
        Assert.Equal((quality, first, second), (read.Quality, read.Value?.Scores[0]?.Score, read.Value?.Scores[1]?.Score));
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
        string[] bits = ["{", "}", "\"", "answer", "rating", ":", "B", "[", "]", "<answer>", "\\", ",", "1", "ud800", "candidates", "ratings", "score"];
        Gen.OneOf(Gen.String, Gen.Int[0, bits.Length - 1].Select(i => bits[i]).Array[0, 30].Select(string.Concat)).Sample(text =>
        {
            ReplyReader.Rating(text);
            ReplyReader.Branch(text, Some.Question(), 3);
            ReplyReader.Scores(text, 2);
            var read = ReplyReader.Reasoning(text, Some.Question(), needsAnswer: true, needsStep: true);
            Assert.Equal(read.Quality == ReplyQuality.Unusable, read.Value is null);
        }, iter: 2000);
    }
}
