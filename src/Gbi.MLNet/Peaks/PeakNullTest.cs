using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Peaks;

/// <summary>
/// The whole procedure on samples without a peak: masses from the fitted background, features from the generator at those masses, then
/// generator and score learnt anew and the yield fitted at the position and with the shape that the data have. A score that sculpts
/// a peak gives a yield above 0.
/// </summary>
public sealed record PeakNullTest
{
    private const int MostRounds = 200;

    /// <summary>Fitted yields without a peak, with features, one per sample.</summary>
    public required IReadOnlyList<Estimate> WithFeatures { get; init; }

    /// <summary>Samples that had no fit, which count nowhere.</summary>
    public required int FailedCount { get; init; }

    /// <summary>Mean of yield/error; 0 ± 1/√(number of samples) where nothing is sculpted.</summary>
    public double MeanPull => WithFeatures.Average(yield => yield.Value / yield.Error);

    /// <summary>Error of the mean where the errors are right: 1/√(number of samples).</summary>
    internal double MeanPullError => 1 / Math.Sqrt(WithFeatures.Count);

    /// <summary>Standard deviation of yield/error; 1 where the errors are right.</summary>
    public double PullWidth => Spread([.. WithFeatures.Select(yield => yield.Value / yield.Error)]);

    /// <summary>Mean of the yields, with its error from their spread.</summary>
    public Estimate MeanYield => new(
        WithFeatures.Average(yield => yield.Value), Spread([.. WithFeatures.Select(yield => yield.Value)]) / Math.Sqrt(WithFeatures.Count));

    internal static PeakNullTest Run(
        PeakMeasurementOptions options, PeakFit massOnly, PeakFit withFeatures, PeakScores learnt, Seed seed,
        IProgress<double> progress, CancellationToken cancellation)
    {
        var yields = new Estimate?[options.NullToyCount];
        int finished = 0;
        EventBlocks.ForEachIndex(yields.Length, toy =>
        {
            try
            {
                EventTable events = Draw(options, massOnly, learnt.Background, seed.Child(toy));
                PeakScores scores = PeakScores.Learn(
                    events, options, learnt.IsReweighted, seed.Child(toy).Child("scores"), bootstrap: false, cancellation);
                yields[toy] = PeakFit.Of(
                    events[options.Schema.Mass!], scores.FittedCategoryOf, options.Window, options.Fit, withFeatures.Shape).Yield;
            }
            catch (Exception failure) when (failure is FitException or DataException)
            {
                yields[toy] = null;
            }

            progress.Report((double)Interlocked.Increment(ref finished) / yields.Length);
        }, cancellation);
        Estimate[] fitted = [.. yields.OfType<Estimate>()];
        return new PeakNullTest { WithFeatures = fitted, FailedCount = yields.Length - fitted.Length };
    }

    /// <summary>Sample standard deviation; NaN for fewer than two.</summary>
    internal static double Spread(double[] values)
    {
        double mean = values.Length > 0 ? values.Average() : 0;
        return values.Length > 1 ? Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)) : double.NaN;
    }

    /// <summary>Unweighted events: those that the generator weights are kept with a chance in proportion to the weight, others drawn
    /// again.</summary>
    private static EventTable Draw(PeakMeasurementOptions options, PeakFit fit, LearntSideband background, Seed seed)
    {
        double expected = fit.Expected(fit.Low, fit.High).Background;
        int count = seed.Child("count").CreateRandom().NextPoisson(expected);
        float[] masses = new TabulatedSpectrum(fit.BackgroundDensity, fit.Low, fit.High).Draw(count, seed.Child("mass"));
        IReadOnlyList<string> features = options.Features;
        float[][] columns = [.. features.Select(_ => new float[count])];
        int[] pending = [.. Enumerable.Range(0, count)];
        double largest = 0;
        for (int round = 0; pending.Length > 0; round++)
        {
            Seed ofRound = seed.Child("rounds").Child(round);
            EventTable drawn = background.Generate([.. pending.Select(row => masses[row])], ofRound.Child("events"));
            largest = round == 0 ? Enumerable.Range(0, drawn.Count).Max(drawn.Weight) : largest;
            var rejected = new List<int>();
            for (int i = 0; i < pending.Length; i++)
            {
                if (round < MostRounds && ofRound.Uniform(i) * largest > drawn.Weight(i))
                {
                    rejected.Add(pending[i]);
                    continue;
                }

                for (int feature = 0; feature < columns.Length; feature++)
                {
                    columns[feature][pending[i]] = drawn[features[feature]][i];
                }
            }

            pending = [.. rejected];
        }

        return EventTable.FromColumns([(options.Schema.Mass!, masses), .. features.Zip(columns, (name, values) => (name, values))]);
    }
}
