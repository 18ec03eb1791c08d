using Citrus.Research.Pathways;
using Citrus.Research.Synthesis;
using CsCheck;

namespace Citrus.Research.Tests.Synthesis;

public sealed class PreferenceRepliesTests
{
    [Theory]
    [InlineData("""{"score": 85, "reason": "sound"}""", ReplyQuality.Parsed, 85.0)]
    [InlineData("""{"score": 0}""", ReplyQuality.Parsed, 0.0)]
    [InlineData("""Here you are: {"score": "72.5/100", "reason": 3}""", ReplyQuality.Repaired, 72.5)]
    [InlineData("```json\n{\"score\": 40,}\n```", ReplyQuality.Repaired, 40.0)]
    [InlineData("Score: 64", ReplyQuality.Repaired, 64.0)]
    [InlineData("""{"score": 101}""", ReplyQuality.Unusable, null)]
    [InlineData("""{"score": -1}""", ReplyQuality.Unusable, null)]
    [InlineData("""{"score": null}""", ReplyQuality.Unusable, null)]
    [InlineData("""{"score": 1e999}""", ReplyQuality.Unusable, null)]
    [InlineData("Score: 6400", ReplyQuality.Unusable, null)]
    [InlineData("a fine answer", ReplyQuality.Unusable, null)]
    [InlineData("", ReplyQuality.Unusable, null)]
    public void A_score_is_read(string text, ReplyQuality quality, double? score)
    {
        var reply = PreferenceReplies.Score(text);
        Assert.Equal((quality, score), (reply.Quality, reply.Value?.Score));
    }

    [Theory]
    [InlineData("""{"better": 1, "reason": "sound"}""", ReplyQuality.Parsed, 1)]
    [InlineData("""{"better": 0}""", ReplyQuality.Parsed, 0)]
    [InlineData("""{"better": "2"}""", ReplyQuality.Repaired, 2)]
    [InlineData("""{"better": "tie"}""", ReplyQuality.Repaired, 0)]
    [InlineData("better: first", ReplyQuality.Repaired, 1)]
    [InlineData("""{"better": 3}""", ReplyQuality.Unusable, null)]
    [InlineData("""{"better": [1]}""", ReplyQuality.Unusable, null)]
    [InlineData("both are fine", ReplyQuality.Unusable, null)]
    public void A_comparison_is_read(string text, ReplyQuality quality, int? better)
    {
        var reply = PreferenceReplies.Better(text);
        Assert.Equal((quality, better), (reply.Quality, reply.Value?.Better));
    }

    [Theory]
    [InlineData("""{"option": "B"}""", ReplyQuality.Parsed, "B")]
    [InlineData("""{"option": ""}""", ReplyQuality.Parsed, null)]
    [InlineData("""{"option": null}""", ReplyQuality.Parsed, null)]
    [InlineData("""{"option": "asthma"}""", ReplyQuality.Repaired, "B")]
    [InlineData("B", ReplyQuality.Repaired, "B")]
    [InlineData("""{"option": "Z"}""", ReplyQuality.Unusable, null)]
    [InlineData("""{"label": "B"}""", ReplyQuality.Unusable, null)]
    public void A_match_is_read(string text, ReplyQuality quality, string? label)
    {
        var reply = PreferenceReplies.Option(text, Pathways.Some.Question());
        Assert.Equal((quality, label), (reply.Quality, reply.Value?.Label));
    }

    [Fact]
    public void No_text_makes_them_throw() => Gen.OneOf(Gen.String, Gen.Char["{}[]\":,0123456789 scorebettrpin"].Array[0, 60].Select(c => new string(c))).Sample(text =>
    {
        Assert.True(PreferenceReplies.Score(text).Value is null or { Score: >= 0 and <= 100 });
        Assert.True(PreferenceReplies.Better(text).Value is null or { Better: 0 or 1 or 2 });
        Assert.True(PreferenceReplies.Option(text, Pathways.Some.Question()).Value?.Label is null or "A" or "B" or "C");
    });
}
