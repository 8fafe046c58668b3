using Gbi.Inference;
using Gbi.Numerics;
using Gbi.Systematics;
using Gbi.Trees;

namespace Gbi.Tests.Inference;

[TestFixture]
internal sealed class UnbinnedLikelihoodTests
{
    private const int Count = 301; // three tiles, the last of them not full

    private static readonly double[][] Points =
    [
        [1, 0.7, 0.1, -0.4, 0.6], [0.2, -0.5, 1.7, 0.3, -1.8], [-0.05, 1.2, -2.2, 1.4, 0.9], [0, 0.5, 0.25, -0.75, -0.125],
    ];

    [TestCase(0.5, 300), TestCase(7.0, 129)]
    public void A_process_alone_is_a_counting_experiment(double nominal, int count)
    {
        // NLL = μν − n ln μν: the minimum is at μ = n/ν, where the Hessian is n/μ² = ν²/n.
        var likelihood = new UnbinnedLikelihood(new UnbinnedModel
        {
            FreeParameters = ["mu"],
            Processes = [new Process("signal", nominal) { Ratio = Enumerable.Repeat(1f, count).ToArray(), YieldFactors = [YieldFactor.Strength("mu")] }],
        });
        double[] gradient = new double[1];
        double[] hessian = new double[1];
        double value = likelihood.Evaluate([count / nominal], gradient, hessian);
        Assert.That(value, Is.EqualTo(count - (count * Math.Log(count))).Within(1e-11));
        Assert.That(gradient[0], Is.EqualTo(0).Within(1e-12 * nominal));
        Assert.That(hessian[0], Is.EqualTo(nominal * nominal / count).Within(1e-12 * nominal));
    }

    [Test]
    public void Exponents_agree_with_the_formula_written_down([ValueSource(nameof(Points))] double[] point, [Values] bool weighted)
    {
        UnbinnedModel model = Model(Count, weighted, ExponentShapes);
        var likelihood = new UnbinnedLikelihood(model);
        double expected = PlainLikelihood.Evaluate(model, Count, point);
        Assert.That(likelihood.Evaluate(point, default, default), Is.EqualTo(expected).Within(1e-12 * Math.Abs(expected)));
        AssertDerivatives(likelihood, point);
    }

    [Test]
    public void Up_and_down_ratios_agree_with_the_formula_written_down(
        [ValueSource(nameof(Points))] double[] point, [Values] InterpolationLaw law, [Values] bool weighted)
    {
        UnbinnedModel model = Model(Count, weighted, (seed, count) => UpDownShapes(seed, count, law));
        var likelihood = new UnbinnedLikelihood(model);
        double expected = PlainLikelihood.Evaluate(model, Count, point);

        // ln U and ln D are kept as singles, of a relative error of 6e-8.
        Assert.That(likelihood.Evaluate(point, default, default), Is.EqualTo(expected).Within(1e-9 * Math.Abs(expected)));
        AssertDerivatives(likelihood, point);
    }

    [Test]
    public void Value_and_gradient_do_not_depend_on_what_else_is_asked_for()
    {
        var likelihood = new UnbinnedLikelihood(Model(Count, weighted: true, ExponentShapes));
        double[] alone = new double[likelihood.ParameterCount];
        double[] gradient = new double[likelihood.ParameterCount];
        double value = likelihood.Evaluate(Points[0], gradient, new double[alone.Length * alone.Length]);
        Assert.That(likelihood.Evaluate(Points[0], alone, default), Is.EqualTo(value));
        Assert.That(alone, Is.EqualTo(gradient));
        Assert.That(likelihood.Evaluate(Points[0], default, default), Is.EqualTo(value));
    }

    [Test]
    public void One_and_two_threads_give_the_same_bytes()
    {
        var likelihood = new UnbinnedLikelihood(Model(70_000, weighted: false, ExponentShapes));
        (double[] one, double[] two) = ThreadLimit.Compare(() =>
        {
            int n = likelihood.ParameterCount;
            double[] all = new double[1 + n + (n * n)];
            all[0] = likelihood.Evaluate(Points[1], all.AsSpan(1, n), all.AsSpan(1 + n));
            return all;
        });
        Assert.That(two, Is.EqualTo(one));
    }

    [Test]
    public void An_evaluation_after_the_first_takes_no_memory()
    {
        var likelihood = new UnbinnedLikelihood(Model(Count, weighted: true, ExponentShapes));
        double[] gradient = new double[likelihood.ParameterCount];
        double[] hessian = new double[gradient.Length * gradient.Length];
        likelihood.Evaluate(Points[0], gradient, hessian);
        long before = GC.GetAllocatedBytesForCurrentThread();
        likelihood.Evaluate(Points[1], gradient, hessian);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void A_density_of_0_or_less_is_infinite_and_its_first_event_is_told()
    {
        // μ ν r + 1 with ν = 2: events with r = 1 vanish at μ = −½, those with r = 4 below −1/8.
        float[] ratio = new float[40_000];
        Array.Fill(ratio, 0.25f);
        ratio[20_133] = 4;
        ratio[39_999] = 8;
        var likelihood = new UnbinnedLikelihood(new UnbinnedModel
        {
            FreeParameters = ["mu"],
            Processes =
            [
                new Process("signal", 2) { Ratio = ratio, YieldFactors = [YieldFactor.Strength("mu")] },
                new Process("background", 1),
            ],
        });
        Assert.That(likelihood.Evaluate([-0.125], default, default), Is.EqualTo(double.PositiveInfinity));
        Assert.That(likelihood.FirstUndefinedEvent([-0.125]), Is.EqualTo(20_133));
        Assert.That(likelihood.FirstUndefinedEvent([-0.124]), Is.EqualTo(39_999));
        Assert.That(likelihood.FirstUndefinedEvent([-0.06]), Is.Null);
        Assert.That(likelihood.Evaluate([-0.06], default, default), Is.Not.EqualTo(double.PositiveInfinity));
        Assert.That(likelihood.Evaluate([double.NaN], default, default), Is.EqualTo(double.PositiveInfinity));
    }

    [Test]
    public void Densities_of_very_different_sizes_keep_their_logs()
    {
        // Yields of 1e-300 and ratios up to 1e30: a product of a tile's densities would leave the range of doubles.
        float[] ratio = [.. Enumerable.Range(0, 1000).Select(i => (float)Math.Pow(10, (i % 61) - 30))];
        var likelihood = new UnbinnedLikelihood(new UnbinnedModel { Processes = [new Process("only", 1e-250) { Ratio = ratio }] });
        double expected = 1e-250 - ratio.Sum(r => Math.Log(1e-250 * r));
        Assert.That(likelihood.Evaluate([], default, default), Is.EqualTo(expected).Within(1e-13 * Math.Abs(expected)));
    }

    [Test]
    public void A_model_that_makes_no_sense_is_refused_in_one_sentence()
    {
        float[] ones = [1, 1, 1];
        var signal = new Process("signal", 1) { Ratio = ones, YieldFactors = [YieldFactor.Strength("mu")] };
        Refused(new UnbinnedModel { Processes = [] }, "no process");
        Refused(new UnbinnedModel { FreeParameters = ["mu"], Processes = [signal with { Ratio = default }] }, "no event");
        Refused(new UnbinnedModel { Processes = [signal] }, "refers to the parameter 'mu', which the model lacks");
        Refused(new UnbinnedModel { FreeParameters = ["mu", "idle"], Processes = [signal] }, "'idle' has no constraint and changes no yield");
        Refused(new UnbinnedModel { FreeParameters = ["mu", "mu"], Processes = [signal] }, "'mu' is there twice");
        Refused(new UnbinnedModel { FreeParameters = ["mu"], Processes = [signal], Weights = new double[2] }, "the weights has 2 events");
        Refused(new UnbinnedModel { FreeParameters = ["mu"], Processes = [signal], Weights = new[] { 1, double.NaN, 1 } }, "weight of event 1 is NaN");
        Refused(
            new UnbinnedModel { FreeParameters = ["mu"], Processes = [signal with { Ratio = new[] { 1, float.NaN, 1 } }] },
            "ratio of 'signal' is NaN at event 1");

        static void Refused(UnbinnedModel model, string message) =>
            Assert.That(() => new UnbinnedLikelihood(model), Throws.ArgumentException.With.Message.Contains(message));
    }

    [Test]
    public void Columns_with_values_that_a_law_cannot_take_are_refused()
    {
        Assert.That(
            () => ExponentialVariation.Quadratic("nu", new[] { 0, float.NaN }, new float[2]),
            Throws.ArgumentException.With.Message.Contains("coefficient of 'nu' of event 1 is NaN"));
        Assert.That(
            () => ExponentialVariation.Quadratic("nu", new float[2], new float[3]),
            Throws.ArgumentException.With.Message.Contains("has 3 events, the first term 2"));
        Assert.That(
            () => new UpDownVariation("nu", new float[] { 1, 1 }, new float[] { 1, 0 }),
            Throws.ArgumentException.With.Message.Contains("ratio of 'nu' up of event 1 is 0"));
    }

    /// <summary>The gradient is that of the value, the Hessian that of the gradient, and symmetric.</summary>
    private static void AssertDerivatives(UnbinnedLikelihood likelihood, double[] point)
    {
        const double step = 1e-5;
        int n = likelihood.ParameterCount;
        double[] gradient = new double[n];
        double[] hessian = new double[n * n];
        likelihood.Evaluate(point, gradient, hessian);
        for (int a = 0; a < n; a++)
        {
            double[] below = new double[n];
            double[] above = new double[n];
            double rise = likelihood.Evaluate([.. point.Select((value, b) => b == a ? value + step : value)], above, default)
                - likelihood.Evaluate([.. point.Select((value, b) => b == a ? value - step : value)], below, default);
            Assert.That(rise / (2 * step), Is.EqualTo(gradient[a]).Within(2e-6 * (1 + Math.Abs(gradient[a]))), $"gradient {a}");
            for (int b = 0; b < n; b++)
            {
                double expected = (above[b] - below[b]) / (2 * step);
                Assert.That(hessian[(a * n) + b], Is.EqualTo(expected).Within(2e-6 * (1 + Math.Abs(expected))), $"Hessian {a} {b}");
                Assert.That(hessian[(a * n) + b], Is.EqualTo(hessian[(b * n) + a]), $"Hessian {a} {b}");
            }
        }
    }

    /// <summary>Two strengths in a product, three nuisances with constraints of each kind, three processes of which one is the reference.</summary>
    private static UnbinnedModel Model(int count, bool weighted, Func<int, int, IReadOnlyList<ShapeVariation>> shapes) => new()
    {
        FreeParameters = ["mu", "norm"],
        Nuisances = [new("a"), new("b") { Constraint = Constraint.UnitGaussian(0.3) }, new("c")],
        Processes =
        [
            new Process("signal", 30)
            {
                Ratio = Column(1, count, x => Math.Exp(0.4 * x)),
                YieldFactors = [YieldFactor.Strength("mu"), YieldFactor.Polynomial("norm", 1, 0.1, 0.05), YieldFactor.Interpolated("a", 0.95, 1.1)],
                ShapeVariations = shapes(2, count),
            },
            new Process("other", 80) { Ratio = Column(3, count, x => 0.5 + (x * x)), YieldFactors = [YieldFactor.Strength("mu"), YieldFactor.Strength("mu")] },
            new Process("background", 200)
            {
                YieldFactors = [YieldFactor.Exponential("b", 0.05, -0.01), YieldFactor.Exponential("a", 0.02)],
                ShapeVariations = shapes(4, count),
            },
        ],
        Weights = weighted ? Enumerable.Range(0, count).Select(i => (i % 7) - 1.5 + (i % 7 == 1 ? 0.5 : 0)).ToArray() : default,
    };

    private static IReadOnlyList<ShapeVariation> ExponentShapes(int seed, int count) =>
    [
        ExponentialVariation.Quadratic("a", Column(10 * seed, count, x => 0.1 * x), Column((10 * seed) + 1, count, x => 0.02 * x)),
        new ExponentialVariation(
            new ExponentTerm(Monomial.Of("b"), Column((10 * seed) + 2, count, x => 0.08 * x)),
            new ExponentTerm(Monomial.Of("b", "c"), Column((10 * seed) + 3, count, x => 0.05 * x)),
            new ExponentTerm(Monomial.Of("c"), Column((10 * seed) + 4, count, x => 0.06 * x))),
    ];

    private static IReadOnlyList<ShapeVariation> UpDownShapes(int seed, int count, InterpolationLaw law) =>
    [
        new UpDownVariation("a", Column(10 * seed, count, x => Math.Exp(0.07 * x)), Column((10 * seed) + 1, count, x => Math.Exp(0.09 * x)), law),
        new UpDownVariation("c", Column((10 * seed) + 2, count, x => Math.Exp(-0.05 * x)), Column((10 * seed) + 3, count, x => Math.Exp(0.06 * x)), law),
        .. ExponentShapes(seed, count).Skip(1),
    ];

    private static float[] Column(int seed, int count, Func<double, double> of)
    {
        Random random = new Seed(4).Child(seed).CreateRandom();
        return [.. Enumerable.Range(0, count).Select(_ => (float)of(random.NextNormal(0, 1)))];
    }
}
