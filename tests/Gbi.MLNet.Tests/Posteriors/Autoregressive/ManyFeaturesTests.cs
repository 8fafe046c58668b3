using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Autoregressive;

[TestFixture]
internal sealed class ManyFeaturesTests
{
    private const int Bins = 33;
    private const double Noise = 0.5;

    private static readonly Prior Peaks = Prior.Independent(Prior.Uniform("t0", -1, 1), Prior.Uniform("t1", 2, 4));

    // A peak of unit width at t0 with the height t1, sampled in 33 points a quarter apart, each with an error of 1/2.
    private static void Peak(Random random, ReadOnlySpan<double> parameters, Span<double> features)
    {
        for (int bin = 0; bin < Bins; bin++)
        {
            double away = -4 + (0.25 * bin) - parameters[0];
            features[bin] = Normal.Sample(random, parameters[1] * Math.Exp(-0.5 * away * away), Noise);
        }
    }

    [Test]
    public void Position_and_height_of_a_peak_in_a_histogram_are_as_precise_as_the_likelihood_allows()
    {
        // Fisher information: Σ (∂/∂t0)² = t1² Σ u² exp(−u²)/σ² = t1² 4 (√π/2)/σ², Σ (∂/∂t1)² = 4 √π/σ², and no correlation.
        double ofPosition = Noise / Math.Sqrt(2 * Math.Sqrt(Math.PI));
        double ofHeight = Noise / Math.Sqrt(4 * Math.Sqrt(Math.PI));
        Simulated data = Simulated.Of(Peaks, Bins, 3000, 1, Peak);
        var posterior = TreePosterior.Train(
            Peaks, data.Parameters, data.Observations, new TreePosteriorOptions { MemberCount = 1 }, new Seed(1));
        Simulated fresh = Simulated.Of(
            Prior.Independent(Prior.Uniform("t0", -0.6, 0.6), Prior.Uniform("t1", 2.6, 3.4)), Bins, 30, 2, Peak);
        double[] position = new double[fresh.Parameters.Count];
        double[] height = new double[position.Length];
        for (int row = 0; row < position.Length; row++)
        {
            IReadOnlyList<ParameterSummary> summary =
                posterior.Given(fresh.Observations.Slice(row, 1)).Summarise(1000, new Seed(3)).Parameters;
            position[row] = summary[0].StandardDeviation * fresh.Parameters["t1"][row] / ofPosition;
            height[row] = summary[1].StandardDeviation / ofHeight;
        }

        Assert.That(position.Average(), Is.EqualTo(1).Within(0.04));
        Assert.That(height.Average(), Is.EqualTo(1).Within(0.04));
    }
}
