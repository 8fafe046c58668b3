using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Posteriors;
using Gbi.Posteriors.Sampling;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Sampling;

/// <summary>Mixtures fitted to draws of two normal modes at ±3, as likely as each other, of the widths 1 and 0.1, correlated.</summary>
[TestFixture]
internal sealed class StudentMixtureTests
{
    private static readonly string[] Names = ["a", "b"];

    private static EventTable Draws(int count, ulong seed)
    {
        var random = new Seed(seed).CreateRandom();
        float[][] columns = [new float[count], new float[count]];
        for (int row = 0; row < count; row++)
        {
            (double centre, double width) = row % 2 == 0 ? (3, 1) : (-3, 0.1);
            double first = random.NextNormal(0, 1);
            columns[0][row] = (float)(centre + (width * first));
            columns[1][row] = (float)(centre + (width * ((0.8 * first) + (0.6 * random.NextNormal(0, 1)))));
        }

        return EventTable.FromColumns([.. Names.Zip(columns)]);
    }

    private static double Exact(double a, double b) =>
        LogMath.MeanExp([Mode(a - 3, b - 3), Mode((a + 3) / 0.1, (b + 3) / 0.1) - (2 * Math.Log(0.1))]);

    private static double Mode(double a, double b) => Normal.PDFLn(0, 1, a) + Normal.PDFLn(0.8 * a, 0.6, b);

    [Test]
    public void Its_density_is_that_of_its_draws_and_follows_both_modes()
    {
        var mixture = StudentMixture.TryFit(Draws(2000, 1), new Seed(2))!;
        EventTable points = mixture.Draw(50_000, new Seed(3));
        double[] own = mixture.LogDensity(points);
        var weights = ImportanceWeights.Of([.. own.Select((value, row) => Exact(points["a"][row], points["b"][row]) - value)]);
        Assert.Multiple(() =>
        {
            // The mean of exact over own density is 1 only if the draws have the density that is claimed.
            Assert.That(weights.LogEvidence, Is.EqualTo(0).Within(4 * weights.LogEvidenceError));
            Assert.That(weights.EffectiveSize / points.Count, Is.GreaterThan(0.85));
            Assert.That(mixture.ComponentCount, Is.GreaterThan(1));
            Assert.That(mixture.Draw(10, new Seed(3))["b"].ToArray(), Is.EqualTo(points["b"][..10].ToArray()), "draws by number");
        });
    }

    [Test]
    public void Draws_without_spread_in_a_direction_have_none()
    {
        float[] same = [.. Enumerable.Range(0, 100).Select(row => (float)row)];
        Assert.That(StudentMixture.TryFit(EventTable.FromColumns(("a", same), ("b", same)), new Seed(1)), Is.Null);
    }
}
