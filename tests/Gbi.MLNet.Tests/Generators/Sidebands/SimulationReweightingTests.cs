using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Simulators;
using Gbi.Trees;

namespace Gbi.Tests.Generators.Sidebands;

/// <summary>A simulated background, reweighted to data in the sidebands.</summary>
[TestFixture]
internal sealed class SimulationReweightingTests
{
    private static readonly MassWindow Window = new(3.3, 3.7);

    [TestCase(1, 0.0)]
    [TestCase(2, 0.8)]
    public void Between_the_sidebands_the_ratio_is_that_of_the_densities(int degree, double slope)
    {
        // Simulation N(0, 1), data N(a + b t, 1): ln r = (a + b t) x − (a + b t)²/2, of second degree in t where b is not 0.
        const double Shift = 0.5;
        EventTable data = Normal(40_000, new Seed(1), t => Shift + (slope * t));
        EventTable simulation = Normal(40_000, new Seed(2), _ => 0);
        EventTable region = simulation.Select(Window.Rows(simulation["m"], MassRegion.SignalRegion));
        SimulationReweighting learnt = Learn(
            data, simulation, ["x"], new SimulationReweightingOptions { MemberCount = 2, MassDegree = degree });

        double[] weights = learnt.WeightsOf(region);
        double squares = Enumerable.Range(0, region.Count).Average(row =>
        {
            double mean = Shift + (slope * (region["m"][row] - 3.5));
            return Math.Pow(Math.Log(weights[row]) - ((mean * region["x"][row]) - (mean * mean / 2)), 2);
        });
        Assert.That(weights.Average(), Is.EqualTo(1).Within(1e-3)); // the mean of the members is 1 each
        Assert.That(Math.Sqrt(squares), Is.LessThan(0.1)); // an unweighted simulation misses by 0.5
    }

    [Test]
    public void A_simulation_with_other_features_then_looks_like_the_true_background()
    {
        var wrong = new DijetSimulation { JetMassScale = 1.15, Tau21Shift = 0.04, MassDrift = 2 };
        EventTable data = DijetSimulator.Background(60_000, new Seed(3));
        EventTable simulation = DijetSimulator.Background(60_000, new Seed(4), simulation: wrong);
        EventTable truth = DijetSimulator.Background(30_000, new Seed(5), Window.Low, Window.High);
        EventTable region = simulation.Select(Window.Rows(simulation["mjj"], MassRegion.SignalRegion));
        SimulationReweighting learnt = SimulationReweighting.Learn(
            new(Sideband(data, "mjj"), "mjj", new DijetSimulator().Features, Window), simulation, new SimulationReweightingOptions(),
            new Seed(6));

        Assert.That(Area(region), Is.GreaterThan(0.57));
        Assert.That(Area(region.WithWeights(learnt.WeightsOf(region))), Is.EqualTo(0.5).Within(0.012));

        double Area(EventTable template)
        {
            RatioScores scores = RatioTrainer.CrossFit(
                truth, template, new DijetSimulator().Features, RatioOptions.ForSmallDifferences with { FoldCount = 2, MemberCount = 1 },
                new Seed(7)).OutOfFold;
            return RocCurve.Area(new(scores.LogRatio[..truth.Count]), new(scores.LogRatio[truth.Count..], template.Weights));
        }
    }

    [TestCase(2.7f), TestCase(3.2f), TestCase(3.9f), TestCase(5f)]
    public void What_further_events_add_to_the_template_is_what_they_add_when_it_is_learnt_again(float mass)
    {
        // A feature of two values leaves the trees a straight line in t at each of them.
        EventTable data = TwoValues(40_000, new Seed(8));
        EventTable simulation = TwoValues(40_000, new Seed(9));
        var options = new SimulationReweightingOptions
        {
            MemberCount = 1,
            ChoosesTreeCount = false,
            Trees = new TreeOptions { TreeCount = 100, LeafCount = 2, MinLeafHessian = 1, L2 = 1e-3, LearningRate = 0.3 },
        };
        EventTable further = Table(Enumerable.Repeat(mass, 200), Enumerable.Repeat(1f, 200));

        SimulationReweighting before = Learn(data, simulation, ["x"], options);
        SimulationReweighting after = Learn(data.Append(further), simulation, ["x"], options);
        double first = ShareOfOnes(before);
        double added = before.SharesOf(further).Sum();

        // The standardised mass moves with the further events too, by little.
        Assert.That(ShareOfOnes(after) - first, Is.EqualTo(added / (1 + added) * (1 - first)).Within(8).Percent);

        double ShareOfOnes(SimulationReweighting learnt)
        {
            EventTable region = simulation.Select(Window.Rows(simulation["m"], MassRegion.SignalRegion));
            double[] weights = learnt.WeightsOf(region);
            return weights.Where((_, row) => region["x"][row] == 1).Sum() / weights.Sum();
        }
    }

    [Test]
    public void A_right_simulation_is_left_as_it_is()
    {
        EventTable simulation = Normal(20_000, new Seed(15), _ => 0.3);
        SimulationReweighting learnt = Learn(
            Normal(20_000, new Seed(16), _ => 0.3), simulation, ["x"], new SimulationReweightingOptions());
        Assert.That(learnt.TreeCount, Is.Zero);
        Assert.That(learnt.WeightsOf(simulation), Has.All.EqualTo(1).Within(1e-6));
        Assert.That(learnt.MemberLogRatios(simulation)[0], Has.All.EqualTo(0).Within(1e-6));
    }

    [Test]
    public void Members_disagree_about_their_mean_alone()
    {
        EventTable simulation = Normal(5000, new Seed(11), _ => 0);
        SimulationReweighting learnt = Learn(
            Normal(5000, new Seed(10), _ => 0.3), simulation, ["x"], new SimulationReweightingOptions { MemberCount = 4 });
        float[][] members = learnt.MemberLogRatios(simulation);
        Assert.That(members, Has.Length.EqualTo(4));
        Assert.That(
            Enumerable.Range(0, simulation.Count).Select(row => members.Average(member => Math.Exp(member[row]))),
            Has.All.EqualTo(1).Within(1e-5));
        Assert.That(members[0].Max(), Is.GreaterThan(0.01f));
    }

    [Test]
    public void One_and_two_threads_learn_the_same()
    {
        EventTable simulation = Normal(5000, new Seed(12), _ => 0);
        (double[] one, double[] two) = ThreadLimit.Compare(() =>
            Learn(
                Normal(5000, new Seed(13), _ => 0.3), simulation, ["x"],
                new SimulationReweightingOptions { MemberCount = 3 }).WeightsOf(simulation));
        Assert.That(two, Is.EqualTo(one));
    }

    [Test]
    public void What_cannot_be_reweighted_is_told()
    {
        EventTable events = Normal(2000, new Seed(14), _ => 0);
        EventTable Where(Func<float, bool> accept) =>
            events.Select([.. Enumerable.Range(0, events.Count).Where(row => accept(events["m"][row]))]);
        AssertRefuses(Where(mass => mass >= 3.3f), events, "The data has no events below the signal region [3.3, 3.7)");
        AssertRefuses(events, Where(mass => mass < 3.7f), "The simulation has no events above the signal region [3.3, 3.7)");
        AssertRefuses(
            events, Where(mass => mass is < 3.3f or >= 3.7f), "The simulated background has no events in the signal region [3.3, 3.7)");
        Assert.That(
            () => new SimulationReweightingOptions { MassDegree = 3 },
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("MassDegree must be 1 or 2"));
        Assert.That(
            () => new SimulationReweightingOptions { MemberCount = 0 },
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("MemberCount must be 1 or more"));
    }

    private static void AssertRefuses(EventTable data, EventTable simulation, string sentence) =>
        Assert.That(
            () => Learn(data, simulation, ["x"], new SimulationReweightingOptions()),
            Throws.TypeOf<DataException>().With.Message.Contains(sentence));

    private static SimulationReweighting Learn(
        EventTable data, EventTable simulation, string[] features, SimulationReweightingOptions options) =>
        SimulationReweighting.Learn(new(Sideband(data, "m"), "m", features, Window), simulation, options, new Seed(20));

    private static EventTable Sideband(EventTable data, string mass) => data.Select(Window.Rows(data[mass], MassRegion.Sideband));

    /// <summary>Masses uniform from 2.5 to 4.5, x normal about a mean that depends on t = m − 3.5.</summary>
    private static EventTable Normal(int count, Seed seed, Func<double, double> meanAt)
    {
        float[] masses = [.. Enumerable.Range(0, count).Select(row => (float)(2.5 + (2 * seed.Child("m").Uniform(row))))];
        return Table(masses, masses.Select((mass, row) => (float)(meanAt(mass - 3.5) + seed.Child("x").NormalPair(row).First)));
    }

    /// <summary>Masses of a falling spectrum from 2.6 on, x either 0 or 1.</summary>
    private static EventTable TwoValues(int count, Seed seed) => Table(
        DijetSimulator.Background(count, seed)["mjj"].ToArray(),
        Enumerable.Range(0, count).Select(row => seed.Child("x").Uniform(row) < 0.2 ? 1f : 0f));

    private static EventTable Table(IEnumerable<float> masses, IEnumerable<float> values) =>
        EventTable.FromColumns(("m", [.. masses]), ("x", [.. values]));
}
