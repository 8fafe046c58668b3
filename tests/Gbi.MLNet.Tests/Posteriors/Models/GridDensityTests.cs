using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Tests.Diagnostics.Posteriors;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Models;

/// <summary>Marginal and conditional densities and regions of the exact posterior N(x/2, 0.05 I).</summary>
internal sealed class GridDensityTests
{
    private static readonly double Sigma = Math.Sqrt(GaussianTask.PosteriorVariance);

    private static readonly Posterior Exact = new(
        new GaussianPosterior(3), EventTable.FromColumns(("x0", [0.2f]), ("x1", [-0.4f]), ("x2", [0f])), []);

    private static GridAxis Axis(int parameter, double centre, int cells) =>
        new($"theta{parameter}", centre - (6 * Sigma), centre + (6 * Sigma), cells);

    [Test]
    public void A_conditional_density_is_that_of_the_normal_law()
    {
        // Parameters are independent: what is known of theta1 and theta2 does not matter.
        GridAxis axis = Axis(0, 0.1, 200);
        GridDensity found = Exact.Conditional(new Dictionary<string, double> { ["theta1"] = 0.3, ["theta2"] = -0.1 }, axis);
        Assert.That(found.Probability, Is.EqualTo(1).Within(1e-12));
        for (int cell = 0; cell < 200; cell++)
        {
            Assert.That(found.Densities[cell], Is.EqualTo(Normal.PDF(0.1, Sigma, axis.Centre(cell))).Within(1e-5));
        }

        // A region of highest density is 2z wide, to a cell on each side.
        int inside = found.Densities.Count(density => density >= found.DensityOfRegion(0.95));
        Assert.That(inside * axis.CellWidth, Is.EqualTo(2 * 1.96 * Sigma).Within(2 * axis.CellWidth));
    }

    [Test]
    public void Two_free_parameters_have_a_density_row_by_row()
    {
        (GridAxis first, GridAxis second) = (Axis(2, 0, 40), Axis(0, 0.1, 60));
        GridDensity found = Exact.Conditional(new Dictionary<string, double> { ["theta1"] = 0 }, first, second);
        Assert.Multiple(() =>
        {
            Assert.That(found.Densities, Has.Count.EqualTo(2400));
            Assert.That(
                found.Densities[(11 * 60) + 25],
                Is.EqualTo(Normal.PDF(0, Sigma, first.Centre(11)) * Normal.PDF(0.1, Sigma, second.Centre(25))).Within(1e-4));
        });
    }

    [Test]
    public void A_histogram_of_draws_is_the_marginal_density()
    {
        EventTable draws = Exact.Draw(40_000, new Seed(1)).Table;
        GridAxis axis = Axis(1, -0.2, 24);
        GridDensity found = GridDensity.OfDraws(draws, axis);
        for (int cell = 0; cell < 24; cell++)
        {
            double low = axis.Low + (cell * axis.CellWidth);
            double exact = Normal.CDF(-0.2, Sigma, low + axis.CellWidth) - Normal.CDF(-0.2, Sigma, low);
            double error = Math.Sqrt((exact * (1 - exact) / 40_000) + 1e-10);
            Assert.That(found.Densities[cell] * axis.CellWidth, Is.EqualTo(exact).Within(5 * error), $"cell {cell}");
        }

        GridDensity half = GridDensity.OfDraws(draws, new GridAxis("theta1", -0.2, 3, 5), new GridAxis("theta0", -3, 3, 7));
        Assert.That(half.Probability, Is.EqualTo(0.5).Within(5 * 0.5 / 200));
        Assert.That(half.DensityOfRegion(0.9), Is.Zero, "the grid holds half of the draws");
    }

    [Test]
    public void A_point_lies_in_the_regions_above_the_share_of_denser_draws()
    {
        // The density at z standard deviations in each of three directions is that at the distance √3 z: P(χ²₃ < 3z²).
        PosteriorSummary summary = Exact.Summarise(20_000, new Seed(2));
        foreach (double z in (double[])[0, 0.5, 1, 2])
        {
            double density = Exact.LogDensity(EventTable.FromColumns(
                ("theta0", [(float)(0.1 + (z * Sigma))]), ("theta1", [(float)(-0.2 - (z * Sigma))]), ("theta2", [(float)(z * Sigma)])))[0];
            double exact = ChiSquared.CDF(3, 3 * z * z);
            double found = summary.RegionOf(density);
            Assert.That(found, Is.EqualTo(exact).Within((4 * Math.Sqrt(exact * (1 - exact) / 20_000)) + 1e-3), $"z = {z}");
            Assert.That(density > summary.LogDensityOfRegion(0.95), Is.EqualTo(found < 0.95));
        }

        Assert.That(summary.RegionOf(double.NegativeInfinity), Is.EqualTo(1));
        Assert.That(() => summary.RegionOf(double.NaN), Throws.ArgumentException);
    }

    [Test]
    public void What_is_no_grid_or_no_conditional_is_refused()
    {
        var known = new Dictionary<string, double> { ["theta1"] = 0 };
        GridAxis axis = Axis(0, 0, 10);
        Assert.Multiple(() =>
        {
            Assert.That(() => new GridAxis("theta0", 1, 1, 3), Throws.ArgumentException.With.Message.Contains("from 1 to 1"));
            Assert.That(() => new GridAxis("theta0", 0, 1, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => Exact.Conditional(known, axis), Throws.ArgumentException.With.Message.Contains("theta0, theta1, expected"));
            Assert.That(() => Exact.Conditional(known, axis, axis), Throws.ArgumentException.With.Message.Contains("two different"));
            Assert.That(() => Exact.Conditional(known, axis, Axis(1, 0, 3)), Throws.ArgumentException);
            Assert.That(() => GridDensity.OfDraws(Exact.Draw(10, new Seed(1)).Table), Throws.ArgumentException);
        });
    }
}
