using Gbi.Numerics;

namespace Gbi.Inference;

/// <summary>A test of a strength by toys in place of asymptotic formulas.</summary>
public sealed record ToyTestResult
{
    /// <summary>q̃_μ of the observed data.</summary>
    public required double Q { get; init; }

    /// <summary>Toys with the tested strength.</summary>
    public required ToyFits SignalAndBackground { get; init; }

    /// <summary>Toys without signal.</summary>
    public required ToyFits Background { get; init; }

    /// <summary>P(q̃ ≥ observed | μ): a share of toys.</summary>
    public double PSignalAndBackground => SignalAndBackground.ShareAbove(Q);

    /// <summary>P(q̃ ≥ observed | 0): a share of toys.</summary>
    public double PBackground => Background.ShareAbove(Q);

    /// <summary>The ratio of both; NaN where no toy without signal reaches the observed q̃.</summary>
    public double Cls => PBackground > 0 ? PSignalAndBackground / PBackground : double.NaN;

    /// <summary>Binomial standard error of <see cref="Cls"/>, from the numbers of toys; NaN where CLs is.</summary>
    public double ClsError
    {
        get
        {
            double both = RelativeVariance(PSignalAndBackground, SignalAndBackground);
            double background = RelativeVariance(PBackground, Background);
            return PSignalAndBackground > 0
                ? Cls * Math.Sqrt(both + background)
                : PBackground > 0 ? 0 : double.NaN;
        }
    }

    /// <summary>Number of toys whose fits failed.</summary>
    public int FailureCount => SignalAndBackground.FailureCount + Background.FailureCount;

    private static double RelativeVariance(double share, ToyFits toys) => (1 - share) / (share * (toys.Values.Count - toys.FailureCount));
}

/// <summary>Tests by toys. Nuisance parameters of the toys are those fitted to the observed data at the toys' strength.</summary>
public static class ToyTest
{
    /// <summary>Draws and fits toys with and without signal.</summary>
    /// <param name="test">The model with its observed data.</param>
    /// <param name="mu">The tested strength; 0 or more.</param>
    /// <param name="count">Number of toys of each kind; 1 or more.</param>
    /// <param name="seed">Origin of the random numbers.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="FitException">The observed data cannot be fitted. Toys that cannot are counted.</exception>
    public static ToyTestResult Run(StrengthTest test, double mu, int count, Seed seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(test);
        ArgumentOutOfRangeException.ThrowIfNegative(mu);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double q = test.Observed.QTildeMu(mu);
        return new ToyTestResult
        {
            Q = q,
            SignalAndBackground = Fits(mu, seed.Child("signal and background")),
            Background = Fits(0, seed.Child("background")),
        };

        ToyFits Fits(double trueMu, Seed origin)
        {
            IReadOnlyList<double> truth = test.Observed.At(trueMu).Parameters;
            var source = new ToySource(test.Model, truth, origin);
            return ToyFits.Of(test.Model, 0, count, source.Draw, mu, TestStatistic.QTildeMu, truth, cancellation);
        }
    }
}
