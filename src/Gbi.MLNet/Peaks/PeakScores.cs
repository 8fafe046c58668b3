using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Numerics;
using Gbi.Ratios;

namespace Gbi.Peaks;

/// <summary>
/// The score of every event, data over background generated from the sidebands, by models that did not see it, and the category that it
/// falls into.
/// </summary>
internal sealed class PeakScores
{
    private const double LeastPull = 3;

    private PeakScores(float[] logRatio, double[] backgroundWeight, int[] categoryOf, double[] thresholds)
    {
        (LogRatio, BackgroundWeight, CategoryOf, Thresholds) = (logRatio, backgroundWeight, categoryOf, thresholds);
    }

    /// <summary>ln r of each event.</summary>
    public float[] LogRatio { get; }

    /// <summary>The weight with which an event of the sidebands stands for background below the peak; 0 in the region.</summary>
    public double[] BackgroundWeight { get; }

    /// <summary>Number of thresholds that the score of each event reaches.</summary>
    public int[] CategoryOf { get; }

    /// <summary>Borders of the categories, rising.</summary>
    public double[] Thresholds { get; }

    /// <summary>Area under the curve of data in the region against background generated for it, out of fold.</summary>
    public required Estimate Area { get; init; }

    /// <summary>
    /// Whether the score separates: a score of noise sorts the events of its own folds into categories that look unlike each other, so that
    /// their yields are more different than their errors say.
    /// </summary>
    public bool IsSeparating => Area.Value - 0.5 > LeastPull * Area.Error;

    /// <summary>The categories to fit: those of the score, or empty for one.</summary>
    public int[] FittedCategoryOf => IsSeparating ? CategoryOf : [];

    /// <summary>Whether sideband events had the generator's weights in the score's training.</summary>
    public required bool IsReweighted { get; init; }

    /// <summary>What generated the background.</summary>
    public required LearntSideband Background { get; init; }

    /// <summary>Learns generator and score.</summary>
    /// <param name="data">Events inside the window's outer limits.</param>
    /// <param name="options">How.</param>
    /// <param name="isReweighted">Whether sideband events have the generator's weights in the training of the score, or one for
    /// all.</param>
    /// <param name="seed">For folds and models.</param>
    /// <param name="bootstrap">Whether to learn from a bootstrap sample; all events are scored.</param>
    /// <param name="cancellation">Stops the training.</param>
    public static PeakScores Learn(
        EventTable data, PeakMeasurementOptions options, bool isReweighted, Seed seed, bool bootstrap,
        CancellationToken cancellation)
    {
        string mass = options.Schema.Mass!;
        IReadOnlyList<string> features = options.Features;
        int[] region = options.Window.Rows(data[mass], MassRegion.SignalRegion);
        int[] sideband = options.Window.Rows(data[mass], MassRegion.Sideband);
        EventTable sample = bootstrap ? data.WithWeights(PoissonWeights(data.Count, seed.Child("bootstrap"))) : data;
        var background = SidebandGenerator.Fit(
            new SidebandData(sample.Select(sideband), mass, features, options.Window), options.Background, seed.Child("background"),
            cancellation: cancellation);
        EventTable template = background.Background();
        if (!isReweighted)
        {
            template = WithOneScale(sample.Select(sideband), template.SumOfWeights);
        }

        CrossFittedRatio ratio = RatioTrainer.CrossFit(
            sample.Select(region).WithColumns(features), template.WithColumns(features), features, options.Score, seed.Child("score"),
            cancellation: cancellation);
        ReadOnlySpan<float> outOfFold = ratio.OutOfFold.LogRatio;
        float[] logRatio = new float[data.Count];
        double[] weight = new double[data.Count];
        Scatter(outOfFold[..region.Length], region, logRatio);
        Scatter(outOfFold[region.Length..], sideband, logRatio);
        Scatter(template.Weights, sideband, weight);
        double[] thresholds = ThresholdsOf(
            outOfFold[region.Length..].ToArray(), template.Weights.ToArray(), options.BackgroundEfficiencies);
        return new PeakScores(
            logRatio, weight, [.. logRatio.Select(value => thresholds.Count(threshold => value >= threshold))], thresholds)
        {
            Background = background,
            IsReweighted = isReweighted,
            Area = RocCurve.AreaWithError(
                new(outOfFold[..region.Length]), new(outOfFold[region.Length..], template.Weights)),
        };
    }

    // Weights of a generator that found nothing to learn are noise of the very events that are sorted next.
    private static EventTable WithOneScale(EventTable sideband, double sum)
    {
        double scale = sum / sideband.SumOfWeights;
        double[] weights = [.. Enumerable.Range(0, sideband.Count).Select(row => scale * sideband.Weight(row))];
        return sideband.WithWeights(weights);
    }

    /// <summary>The scores above which each share of the background lies.</summary>
    private static double[] ThresholdsOf(float[] scores, double[] weights, IReadOnlyList<double> efficiencies)
    {
        Array.Sort(scores, weights);
        double sum = weights.Sum();
        double[] thresholds = new double[efficiencies.Count];
        double below = 0;
        int next = 0;
        for (int i = 0; i < scores.Length && next < thresholds.Length; i++)
        {
            below += weights[i];
            while (next < thresholds.Length && below >= sum * (1 - efficiencies[next]))
            {
                thresholds[next++] = scores[i];
            }
        }

        return thresholds;
    }

    private static double[] PoissonWeights(int count, Seed seed)
    {
        double[] weights = new double[count];
        for (int row = 0; row < count; row++)
        {
            weights[row] = seed.PoissonOne(row);
        }

        return weights;
    }

    private static void Scatter<T>(ReadOnlySpan<T> values, int[] rows, T[] target)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            target[rows[i]] = values[i];
        }
    }
}
