using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Inference.Fits;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Searches;
using Gbi.Searches.Background;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;
using Gbi.Trees;

namespace Gbi.Tests.Searches.Background;

/// <summary>The same signal found over each kind of background, in events whose features do not depend on the mass.</summary>
[TestFixture]
internal sealed class SearchBackgroundTests
{
    private const int BackgroundCount = 20_000;

    private static readonly MassWindow Window = new(3.3, 3.7, 2.8, 4.2);

    private static readonly ResonanceSearchOptions Settings = new()
    {
        Schema = new EventSchema { Features = ["x", "y"], Mass = "m" },
        Window = Window,
        LearnsAnomaly = false,
        Background = new ReweightedSidebands
        {
            Generator = new SidebandGeneratorOptions
            {
                MemberCount = 3,
                Trees = new TreeOptions { TreeCount = 15, LeafCount = 6, MinLeafHessian = 20, L2 = 10 }
            },
        },
        Signal = new RatioOptions
        {
            FoldCount = 3,
            MemberCount = 1,
            Trees = new TreeOptions { TreeCount = 30, LeafCount = 8, MinLeafHessian = 10, L2 = 10 }
        },
        Seed = new Seed(3),
    };

    private static readonly EventTable Simulation = Signal(20_000, new Seed(5));

    /// <summary>A simulation whose features are wrong by 0.3 of their widths.</summary>
    private static readonly ReweightedSimulation Reweighted = new(
        Table(3 * BackgroundCount, new Seed(16), (u, _) => 2.8 + (1.4 * u), centre: 0.3, isSignal: 0))
    {
        Reweighting = new SimulationReweightingOptions
        {
            MemberCount = 3,
            Trees = new TreeOptions { TreeCount = 60, LeafCount = 8, MinLeafHessian = 20, L2 = 10 }
        },
    };

    private static IEnumerable<TestCaseData> Backgrounds()
    {
        yield return new TestCaseData(Settings.Background).SetArgDisplayNames("reweighted sidebands");
        yield return new TestCaseData(new PlainSidebands()).SetArgDisplayNames("plain sidebands");
        yield return new TestCaseData(Reweighted).SetArgDisplayNames("reweighted simulation");
        yield return new TestCaseData(new GivenBackground(Background(3 * BackgroundCount, new Seed(6)))).SetArgDisplayNames("given events");
    }

    [TestCaseSource(nameof(Backgrounds))]
    public void The_signal_is_found_over_every_background(SearchBackground background)
    {
        EventTable data = Data(600, new Seed(7));
        ResonanceSearch search = ResonanceSearch.Run(data, Simulation, Settings with { Background = background });
        SignalFraction found = search.Result.SignalFraction;
        double truth = SignalInRegion(data) / search.Result.EventsInRegion;
        double error = (found.Interval68.Upper - found.Interval68.Lower) / 2;
        Assert.That((found.Value - truth) / error, Is.EqualTo(0).Within(3));
        Assert.That(error, Is.LessThan(0.2 * truth));
        Assert.That(search.Result.Significance, Is.GreaterThan(8));
    }

    [Test]
    public void A_template_of_sidebands_takes_in_signal_and_the_likelihood_gives_it_back()
    {
        EventTable data = Data(1500, new Seed(8));
        SignalInferenceOptions uncorrected = Settings.Inference with { CorrectsContamination = false };
        ResonanceSearch with = ResonanceSearch.Run(data, Simulation, Settings with { Background = new PlainSidebands() });
        ResonanceSearch without = ResonanceSearch.Run(
            data, Simulation, Settings with { Background = new PlainSidebands(), Inference = uncorrected });
        double k = with.Likelihood!.Contamination.Shape;

        // Each sideband is scaled to half of the expected background.
        int[] below = Rows(Simulation, mass => mass is >= 2.8f and < 3.3f);
        int[] above = Rows(Simulation, mass => mass is >= 3.7f and < 4.2f);
        int[] inRegion = Rows(Simulation, mass => mass is >= 3.3f and < 3.7f);
        double half = with.Result.ExpectedBackground.Value / 2;
        double expected = ((below.Length * half / Rows(data, mass => mass is >= 2.8f and < 3.3f).Length)
            + (above.Length * half / Rows(data, mass => mass is >= 3.7f and < 4.2f).Length)) / inRegion.Length;
        Assert.That(k, Is.EqualTo(expected).Within(1e-6));
        Assert.That(k, Is.GreaterThan(0.08));
        Assert.That(without.Result.SignalFraction.Value, Is.EqualTo((1 - k) * with.Result.SignalFraction.Value).Within(5).Percent);
        Assert.That(with.Result.SignalInTemplate!.IsCorrected, Is.True);
        Assert.That(without.Result.SignalInTemplate!.IsCorrected, Is.False);
        Assert.That(without.Result.Warnings, Has.Some.Contains("switch the correction on"));
    }

    [Test]
    public void A_reweighted_simulation_takes_in_signal_and_the_likelihood_gives_it_back()
    {
        EventTable data = Data(1500, new Seed(15));
        ResonanceSearch with = ResonanceSearch.Run(data, Simulation, Settings with { Background = Reweighted });
        ResonanceSearch without = ResonanceSearch.Run(
            data, Simulation,
            Settings with { Background = Reweighted, Inference = new SignalInferenceOptions { CorrectsContamination = false } });
        double k = with.Likelihood!.Contamination.Shape;

        // At masses that are uniform on both sides, the line through the sidebands has the mean of their signal share in the middle.
        double perEvent = with.Result.ExpectedBackground.Value / with.Result.EventsInSidebands;
        int[] beside = Rows(Simulation, mass => mass is (>= 2.8f and < 3.3f) or (>= 3.7f and < 4.2f));
        double line = perEvent * beside.Length / Rows(Simulation, mass => mass is >= 3.3f and < 3.7f).Length;

        // Of it n trees learn 1 − 0.8ⁿ.
        SimulationReweighting[] halves = ((ReweightedSimulationTemplate)with.Template).Reweightings;
        double expected = line * halves.Average(half => 1 - Math.Pow(0.8, half.TreeCount));
        SignalFraction found = with.Result.SignalFraction;
        double error = (found.Interval68.Upper - found.Interval68.Lower) / 2;
        Assert.That(k, Is.EqualTo(expected).Within(1).Percent);
        Assert.That(without.Result.SignalFraction.Value, Is.EqualTo((1 - k) * found.Value).Within(3).Percent);
        Assert.That(found.Value, Is.EqualTo(SignalInRegion(data) / with.Result.EventsInRegion).Within(3 * error));
        Assert.That(1500 * k / with.Result.EventsInRegion, Is.GreaterThan(2 * error)); // without the correction the fraction would be wrong
    }

    [Test]
    public void Every_source_of_uncertainty_widens_the_interval()
    {
        // A feature that rises with the mass: the generator has something to learn, and its members differ.
        EventTable background = Background(BackgroundCount, new Seed(9).Child("b"));
        float[] masses = background["m"].ToArray();
        float[] rising = [.. background["x"].ToArray().Select((x, row) => x + (masses[row] - 3.5f))];
        EventTable data = background.WithColumns(["m", "y", "label"]).WithColumn("x", rising).WithColumns(background.ColumnNames)
            .Append(Signal(600, new Seed(9).Child("s")));
        SignalInferenceOptions none = new() { CorrectsContamination = true, VariesGenerator = false, VariesSamples = false };
        double data0 = Width(none);
        Assert.That(Width(none with { VariesSamples = true }), Is.GreaterThan(1.02 * data0));
        Assert.That(Width(none with { VariesGenerator = true }), Is.GreaterThan(data0));

        // The effect of signal in the template is measured at another first fit, which changes the interval by less than a thousandth.
        Assert.That(Width(none with { ConstrainsRate = false }), Is.GreaterThan(0.999 * data0));

        double Width(SignalInferenceOptions inference)
        {
            ConfidenceInterval interval =
                ResonanceSearch.Run(data, Simulation, Settings with { Inference = inference }).Result.SignalFraction.Interval68;
            return interval.Upper - interval.Lower;
        }
    }

    [Test]
    public void Without_sidebands_the_given_background_is_the_expectation()
    {
        int[] inRegion = Rows(Data(600, new Seed(10)), mass => mass is >= 3.3f and < 3.7f);
        EventTable data = Data(600, new Seed(10)).Select(inRegion);
        EventTable background = Background(BackgroundCount, new Seed(11));
        ResonanceSearch search = ResonanceSearch.Run(data, Simulation, Settings with { Background = new GivenBackground(background) });
        int given = Rows(background, mass => mass is >= 3.3f and < 3.7f).Length;
        Assert.That(search.Spectrum, Is.Null);
        Assert.That(search.Result.ExpectedBackground.Value, Is.EqualTo(given));
        Assert.That(search.Result.ExpectedBackground.Error, Is.EqualTo(Math.Sqrt(given)).Within(1e-9));
        Assert.That(search.Likelihood!.Contamination, Is.EqualTo(default(SignalContamination)));
        Assert.That(
            Gbi.Reports.Html.SearchReport.Write(new Gbi.Reports.SearchRun(search, TimeSpan.Zero)),
            Does.Not.Contain("Mass spectrum with the fit"));
    }

    [Test]
    public void What_cannot_be_a_background_is_told()
    {
        EventTable data = Data(600, new Seed(12));
        EventTable elsewhere = Background(1000, new Seed(13)).Select(Rows(Background(1000, new Seed(13)), mass => mass < 3.3f));
        Assert.That(
            () => ResonanceSearch.Run(data, Simulation, Settings with { Background = new GivenBackground(elsewhere) }),
            Throws.TypeOf<DataException>().With.Message.Contains("The given background has no events in the signal region [3.3, 3.7)"));
        Assert.That(
            () =>
                ResonanceSearch.Run(
                    data, Simulation,
                    Settings with { Background = new GivenBackground(Background(5000, new Seed(14)).WithWeights(new double[5000])) }),
            Throws.TypeOf<DataException>().With.Message.Contains("sum to 0, expected more than 0"));
    }

    private static EventTable Data(int signal, Seed seed) =>
        Background(BackgroundCount, seed.Child("b")).Append(Signal(signal, seed.Child("s")));

    /// <summary>Masses uniform from 2.8 to 4.2, features normal about 0.</summary>
    private static EventTable Background(int count, Seed seed) => Table(count, seed, (u, _) => 2.8 + (1.4 * u), centre: 0, isSignal: 0);

    /// <summary>Masses normal about 3.5 with width 0.15, features normal about 2: a sixth of it lies in the sidebands.</summary>
    private static EventTable Signal(int count, Seed seed) => Table(count, seed, (_, z) => 3.5 + (0.15 * z), centre: 2, isSignal: 1);

    private static EventTable Table(int count, Seed seed, Func<double, double, double> massOf, double centre, float isSignal)
    {
        Random random = seed.CreateRandom();
        float[][] columns = [.. Enumerable.Range(0, 4).Select(_ => new float[count])];
        for (int row = 0; row < count; row++)
        {
            (double first, double second) = seed.Child("features").NormalPair(row);
            columns[0][row] = (float)massOf(random.NextDouble(), seed.Child("mass").NormalPair(row).First);
            columns[1][row] = (float)(centre + first);
            columns[2][row] = (float)(centre + second);
            columns[3][row] = isSignal;
        }

        return EventTable.FromColumns(("m", columns[0]), ("x", columns[1]), ("y", columns[2]), ("label", columns[3]));
    }

    private static int[] Rows(EventTable events, Func<float, bool> accept)
    {
        float[] masses = events["m"].ToArray();
        return [.. Enumerable.Range(0, events.Count).Where(row => accept(masses[row]))];
    }

    private static double SignalInRegion(EventTable events) =>
        Rows(events, mass => mass is >= 3.3f and < 3.7f).Sum(row => events["label"][row]);
}
