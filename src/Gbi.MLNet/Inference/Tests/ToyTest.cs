using Gbi.Inference.Fits;
using Gbi.Inference.Toys;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Inference.Tests;

/// <summary>Tests by toys. Nuisance parameters of the toys are those fitted to the observed data at the toys' strength.</summary>
public static class ToyTest
{
    /// <summary>Draws and fits toys with the tested strength and, for CLs, without signal. A toy depends on the seed and its number
    /// alone.</summary>
    /// <param name="test">The model with its observed data.</param>
    /// <param name="mu">The tested strength, 0 or more; q₀ tests 0 whatever it is.</param>
    /// <param name="options">Statistic, number of toys, and which of them are done here.</param>
    /// <param name="seed">Origin of the random numbers.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between toys.</param>
    /// <exception cref="FitException">The observed data cannot be fitted. Toys that cannot are counted.</exception>
    public static ToyTestResult Run(
        StrengthTest test, double mu, ToyTestOptions options, Seed seed, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(mu);
        double tested = options.Statistic == TestStatistic.Q0 ? 0 : mu;
        double parts = options.HasBackground ? 2 : 1;
        var signal = new ProfiledToys(test.Model, test.Data, tested, seed.Child("signal and background"));
        (double observed, double muHat) = signal.Observe(tested, options.Statistic);
        return new ToyTestResult
        {
            Mu = tested,
            Options = options,
            Observed = observed,
            MuHat = muHat,
            Tested = Fit(signal, 0),
            Background = options.HasBackground ? Fit(new ProfiledToys(test.Model, test.Data, 0, seed.Child("background")), 1) : null,
        };

        ToyFits Fit(ProfiledToys toys, int part)
        {
            (long first, int count) = options.Shard.Range(options.ToyCount);
            return toys.Fit(first, count, tested, options.Statistic, StretchOfProgress.Of(progress, part / parts, 1 / parts), cancellation);
        }
    }
}
