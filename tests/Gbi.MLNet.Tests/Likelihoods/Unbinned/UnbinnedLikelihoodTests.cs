using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;
using Gbi.Ratios.Parametric;
using static Gbi.Tests.Likelihoods.Unbinned.UnbinnedModels;

namespace Gbi.Tests.Likelihoods.Unbinned;

[TestFixture]
internal sealed class UnbinnedLikelihoodTests
{
    private static readonly double[][] Points =
    [
        [1, 0.7, 0.1, -0.4, 0.6], [0.2, -0.5, 1.7, 0.3, -1.8], [-0.05, 1.2, -2.2, 1.4, 0.9], [0, 0.5, 0.25, -0.75, -0.125],
    ];

    [TestCase(0.5, 300), TestCase(7.0, 129)]
    public void A_process_alone_is_a_counting_experiment(double nominal, int count)
    {
        // −2 ln L = 2 (μν − n ln μν): the minimum is at μ = n/ν, where the Hessian is 2n/μ² = 2ν²/n.
        var likelihood = Of(
            [new Process("signal", nominal) { Ratio = "r", YieldFactors = [YieldFactor.Strength("mu")] }], Enumerable.Repeat(1f, count),
            Mu);
        double[] gradient = new double[1];
        double[] hessian = new double[1];
        double value = likelihood.Evaluate([count / nominal], gradient, hessian);
        Assert.That(value, Is.EqualTo(2 * (count - (count * Math.Log(count)))).Within(2e-11));
        Assert.That(gradient[0], Is.EqualTo(0).Within(2e-12 * nominal));
        Assert.That(hessian[0], Is.EqualTo(2 * nominal * nominal / count).Within(2e-12 * nominal));
    }

    [Test]
    public void Exponents_agree_with_the_formula_written_down(
        [ValueSource(nameof(Points))] double[] point, [Values] bool weighted, [Values] bool normalised)
    {
        LikelihoodModel model = Model(ExponentShapes, normalised);
        EventTable events = DrawEvents(Count, weighted);
        double expected = PlainLikelihood.Evaluate(model, events, point);
        Likelihood likelihood = Of(model, events);
        Assert.That(likelihood.Evaluate(point, default, default), Is.EqualTo(expected).Within(1e-12 * Math.Abs(expected)));
        AssertDerivatives(likelihood, point);
    }

    [Test]
    public void Up_and_down_ratios_agree_with_the_formula_written_down(
        [ValueSource(nameof(Points))] double[] point, [Values] InterpolationLaw law, [Values] bool weighted, [Values] bool normalised)
    {
        LikelihoodModel model = Model(seed => UpDownShapes(seed, law), normalised);
        EventTable events = DrawEvents(Count, weighted);
        double expected = PlainLikelihood.Evaluate(model, events, point);

        // ln U and ln D are kept as singles, of a relative error of 6e-8.
        Likelihood likelihood = Of(model, events);
        Assert.That(likelihood.Evaluate(point, default, default), Is.EqualTo(expected).Within(1e-9 * Math.Abs(expected)));
        AssertDerivatives(likelihood, point);
    }

    [Test]
    public void A_normalised_shape_carries_no_rate()
    {
        // exp(0.4 ν) for every event is a rate alone: normalised, ν changes nothing but its own constraint.
        var process = new Process("only", 100)
        {
            LogRatio = "r",
            ShapeVariations = [new ExponentialVariation(new ExponentTerm(Monomial.Of("nu"), "c"))]
        };
        EventTable events = Table(("r", Column(1, 50, x => 0.1 * x)), ("c", [.. Enumerable.Repeat(0.4f, 50)]));
        var channel = new UnbinnedChannel("sr", [process]);
        Assert.That(Rise(channel with { Reference = events }), Is.EqualTo(4).Within(1e-12));
        Assert.That(
            Rise(channel with { Reference = events, NormalisesShapes = false }), Is.EqualTo(4 - (2 * 50 * 2 * (double)0.4f)).Within(1e-9));

        double Rise(UnbinnedChannel of)
        {
            Likelihood likelihood = Of(new LikelihoodModel([new NuisanceParameter("nu")], [of]), events);
            return likelihood.Evaluate([2], default, default) - likelihood.Evaluate([0], default, default);
        }
    }

    [Test]
    public void Asimov_data_have_their_minimum_at_their_parameters([Values] bool weighted)
    {
        LikelihoodModel model = Model(ExponentShapes, normalised: true, weighted);
        double[] truth = [0.8, 0.4, 0.5, -0.3, 0.2];
        ModelData asimov = model.AsimovData(truth);
        var likelihood = new Likelihood(model, asimov);
        double[] gradient = new double[truth.Length];
        likelihood.Evaluate(truth, gradient, default);

        Assert.That(gradient, Is.All.EqualTo(0).Within(1e-9));
        Assert.That(asimov.Auxiliary, Is.EqualTo(new[] { 0.5, -0.3, 0.2 }));
    }

    [Test]
    public void Channels_add_up_and_share_parameters()
    {
        LikelihoodModel one = Model(ExponentShapes, normalised: false);
        var two = new LikelihoodModel(
            one.Parameters,
            [
                one.Channels[0], new UnbinnedChannel("other", one.UnbinnedChannels[0].Processes),
                new BinnedChannel("cr", [new BinnedSample("b", [7]) { YieldFactors = [YieldFactor.Exponential("a", 0.1)] }])
            ]);
        EventTable events = DrawEvents(Count, weighted: true);
        double[] point = Points[0];
        var binned = new LikelihoodModel(one.Parameters, [two.Channels[2], new UnbinnedChannel("sr", one.UnbinnedChannels[0].Processes)]);
        var both = new Likelihood(two, new ObservedData { Events = [events, events], Counts = [9], Auxiliary = one.ObservedAuxiliary });
        var part = new Likelihood(binned, new ObservedData { Events = [events], Counts = [9], Auxiliary = one.ObservedAuxiliary });
        double constraints = 2 * one.Parameters.Select(
            (parameter, i) => parameter.Constraint is { } known ? known.At(point[i]).Value + known.LeastNll(known.Observed) : 0).Sum();

        double alone = Of(one, events).Evaluate(point, default, default) - constraints;
        Assert.That(both.Evaluate(point, default, default) - part.Evaluate(point, default, default), Is.EqualTo(alone).Within(1e-9));
        AssertDerivatives(both, point);
    }

    [Test]
    public void Value_and_gradient_do_not_depend_on_what_else_is_asked_for()
    {
        Likelihood likelihood = Of(Model(ExponentShapes, normalised: true), DrawEvents(Count, weighted: true));
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
        Likelihood likelihood = Of(Model(ExponentShapes, normalised: true), DrawEvents(70_000, weighted: false));
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
    public void An_evaluation_after_the_first_takes_no_memory([Values] bool normalised)
    {
        Likelihood likelihood = Of(Model(ExponentShapes, normalised), DrawEvents(Count, weighted: true));
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
        // μ ν r + 1 with ν = 2: events with r = 1 vanish at μ = −½, those with r = 4 at −1/8.
        float[] ratio = new float[40_000];
        Array.Fill(ratio, 0.25f);
        ratio[20_133] = 4;
        ratio[39_999] = 8;
        Likelihood likelihood = Of(
            [new Process("signal", 2) { Ratio = "r", YieldFactors = [YieldFactor.Strength("mu")] }, new Process("background", 1)], ratio,
            Mu);
        Assert.That(likelihood.Evaluate([-0.125], default, default), Is.EqualTo(double.PositiveInfinity));
        Assert.That(
            likelihood.WhyUndefined([-0.125]),
            Is.EqualTo(
                "Event 20133 of channel 'sr' has an expected density that is not positive; the processes' yields are signal -0.25, "
                    + "background 1."));
        Assert.That(likelihood.WhyUndefined([-0.124]), Does.StartWith("Event 39999 of"));
        Assert.That(likelihood.WhyUndefined([-0.06]), Is.Null);
        Assert.That(likelihood.Evaluate([-0.06], default, default), Is.Not.EqualTo(double.PositiveInfinity));
        Assert.That(likelihood.Evaluate([double.NaN], default, default), Is.EqualTo(double.PositiveInfinity));
        Assert.That(likelihood.WhyUndefined([double.NaN]), Is.EqualTo("The parameter 'mu' is NaN."));
    }

    [Test]
    public void A_fit_that_cannot_start_says_why()
    {
        Likelihood likelihood = Of(
            [new Process("signal", 2) { Ratio = "r", YieldFactors = [YieldFactor.Strength("mu")] }, new Process("background", 1)],
            [1, 2, 3], Mu with { Initial = -5 });
        Assert.That(
            () => ProfileLikelihood.Of(likelihood).Fit(),
            Throws.TypeOf<FitException>().With.Message.Contains(
                "not finite where the minimisation starts. Event 0 of channel 'sr' has an expected density"));
    }

    [Test]
    public void Densities_of_very_different_sizes_keep_their_logs()
    {
        // Yields of 1e-250 and ratios up to 1e30: a product of a tile's densities would leave the range of doubles.
        float[] ratio = [.. Enumerable.Range(0, 1000).Select(i => (float)Math.Pow(10, (i % 61) - 30))];
        Likelihood likelihood = Of([new Process("only", 1e-250) { Ratio = "r" }], ratio);
        double expected = 2 * (1e-250 - ratio.Sum(r => Math.Log(1e-250 * r)));
        Assert.That(likelihood.Evaluate([], default, default), Is.EqualTo(expected).Within(1e-13 * Math.Abs(expected)));
    }

    [Test]
    public void A_model_that_makes_no_sense_is_refused_in_one_sentence()
    {
        var signal = new Process("signal", 1) { Ratio = "r", YieldFactors = [YieldFactor.Strength("mu")] };
        Refused([Mu], [], "no channel");
        Refused([Mu], [new UnbinnedChannel("sr", [signal with { Ratio = null }])], "No process of channel 'sr' reads a column");
        Refused([], [new UnbinnedChannel("sr", [signal])], "Process 'signal' refers to the parameter 'mu', which the model lacks");
        Refused([Mu, Mu with { Name = "idle" }], [new UnbinnedChannel("sr", [signal])], "'idle' has no constraint and changes no yield");
        Refused([Mu, Mu], [new UnbinnedChannel("sr", [signal])], "'mu' is listed twice");
        Refused([Mu], [new UnbinnedChannel("sr", [signal]), new UnbinnedChannel("sr", [signal])], "Two channels have the name 'sr'");
        Refused([Mu], [new UnbinnedChannel("sr", [signal, signal])], "Two processes of channel 'sr' have the name 'signal'");
        Refused([Mu], [new UnbinnedChannel("sr", [signal with { LogRatio = "l" }])], "has both a ratio ('r') and a log ratio ('l')");
        Refused([Mu with { Lower = 2, Upper = 1 }], [new UnbinnedChannel("sr", [signal])], "ordered bounds");
        Assert.That(() => new UnbinnedChannel("sr", []), Throws.ArgumentException.With.Message.Contains("no process"));

        static void Refused(FitParameter[] parameters, Channel[] channels, string message) =>
            Assert.That(() => new LikelihoodModel(parameters, channels), Throws.ArgumentException.With.Message.Contains(message));
    }

    [Test]
    public void Events_that_a_model_cannot_take_are_refused_in_one_sentence()
    {
        var linear = new Process("p", 1) { Ratio = "r" };
        var log = new Process("p", 1) { LogRatio = "r" };
        Refused(linear, Table(("x", [1])), "The events of channel 'sr' have no column 'r', which Process 'p' reads; they have x.");
        Refused(linear, Table(("r", [1, -1, float.NaN])), "is -1 at event 1 and wrong at 2 in all; expected a finite ratio of 0 or more.");
        Refused(log, Table(("r", [1, 99])), "is 99 at event 1 and wrong at 1 in all; expected a finite log ratio of at most 88.");
        Refused(log, Table(("r", [float.NegativeInfinity])), "is -Infinity at event 0");
        Refused(linear, Table(("r", [1, 1])).WithWeights(new[] { 1, double.NaN }), "The weight of event 1 of channel 'sr' is NaN");
        var upDown = new UpDownVariation("nu", "down", "up");
        Refused(
            linear with { ShapeVariations = [upDown] }, Table(("r", [1, 1]), ("up", [1, 1]), ("down", [1, 0])),
            "Column 'down' of channel 'sr', which Process 'p' reads, is 0 at event 1");

        static void Refused(Process process, EventTable events, string message) =>
            Assert.That(
                () => Of(new LikelihoodModel([new NuisanceParameter("nu")], [new UnbinnedChannel("sr", [process])]), events),
                Throws.TypeOf<DataException>().With.Message.Contains(message));
    }
}
