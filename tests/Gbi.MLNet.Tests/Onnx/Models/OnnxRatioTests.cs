using Gbi.Calibration;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Ratios;

namespace Gbi.Tests.Onnx.Models;

/// <summary>Ratios by networks, beside the closed forms of networks that are a matrix and a vector.</summary>
[TestFixture]
internal sealed class OnnxRatioTests
{
    private static readonly OnnxRatioOptions Small = new() { Execution = new OnnxOptions { BlockSize = 64 } };

    [TestCase(0), TestCase(1), TestCase(63), TestCase(64), TestCase(65), TestCase(1000)]
    public void Any_number_of_events_has_the_log_ratio_of_the_network(int count)
    {
        using var ratio = OnnxRatio.Open(Linear().ToBytes(), Small);
        EventTable events = TwoGaussians.Numerator(count, 1);

        RatioScores scores = ratio.Score(events);

        float[] expected = [.. events["x"].ToArray().Zip(events["noise"].ToArray(), (x, noise) => (2 * x) - noise + 0.5f)];
        Assert.That(scores.LogRatio.ToArray(), Is.EqualTo(expected).Within(1e-5));
        Assert.That(scores.Uncertainty.ToArray(), Has.All.NaN);
        Assert.That((ratio.Numerator, ratio.Denominator), Is.EqualTo(("signal", "background")));
        Assert.That((ratio.Provider, ratio.MemberCount), Is.EqualTo(("CPU", 1)));
    }

    [Test]
    public void The_columns_are_found_by_name_whatever_their_order_in_the_table()
    {
        using var ratio = OnnxRatio.Open(Linear().ToBytes(), Small);
        EventTable events = TwoGaussians.Numerator(100, 1);
        EventTable turned = EventTable.FromColumns(
            ("more", new float[100]), ("noise", events["noise"].ToArray()), ("x", events["x"].ToArray()));

        Assert.That(ratio.Score(turned).LogRatio.ToArray(), Is.EqualTo(ratio.Score(events).LogRatio.ToArray()));
    }

    [Test]
    public void Results_do_not_depend_on_threads_and_hardly_on_blocks()
    {
        byte[] net = NetworkFile.Dense(3, 2, 32, 32).With("gbi.features", "x,noise").ToBytes();
        EventTable events = TwoGaussians.Numerator(10_000, 2);
        float[] Scores(OnnxOptions options)
        {
            using var ratio = OnnxRatio.Open(net, new OnnxRatioOptions { Execution = options });
            return ratio.Score(events).LogRatio.ToArray();
        }

        (float[] alone, float[] usual) = ThreadLimit.Compare(() => Scores(new OnnxOptions()));

        Assert.Multiple(() =>
        {
            Assert.That(alone, Is.EqualTo(usual));
            Assert.That(Scores(new OnnxOptions { Workers = 3, IntraOpThreads = 2 }), Is.EqualTo(usual).Within(1e-6));
            Assert.That(Scores(new OnnxOptions { BlockSize = 333 }), Is.EqualTo(usual).Within(1e-6));
            Assert.That(Scores(new OnnxOptions { ProbesBlockSize = true }), Is.EqualTo(usual).Within(1e-6));
            Assert.That(Scores(new OnnxOptions { Optimisation = OnnxOptimisation.None }), Is.EqualTo(usual).Within(1e-5));
        });
    }

    [TestCase(1), TestCase(7), TestCase(64), TestCase(100)]
    public void A_graph_with_a_fixed_batch_is_padded(int count)
    {
        using var ratio = OnnxRatio.Open(Linear(batch: 16).ToBytes(), Small);
        using var open = OnnxRatio.Open(Linear().ToBytes(), Small);
        EventTable events = TwoGaussians.Numerator(count, 3);

        Assert.That(ratio.BlockSize, Is.EqualTo(16));
        Assert.That(ratio.Score(events).LogRatio.ToArray(), Is.EqualTo(open.Score(events).LogRatio.ToArray()).Within(1e-6));
    }

    [TestCase(1), TestCase(500), TestCase(1100)]
    public void Members_are_averaged_as_ratios_whether_they_are_files_or_one_graph(int count)
    {
        float[][] weights = [[2, -1], [1, 0], [0.5f, 2], [1.5f, 1]];
        float[] biases = [0.5f, -0.25f, 0, 1];
        using var files = new Gbi.Tests.ScratchFolder();
        string[] paths = [.. weights.Select((row, member) =>
        {
            string path = files[$"member{member}.onnx"];
            File.WriteAllBytes(path, NetworkFile.Linear("x,noise", [row], [biases[member]]).ToBytes());
            return path;
        })];
        EventTable events = TwoGaussians.Numerator(count, 4);
        using var several = OnnxRatio.Open(paths, Small);
        using var one = OnnxRatio.Open(NetworkFile.Linear("x,noise", weights, biases).ToBytes());

        RatioScores found = several.Score(events);
        RatioScores ofOne = one.Score(events);

        Assert.That((several.MemberCount, one.MemberCount), Is.EqualTo((4, 4)));
        for (int row = 0; row < events.Count; row++)
        {
            double[] ratios =
                [.. weights.Select((w, m) => Math.Exp((w[0] * events["x"][row]) + (w[1] * events["noise"][row]) + biases[m]))];
            var moments = Moments.Of(ratios);

            // The jackknife of a mean is σ/√M, here of its logarithm: θ₋ⱼ = ln mean of the others.
            double[] leftOut = [.. ratios.Select((_, j) => Math.Log(ratios.Where((_, k) => k != j).Average()))];
            double jackknife = Math.Sqrt(leftOut.Sum(value => Math.Pow(value - leftOut.Average(), 2)) * 3 / 4);
            Assert.That(found.LogRatio[row], Is.EqualTo(Math.Log(moments.Mean)).Within(1e-5));
            Assert.That(found.Spread[row], Is.EqualTo(moments.Deviation / moments.Mean).Within(1e-5));
            Assert.That(found.Uncertainty[row], Is.EqualTo(jackknife).Within(1e-5));
            Assert.That(ofOne.LogRatio[row], Is.EqualTo(found.LogRatio[row]).Within(1e-6));
            Assert.That(ofOne.Uncertainty[row], Is.EqualTo(found.Uncertainty[row]).Within(1e-6));
        }
    }

    [Test]
    public void Theta_is_a_constant_or_a_column()
    {
        // log_ratio = x·θ₀ + θ₁.
        byte[] net = WithTheta().ToBytes();
        EventTable events = TwoGaussians.Numerator(200, 5);
        float[] x = events["x"].ToArray();
        using var constant = OnnxRatio.Open(
            net, new OnnxRatioOptions { Theta = new Dictionary<string, double> { ["slope"] = 3, ["shift"] = -1 } });
        using var mixed = OnnxRatio.Open(net, new OnnxRatioOptions { Theta = new Dictionary<string, double> { ["slope"] = 3 } });

        Assert.Multiple(() =>
        {
            Assert.That(constant.Features, Is.EqualTo(["x"]));
            Assert.That(constant.Score(events).LogRatio.ToArray(), Is.EqualTo(x.Select(value => (3 * value) - 1)).Within(1e-5));
            Assert.That((mixed.Features, mixed.ThetaColumns), Is.EqualTo((new[] { "x", "shift" }, new[] { "shift" })));
            Assert.That(
                mixed.Score(events.WithColumn("shift", events.Memory("noise"))).LogRatio.ToArray(),
                Is.EqualTo(x.Zip(events["noise"].ToArray(), (value, noise) => (3 * value) + noise)).Within(1e-5));
            Assert.That(() => mixed.Score(events), Throws.TypeOf<DataException>().With.Message.Contains("no column 'shift'"));
            Assert.That(
                () => OnnxRatio.Open(net, new OnnxRatioOptions { Theta = new Dictionary<string, double> { ["slop"] = 3 } }),
                Throws.TypeOf<DataException>().With.Message.Contains("theta 'slop'"));
        });
    }

    [Test]
    public void Log_ratios_are_clipped_and_counted()
    {
        using var ratio = OnnxRatio.Open(Linear().ToBytes(), new OnnxRatioOptions { MaxAbsLogRatio = 1 });
        RatioScores scores = ratio.Score(TwoGaussians.Numerator(1000, 6));

        Assert.That(scores.LogRatio.ToArray(), Has.All.InRange(-1f, 1f));
        Assert.That(scores.ClippedCount, Is.EqualTo(scores.LogRatio.ToArray().Count(value => Math.Abs(value) == 1)));
    }

    [Test]
    public void A_wrong_ratio_is_calibrated_and_normalised_on_events_held_out()
    {
        // The exact log ratio is 2x; the network gives 1 + x, half of it and shifted.
        using var wrong = OnnxRatio.Open(NetworkFile.Linear("x", [[1]], [1]).ToBytes());
        EventTable numerator = TwoGaussians.Numerator(100_000, 7);
        EventTable denominator = TwoGaussians.Denominator(100_000, 7);

        OnnxRatio platt = wrong.Calibrated(numerator, denominator, new CalibrationOptions { Method = CalibrationMethod.Platt });
        OnnxRatio normalised = wrong.Calibrated(numerator, denominator, options: null);

        EventTable test = TwoGaussians.Numerator(20_000, 8);
        Assert.Multiple(() =>
        {
            Assert.That(TwoGaussians.RootMeanSquareError(test, platt.Score(test).LogRatio), Is.LessThan(0.05));
            Assert.That(MeanRatio(platt, denominator), Is.EqualTo(1).Within(1e-6));

            // E over N(−1, 1) of exp(1 + x) is exp(1/2).
            Assert.That(normalised.LogNormalisation, Is.EqualTo(-0.5).Within(4 * normalised.NormalisationError));
            Assert.That(normalised.NormalisationError, Is.InRange(0.003, 0.006));
            Assert.That(MeanRatio(normalised, denominator), Is.EqualTo(1).Within(1e-6));
        });
    }

    [Test]
    public void A_tree_ratio_that_was_exported_opens_and_scores_the_same()
    {
        RatioModel trees = RatioTrainer.CrossFit(
            WithMissing(TwoGaussians.Numerator(3000, 1)), WithMissing(TwoGaussians.Denominator(3000, 1)), TwoGaussians.Features,
            new RatioOptions { FoldCount = 2, MemberCount = 2, Trees = new Gbi.Trees.TreeOptions { TreeCount = 20, LeafCount = 6 } },
            new Seed(1)).Model;
        using var ratio = OnnxRatio.Open(OnnxFile.Bytes(trees.Named("a", "b")));
        EventTable withMissing = WithMissing(TwoGaussians.Numerator(20_000, 9));

        Assert.That(ratio.Score(withMissing).LogRatio.ToArray(), Is.EqualTo(trees.Score(withMissing).LogRatio.ToArray()).Within(1e-5));
        Assert.That((ratio.Numerator, ratio.Denominator), Is.EqualTo(("a", "b")));

        static EventTable WithMissing(EventTable events)
        {
            float[] x = events["x"].ToArray();
            x[17] = float.NaN;
            return EventTable.FromColumns(("x", x), ("noise", events["noise"].ToArray()));
        }
    }

    [Test]
    public void Scoring_allocates_nothing_for_an_event_but_its_result()
    {
        using var ratio = OnnxRatio.Open(Linear().ToBytes(), new OnnxRatioOptions { Execution = new OnnxOptions { Workers = 1 } });
        EventTable few = TwoGaussians.Numerator(8 * OnnxOptions.CpuBlockSize, 1);
        EventTable many = TwoGaussians.Numerator(64 * OnnxOptions.CpuBlockSize, 1);
        ratio.Score(many);

        long ofFew = Allocated(() => ratio.Score(few));
        long ofMany = Allocated(() => ratio.Score(many));

        // Log ratio, spread and uncertainty are 12 bytes an event. A block of 4,096 allocates what one call of the runtime does.
        double beside = ((double)(ofMany - ofFew) / (many.Count - few.Count)) - 12;
        Assert.That(beside, Is.InRange(0, 0.5));
    }

    private static NetworkFile Linear(int batch = -1) => NetworkFile.Linear("x,noise", [[2, -1]], [0.5f], batch);

    private static NetworkFile WithTheta() => new NetworkFile { Metadata = { ["gbi.features"] = "x", ["gbi.theta"] = "slope,shift" } }
        .Input("features", -1, 1)
        .Input("theta", -1, 2)
        .Indices("first", 0)
        .Indices("second", 1)
        .Node("Gather", "slope", ["theta", "first"], ("axis", 1))
        .Node("Gather", "shift", ["theta", "second"], ("axis", 1))
        .Node("Mul", "product", "features", "slope")
        .Node("Add", "log_ratio", "product", "shift")
        .Output("log_ratio", -1, 1);

    private static double MeanRatio(OnnxRatio ratio, EventTable events) =>
        ratio.Score(events).LogRatio.ToArray().Average(value => Math.Exp(value));

    private static long Allocated(Action work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
