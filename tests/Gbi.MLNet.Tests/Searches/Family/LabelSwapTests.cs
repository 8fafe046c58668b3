using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios.Families;
using Gbi.Searches.Family.Fits;
using Gbi.Searches.Family.Scans;
using Gbi.Searches.Options;
using Gbi.Trees;

namespace Gbi.Tests.Searches.Family;

/// <summary>
/// Pairs of particles with masses a and b whose measurements x and y are mixed up in a share 1 − s of the events,
/// p_S(x,y|a,b) = s N(x;a) N(y;b) + (1−s) N(x;b) N(y;a), against N(0, 3²) in both. At s = ½ exchanging a and b changes nothing; between ½
/// and 1 the exchanged parameters are a second, higher minimum.
/// </summary>
[TestFixture]
internal sealed class LabelSwapTests
{
    private const int Training = 60_000;
    private const int Background = 30_000;
    private const int Signal = 3000;
    private const double Mass = 1.3;

    private static readonly string[] Parameters = ["a", "b"];
    private static readonly string[] Features = ["x", "y"];

    private static readonly SignalFamilyOptions Options = new()
    {
        IsLogarithmic = false,
        HalfWidth = 0.2,
        Trees = new TreeOptions { TreeCount = 60, LeafCount = 32, MinLeafHessian = 20, L2 = 5 },
    };

    [TestCase(1), TestCase(-1)]
    public void Both_valleys_are_reported_and_the_lower_one_is_chosen(int sign)
    {
        const double Share = 0.7;
        double[] truth = [sign * Mass, -sign * Mass];
        SignalFamilyFit fit = Fit(Share, isInterchangeable: false, truth);

        Assert.That(fit.Best.Theta, Is.EqualTo(truth).Within(0.25));
        Assert.That(fit.Minima[0], Is.SameAs(fit.Best));
        Assert.That(fit.Minima, Has.Some.Matches<FamilyMinimum>(minimum => IsNear(minimum!, truth[1], truth[0])));
        Assert.That(fit.LabelSwap!.IsSame, Is.False);
        Assert.That(fit.LabelSwap.IsSeparated, Is.True);
        Assert.That(fit.Minima.Max(minimum => minimum.TwiceNll) - fit.Best.TwiceNll, Is.GreaterThanOrEqualTo(Math.Abs(fit.LabelSwap.Rise)));

        // The learnt ratio is flatter than the exact one, and the exchanged fit moves a little from the mirrored point.
        Assert.That(Math.Abs(fit.LabelSwap.Rise), Is.EqualTo(Rise(Share)).Within(35).Percent);
    }

    [Test]
    public void Exchangeable_parameters_come_in_one_order_and_have_no_other()
    {
        SignalFamilyFit fit = Fit(0.5, isInterchangeable: true, [-Mass, Mass]);
        Assert.That(fit.Best.Theta, Is.EqualTo((double[])[Mass, -Mass]).Within(0.25));
        Assert.That(fit.LabelSwap, Is.Null);
        Assert.That(fit.Scan, Has.All.Matches<FamilyScanPoint>(point => point!.Theta[0] >= point.Theta[1]));
        Assert.That(fit.RiseAt([-Mass, Mass]), Is.EqualTo(fit.RiseAt([Mass, -Mass])).Within(1e-12));
        Assert.That(fit.LikelihoodRiseAt([-Mass, Mass]), Is.EqualTo(fit.LikelihoodRiseAt([Mass, -Mass])).Within(1e-12));
    }

    private static SignalFamilyFit Fit(double share, bool isInterchangeable, double[] truth)
    {
        var seed = new Seed(3);
        Random random = seed.Child("masses").CreateRandom();
        double[][] masses =
            [.. Enumerable.Range(0, Training).Select(_ => (double[])[(4 * random.NextDouble()) - 2, (4 * random.NextDouble()) - 2])];
        EventTable signal = Pairs(share, masses, seed.Child("signal"))
            .WithColumn("a", masses.Select(pair => (float)pair[0]).ToArray())
            .WithColumn("b", masses.Select(pair => (float)pair[1]).ToArray());
        EventTable background = Wide(Training, seed.Child("background"));
        CrossFittedFamily family = SignalFamilyTrainer.CrossFit(
            signal, background, new(Parameters, Features), Options with { IsInterchangeable = isInterchangeable }, seed.Child("training"));
        EventTable data = Wide(Background, seed.Child("background of the data"))
            .Append(Pairs(share, [.. Enumerable.Repeat(truth, Signal)], seed.Child("signal of the data")));
        return new SignalFamilyFitter(family, new FamilyFitOptions { Restarts = 5 }, seed.Child("fits")).Fit(data);
    }

    /// <summary>2 N ∫ p ln(p/p′), p′ with the masses exchanged: what −2 ln L rises by on average; by the midpoint rule.</summary>
    private static double Rise(double share)
    {
        const double Step = 0.05;
        const double Fraction = (double)Signal / (Signal + Background);
        double sum = 0;
        for (double x = -15 + (Step / 2); x < 15; x += Step)
        {
            for (double y = -15 + (Step / 2); y < 15; y += Step)
            {
                double straight = Normal(x - Mass, 1) * Normal(y + Mass, 1);
                double crossed = Normal(x + Mass, 1) * Normal(y - Mass, 1);
                double background = (1 - Fraction) * Normal(x, 3) * Normal(y, 3);
                double p = background + (Fraction * ((share * straight) + ((1 - share) * crossed)));
                double exchanged = background + (Fraction * ((share * crossed) + ((1 - share) * straight)));
                sum += Step * Step * p * Math.Log(p / exchanged);
            }
        }

        return 2 * (Signal + Background) * sum;
    }

    private static double Normal(double x, double width) => Math.Exp(-0.5 * x * x / (width * width)) / (width * Math.Sqrt(2 * Math.PI));

    private static bool IsNear(FamilyMinimum minimum, double a, double b) =>
        Math.Abs(minimum.Theta[0] - a) < 0.4 && Math.Abs(minimum.Theta[1] - b) < 0.4;

    private static EventTable Pairs(double share, double[][] masses, Seed seed)
    {
        Random random = seed.CreateRandom();
        float[] x = new float[masses.Length];
        float[] y = new float[masses.Length];
        for (int row = 0; row < masses.Length; row++)
        {
            (double a, double b) = (random.NextNormal(masses[row][0], 1), random.NextNormal(masses[row][1], 1));
            (x[row], y[row]) = random.NextDouble() < share ? ((float)a, (float)b) : ((float)b, (float)a);
        }

        return EventTable.FromColumns(("x", x), ("y", y));
    }

    private static EventTable Wide(int count, Seed seed)
    {
        Random random = seed.CreateRandom();
        return EventTable.FromColumns(
            [.. Features.Select(name => (name, Enumerable.Range(0, count).Select(_ => (float)random.NextNormal(0, 3)).ToArray()))]);
    }
}
