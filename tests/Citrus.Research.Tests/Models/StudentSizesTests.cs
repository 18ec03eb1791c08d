using System.Globalization;
using Citrus.Research.Models;

namespace Citrus.Research.Tests.Models;

public sealed class StudentSizesTests
{
    [Fact]
    public void A_size_is_named_by_its_parameters_outside_the_embedding()
    {
        foreach (var name in StudentSizes.Names)
        {
            var config = StudentSizes.Get(name, 600);
            config.Validate();
            var named = double.Parse(name[..^1], CultureInfo.InvariantCulture) * 1e6;
            Assert.InRange(config.NonEmbeddingParameters / named, 0.8, 1.2);
            Assert.Equal(config.Parameters, Decoder.Names(config).Sum(n => n.Shape.Aggregate(1L, (a, b) => a * b)));
        }

        Assert.Contains("there are 0.1M", Assert.Throws<ArgumentException>(() => StudentSizes.Get("7B", 600)).Message);
    }
}
