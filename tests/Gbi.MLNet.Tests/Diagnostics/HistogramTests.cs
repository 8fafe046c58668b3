using Gbi.Diagnostics;

namespace Gbi.Tests.Diagnostics;

/// <summary>Histograms and their ratios.</summary>
internal sealed class HistogramTests
{
    [Test]
    public void A_ratio_has_the_errors_of_its_numerator_alone_and_no_value_without_a_denominator()
    {
        var numerator = Histogram.Of([0, 1, 2, 3], [(4, 2), (3, 1), (0, 0)]);
        var denominator = Histogram.Of([0, 1, 2, 3], [(2, 0.5), (0, 0), (5, 1)]);
        Histogram ratio = numerator.Over(denominator);
        Assert.Multiple(() =>
        {
            Assert.That(ratio.Sums, Is.EqualTo((double[])[2, double.NaN, 0]));
            Assert.That(Enumerable.Range(0, 3).Select(ratio.Error), Is.EqualTo((double[])[1, double.NaN, 0]));
        });
    }
}
