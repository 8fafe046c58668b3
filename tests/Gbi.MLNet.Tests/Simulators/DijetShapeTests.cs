using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios;
using Gbi.Simulators;
using Gbi.Trees;

namespace Gbi.Tests.Simulators;

/// <summary>
/// Shapes of the simulation beside those of the LHC Olympics 2020 R&amp;D events in 3.3 to 3.7 TeV: their quantiles, correlations and
/// counts, and the events themselves where they are there.
/// </summary>
[TestFixture]
internal sealed class DijetShapeTests
{
    private const int Count = 500_000;

    private static readonly string[] Features = ["mj1", "delta_mj", "tau21_j1", "tau21_j2"];

    private static readonly Lazy<EventTable> Background = new(() => DijetSimulator.Background(Count, new Seed(11), 3.3, 3.7));

    private static readonly Lazy<EventTable> Signal = new(() => InRegion(DijetSimulator.Signal(Count, new Seed(12))));

    // The statistical errors of these quantiles are below 0.5 %; the data's own, with 121,352 and 27,263 events, are of the same size.
    [TestCase("mjj", 3.315, 3.471, 3.673), TestCase("mj1", 0.040, 0.108, 0.329), TestCase("delta_mj", 0.010, 0.126, 0.488)]
    [TestCase("tau21_j1", 0.256, 0.600, 0.836), TestCase("tau21_j2", 0.161, 0.491, 0.780)]
    public void Background_has_the_quantiles_of_the_data(string column, double low, double median, double high) =>
        AssertQuantiles(Background.Value, column, [low, median, high], relative: 0.01, absolute: 0.0006);

    [TestCase("mjj", 3.339, 3.503, 3.661), TestCase("mj1", 0.090, 0.111, 0.230), TestCase("delta_mj", 0.103, 0.383, 0.471)]
    [TestCase("tau21_j1", 0.163, 0.380, 0.653), TestCase("tau21_j2", 0.065, 0.189, 0.535)]
    public void Signal_has_the_quantiles_of_the_data(string column, double low, double median, double high) =>
        AssertQuantiles(Signal.Value, column, [low, median, high], relative: 0.02, absolute: 0.008);

    [TestCase("mj1", "tau21_j1", -0.28), TestCase("mj1", "tau21_j2", -0.27), TestCase("delta_mj", "tau21_j2", -0.44)]
    public void Background_features_correlate_as_in_the_data(string first, string second, double expected) =>
        Assert.That(Correlation(Background.Value[first], Background.Value[second]), Is.EqualTo(expected).Within(0.01));

    [TestCase("mj1"), TestCase("delta_mj"), TestCase("tau21_j1"), TestCase("tau21_j2")]
    public void Background_features_barely_correlate_with_the_mass(string feature)
    {
        // The data's largest is .014; its error here is 0.0014.
        Assert.That(Math.Abs(Correlation(Background.Value["mjj"], Background.Value[feature])), Is.LessThan(0.014 + (3 * 0.0014)));
    }

    [Test]
    public void The_spectrum_with_turn_on_has_the_counts_of_the_data()
    {
        double[] edges = [2.0, 2.3, 2.5, 2.7, 2.9, 3.1, 3.3, 3.5, 3.7, 3.9, 4.1, 4.5, 5, 6, 8];
        double[] counts = [308, 1807, 3013, 2866, 2373, 2013, 1536, 1104, 850, 614, 808, 488, 370, 73];
        float[] masses = Masses(new DijetSimulation { Spectrum = DijetSpectrum.WithTurnOn });
        double scale = counts.Sum() / masses.Length;
        double chiSquared = counts.Select((count, bin) =>
        {
            double expected = scale * masses.Count(mass => mass >= edges[bin] && mass < edges[bin + 1]);
            return (count - expected) * (count - expected) / expected;
        }).Sum();
        Assert.That(TailProbability.OfChiSquared(chiSquared, counts.Length - 6), Is.GreaterThan(0.01));
    }

    [Test]
    public void The_falling_spectrum_is_near_the_counts_from_2_7_to_6_TeV()
    {
        double[] edges = [2.7, 2.9, 3.1, 3.3, 3.5, 3.7, 3.9, 4.1, 4.5, 5, 6];
        double[] counts = [2866, 2373, 2013, 1536, 1104, 850, 614, 808, 488, 370];
        float[] masses = Masses(new DijetSimulation());
        double inside = masses.Count(mass => mass is >= 2.7f and < 6);
        double[] ratios = [.. counts.Select((count, bin) =>
            masses.Count(mass => mass >= edges[bin] && mass < edges[bin + 1]) / inside * counts.Sum() / count)];
        // Two exponents bend too little: the largest distance, from 4.5 to 5 TeV, is 12 % with an error of 5 %.
        Assert.That(ratios, Has.All.EqualTo(1).Within(0.14));
    }

    // 1.63 √(1/n + 1/N) is 0.005 for background and 0.010 for signal: the bounds leave the emulation as much again.
    [TestCase(0, 0.01), TestCase(1, 0.02)]
    public void Every_column_is_close_to_that_of_real_events(int label, double bound)
    {
        EventTable real = Real(label);
        EventTable simulated = label == 1 ? Signal.Value : Background.Value;
        foreach (string column in (string[])["mjj", .. Features])
        {
            Assert.That(Distance(real[column].ToArray(), simulated[column].ToArray()), Is.LessThan(bound), column);
        }
    }

    [Test]
    public void Signal_is_told_from_background_as_well_as_in_real_events()
    {
        double real = Area(Real(1), Real(0));
        double simulated = Area(Signal.Value, Background.Value);
        Assert.That(simulated, Is.EqualTo(real).Within(0.02));
    }

    [Test]
    public void A_classifier_barely_tells_real_background_from_simulated()
    {
        // 0.576: the real features depend on each other in more ways than a Gaussian copula.
        Assert.That(Area(Real(0), Background.Value), Is.LessThan(0.59));
    }

    private static double Area(EventTable numerator, EventTable denominator)
    {
        // Few events and trees, so that it is quick; both areas are learnt with the same.
        EventTable first = numerator.Slice(0, 20_000);
        EventTable second = denominator.Slice(0, 20_000);
        var options = new RatioOptions
        {
            FoldCount = 2,
            MemberCount = 1,
            Calibration = null,
            Trees = new TreeOptions { TreeCount = 60, LeafCount = 8 }
        };
        RatioScores scores = RatioTrainer.CrossFit(first, second, Features, options, new Seed(1)).OutOfFold;
        return RocCurve.Area(new(scores.LogRatio[..first.Count]), new(scores.LogRatio[first.Count..]));
    }

    private static EventTable Real(int label)
    {
        string file = SharedData.Path(label == 1 ? "lhco/sr_signal.parquet" : "lhco/sr_events.parquet");
        EventTable events = new ParquetEventReader(file).Read(["mjj", .. Features, "label"]);
        return events.Select([.. Enumerable.Range(0, events.Count).Where(row => events["label"][row] == label)]);
    }

    private static float[] Masses(DijetSimulation simulation) =>
        DijetSimulator.Background(Count, new Seed(13), simulation: simulation)[DijetSimulator.Mass].ToArray();

    private static EventTable InRegion(EventTable events) =>
        events.Select(new MassWindow(3.3, 3.7).Rows(events["mjj"], MassRegion.SignalRegion));

    private static void AssertQuantiles(EventTable events, string column, double[] expected, double relative, double absolute)
    {
        float[] values = events[column].ToArray();
        Array.Sort(values);
        // A mass lies in a region of 0.4 TeV, which its size says nothing of.
        Func<double, double> tolerance = column == "mjj" ? _ => 0.004 : value => absolute + (relative * value);
        foreach ((double probability, double value) in ((double[])[0.05, 0.5, 0.95]).Zip(expected))
        {
            Assert.That(values[(int)(probability * values.Length)], Is.EqualTo(value).Within(tolerance(value)), $"{column} {probability}");
        }
    }

    private static double Correlation(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double[] x = [.. first.ToArray().Select(value => (double)value)];
        double[] y = [.. second.ToArray().Select(value => (double)value)];
        Moments ofX = Moments.Of(x);
        Moments ofY = Moments.Of(y);
        return x.Zip(y, (a, b) => (a - ofX.Mean) * (b - ofY.Mean)).Sum() / ((x.Length - 1) * ofX.Deviation * ofY.Deviation);
    }

    private static double Distance(float[] first, float[] second)
    {
        Array.Sort(first);
        Array.Sort(second);
        double largest = 0;
        for (int i = 0, j = 0; i < first.Length && j < second.Length;)
        {
            float value = Math.Min(first[i], second[j]);
            while (i < first.Length && first[i] <= value)
            {
                i++;
            }

            while (j < second.Length && second[j] <= value)
            {
                j++;
            }

            largest = Math.Max(largest, Math.Abs(((double)i / first.Length) - ((double)j / second.Length)));
        }

        return largest;
    }
}
