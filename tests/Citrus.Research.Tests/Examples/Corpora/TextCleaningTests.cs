using Citrus.Research.Examples.Corpora;
using CsCheck;

namespace Citrus.Research.Tests.Examples.Corpora;

public sealed class TextCleaningTests
{
    private static readonly CleaningRules Rules = new() { LeastCharacters = 10 };

    [Theory]
    [InlineData("cafe\u0301 au lait\tand  more", "caf\u00e9 au lait and more")]
    [InlineData("one line\r\n\r\n\r\n\r\nand\u200b another \n third", "one line\n\nand another\nthird")]
    [InlineData("\ufeffa\u0000b\u0007 plain\u00a0text", "ab plain text")]
    [InlineData("The heart has four chambers.\nWe use cookies to improve.\nSkip to main content\nIt pumps blood.", "The heart has four chambers.\nIt pumps blood.")]
    [InlineData("心脏有四个腔室。\n版权所有，未经许可不得转载\n它泵送血液。", "心脏有四个腔室。\n它泵送血液。")]
    public void Texts_are_tidied(string text, string expected) => Assert.Equal(expected, TextCleaning.Clean(text, Rules).Text);

    [Theory]
    [InlineData("short", "too short")]
    [InlineData("--- 12 === ### *** +++ ||| --- ===", "few letters")]
    [InlineData("buy it now buy it now buy it now buy it now buy it now buy it now buy it now buy it now", "repetitive")]
    [InlineData("the same line here\nthe same line here\nthe same line here", "repetitive")]
    public void What_is_not_worth_reading_is_left_out_with_the_reason(string text, string reason) => Assert.Equal((null, reason), TextCleaning.Clean(text, Rules));

    [Fact]
    public void A_long_line_that_speaks_of_cookies_is_no_boilerplate()
    {
        var line = string.Join(' ', Enumerable.Range(0, 40).Select(i => $"word{i}")) + " about cookies";
        Assert.Equal(line, TextCleaning.Clean(line, Rules).Text);
    }

    [Fact]
    public void A_clean_text_stays_as_it_is() => Gen.String[Gen.Char["aé 心\n\t\u200b\r."], 0, 80].Sample(text =>
    {
        if (TextCleaning.Clean(text, Rules).Text is not { } once) return;
        Assert.Equal((once, null), TextCleaning.Clean(once, Rules));
        Assert.DoesNotContain("\n\n\n", once, StringComparison.Ordinal);
    }, iter: 500);
}
