using Citrus.Research.Studies;

namespace Citrus.Research.Tests.Studies;

public sealed class StepHashTests
{
    [Fact]
    public void The_order_of_fields_does_not_matter() =>
        Assert.Equal(StepHash.Of("base", 1, new { a = 1, b = new { c = 2.5, d = "x" } }), StepHash.Of("base", 1, new { b = new { d = "x", c = 2.5 }, a = 1 }));

    [Fact]
    public void Kind_version_and_every_value_matter()
    {
        var ids = new[]
        {
            StepHash.Of("base", 1, new { a = 1 }), StepHash.Of("student", 1, new { a = 1 }), StepHash.Of("base", 2, new { a = 1 }),
            StepHash.Of("base", 1, new { a = 2 }), StepHash.Of("base", 1, new { b = 1 }),
        };
        Assert.Equal(ids.Length, ids.Select(i => i.Hash).Distinct().Count());
    }

    [Fact]
    public void The_hash_is_the_beginning_of_sha_256_over_canonical_json() =>
        // printf 'base\n1\n{"a":1}' | sha256sum
        Assert.Equal("3f54900a29b07dbc", StepHash.Of("base", 1, new { a = 1 }).Hash);
}
