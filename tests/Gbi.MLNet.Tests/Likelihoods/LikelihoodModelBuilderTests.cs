using Gbi.Events;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.HistFactory;
using Gbi.Likelihoods.Model;
using Gbi.Tests.Likelihoods.HistFactory;

namespace Gbi.Tests.Likelihoods;

public sealed class LikelihoodModelBuilderTests
{
    [Test]
    public void A_model_is_written_as_its_document() => Assert.That(ExampleModel.Builder().ToJson(), Is.EqualTo(ExampleModel.Json));

    [Test]
    public void A_document_is_written_as_it_was_read() =>
        Assert.That(LikelihoodModelBuilder.FromJson(ExampleModel.Json).ToJson(), Is.EqualTo(ExampleModel.Json));

    [Test]
    public void A_document_and_the_model_that_it_describes_have_one_likelihood()
    {
        LikelihoodModel written = ExampleModel.Builder().Build();
        LikelihoodModel read = LikelihoodModelBuilder.FromJson(ExampleModel.Json).Build();
        float[] values = [0.1f, -0.2f, 0.3f, 1.1f];
        EventTable events = EventTable.FromColumns([.. written.UnbinnedChannels[0].Columns.Select((name, at) =>
            (name, values.Select(value => 1 + (value * value / (at + 1))).ToArray()))]);
        var data = new ObservedData { Events = [events], Counts = [120, 80], Auxiliary = written.ObservedAuxiliary };
        double[] point = [1.2, 0.3, -0.4, 0.5, 1.05, 0.9, 1];

        double value = new Likelihood(written, data).Evaluate(point, default, default);
        Assert.That(value, Is.Not.EqualTo(double.PositiveInfinity));
        Assert.That(new Likelihood(read, data).Evaluate(point, default, default), Is.EqualTo(value));
    }

    [TestCase(1.0 / 3)]
    [TestCase(6.02214076e23)]
    [TestCase(double.Epsilon)]
    [TestCase(0.1 + 0.2)]
    public void Every_bit_of_a_number_survives(double number)
    {
        string json = Counting().AddParameter(new FitParameter { Name = "x", Initial = number, IsFixed = true }).ToJson();
        Assert.That(LikelihoodModelBuilder.FromJson(json).Parameters[^1].Initial, Is.EqualTo(number));
    }

    [Test]
    public void Names_of_every_script_survive_and_are_readable()
    {
        string json = Counting().AddParameter(new FitParameter { Name = "μ/~\"<é>", Initial = 0, IsFixed = true }).ToJson();
        Assert.That(json, Does.Contain("μ/~\\\"<é>"));
        Assert.That(LikelihoodModelBuilder.FromJson(json).Parameters[^1].Name, Is.EqualTo("μ/~\"<é>"));
    }

    [Test]
    public void What_a_document_leaves_out_has_the_value_that_says_least()
    {
        LikelihoodModelBuilder read = LikelihoodModelBuilder.FromJson(
            """
            { "gbiModel": "1",
              "parameters": [{ "name": "a", "constraint": { "gaussian": { "width": 2 } } },
                             { "name": "b", "constraint": { "logNormal": { "kappa": 1.2 } } },
                             { "name": "g", "constraint": { "poisson": { "expected": 9 } } }],
              "channels": [{ "name": "sr", "processes": [{ "name": "p", "yield": 3, "logRatio": "l",
                "factors": [{ "interpolated": { "parameter": "a", "down": 0.9, "up": 1.1 } },
                            { "exponential": { "parameter": "a", "linear": 0.1 } }] }] }] }
            """);
        var channel = (UnbinnedChannel)read.Channels[0].Channel;

        Assert.Multiple(() =>
        {
            Assert.That(read.Parameters.Select(parameter => parameter.Constraint), Is.EqualTo(new[]
            {
                Constraint.Gaussian(0, 2), Constraint.LogNormal(1.2), Constraint.Poisson(9),
            }));
            Assert.That(read.Parameters.Select(parameter => parameter.Initial), Is.EqualTo(new[] { 0, 1, 1 }));
            Assert.That(
                read.Parameters.Select(parameter => (parameter.Lower, parameter.Upper, parameter.IsFixed)),
                Is.All.EqualTo((double.NegativeInfinity, double.PositiveInfinity, false)));
            Assert.That(channel.NormalisesShapes);
            Assert.That(channel.Processes[0].YieldFactors[0].At(0.3), Is.EqualTo(YieldFactor.Interpolated("a", 0.9, 1.1).At(0.3)));
            Assert.That(channel.Processes[0].YieldFactors[1], Is.EqualTo(YieldFactor.Exponential("a", 0.1)));
            Assert.That(
                (read.ParameterOfInterest, read.Channels[0].Events, read.Channels[0].Reference),
                Is.EqualTo((default(string), default(EventFile), default(EventFile))));
        });
    }

    [Test]
    public void A_workspace_becomes_a_document_with_the_same_likelihood()
    {
        Workspace workspace = Workspace.Parse(SmallWorkspace.Counting(10, 50, 55));
        LikelihoodModel model = workspace.Model();
        LikelihoodModelBuilder read = LikelihoodModelBuilder.FromJson(LikelihoodModelBuilder.Of(model, workspace.Data(model)).ToJson());

        Assert.That(read.Channels[0].Observed, Is.EqualTo(new[] { 55 }));
        Assert.That(
            new Likelihood(read.Build(), workspace.Data(model)).Evaluate([0.7], default, default),
            Is.EqualTo(new Likelihood(model, workspace.Data(model)).Evaluate([0.7], default, default)));
    }

    [Test]
    public void A_published_workspace_becomes_a_document_with_the_same_likelihood()
    {
        Workspace workspace = Workspace.Parse(File.ReadAllText(SharedData.Path("pyhf/sbottom_region_a/BkgOnly.json")))
            .WithPatch(File.ReadAllText(SharedData.Path("pyhf/sbottom_region_a/patch.sbottom_1300_205_60.json")));
        LikelihoodModel model = workspace.Model();
        ModelData data = workspace.Data(model);
        LikelihoodModelBuilder read = LikelihoodModelBuilder.FromJson(LikelihoodModelBuilder.Of(model, data).ToJson());

        Assert.That(read.Channels.SelectMany(channel => channel.Observed!), Is.EqualTo(data.Counts));
        Assert.That(
            new Likelihood(read.Build(), data).Evaluate(model.InitialParameters, default, default),
            Is.EqualTo(new Likelihood(model, data).Evaluate(model.InitialParameters, default, default)));
    }

    [Test]
    public void Documents_are_told_by_their_mark()
    {
        Assert.Multiple(() =>
        {
            Assert.That(LikelihoodModelBuilder.IsDocument(ExampleModel.Json));
            Assert.That(LikelihoodModelBuilder.IsDocument("""{ "gbiModel": "1", """), "so that its own reader tells what is wrong");
            Assert.That(LikelihoodModelBuilder.IsDocument(SmallWorkspace.Counting(1, 2, 3)), Is.False);
            Assert.That(LikelihoodModelBuilder.IsDocument("[]"), Is.False);
            Assert.That(LikelihoodModelBuilder.IsDocument("{"), Is.False);
        });
    }

    [Test]
    public void Parts_that_make_no_model_are_refused()
    {
        Assert.Multiple(() =>
        {
            Assert.That(
                () => Counting().WithParameterOfInterest("nu").Build(),
                Throws.ArgumentException.With.Message.Contains(
                    "The parameter of interest refers to the parameter 'nu', which the model lacks; it has mu."));
            Assert.That(
                () => Counting().AddParameter("mu", 1).ToJson(), Throws.ArgumentException.With.Message.Contains("'mu' is listed twice"));
            Assert.That(
                () => Counting().AddChannel(new BinnedChannel("c", [new BinnedSample("s", [1, 2])]), [3]),
                Throws.ArgumentException.With.Message.Contains("must be 2 finite numbers"));
            Assert.That(
                () => Counting().AddChannel(new BinnedChannel("c", [new BinnedSample("s", [1])]), [-3]),
                Throws.ArgumentException.With.Message.Contains("of 0 or more"));
        });
    }

    private const string ShapeOfJes = "exp(jes [Delta_jes] + jes^2 [Delta_jes^2])";

    [Test]
    public void Describe_prints_the_model_as_tables() => Assert.That(ExampleModel.Builder().Build().Describe(), Is.EqualTo(
        $"""
        Parameter  Start  Bounds      Constraint                             Remark
        mu             1  0 to 10                                            of interest
        c              0  -5 or more
        jes            0              Gaussian, 0 ± 1
        tes          0.1              Gaussian, 0.1 ± 0.8
        rate           1              log-normal, 1 ×/÷ 1.1
        gamma       0.96              Poisson, 24 counted, 25 expected at 1
        lumi           1                                                     fixed

        Channel 'sr', unbinned: no data; no reference sample
        Process       Yield  Factors                                                  Ratio to reference      Shape
        signal          100  mu · lumi · (1 + 0.3 c - 0.1 c^2) · jes(0.95 to 1.04) ·  exp [log_ratio_signal]  {ShapeOfJes} ·
                             exp(0.02 tes)                                                                    tes([tes_down] to [tes_up])
        other          20.5  tes(-0.1 to 2, PiecewiseLinear)                          [ratio_other]
        background  123,456  rate                                                     1

        Channel 'cr', 2 bins: no data
        Sample       Yield  Factors  Shifts                Bin factors
        background  201.25  rate     jes, QuadraticLinear  gamma

        """));

    [Test]
    public void Describe_tells_the_sizes_of_what_is_bound()
    {
        var reference = EventTable.FromColumns(("l", new float[3000]));
        var model = new LikelihoodModel(
            [],
            [
                new UnbinnedChannel("sr", [new Process("p", 2) { LogRatio = "l" }]) { Reference = reference },
                new BinnedChannel("cr", [new BinnedSample("s", [4])])
            ]);
        var data = new ObservedData
        {
            Events = [EventTable.FromColumns(("l", new float[2])).WithWeights(new[] { 0.5, 1.75 })],
            Counts = [7],
            Auxiliary = []
        };

        Assert.Multiple(() =>
        {
            Assert.That(
                model.Describe(data),
                Does.Contain(
                    "Channel 'sr', unbinned: 2 events (weights sum to 2.25); reference sample of 3,000 events, shapes normalised on it\n"));
            Assert.That(model.Describe(data), Does.Contain("Channel 'cr', 1 bin: 7 counts\n"));
            Assert.That(() => model.Describe(data with { Counts = [] }), Throws.ArgumentException);
        });
    }

    private static LikelihoodModelBuilder Counting() => new LikelihoodModelBuilder()
        .AddParameter("mu", 1)
        .AddChannel(new BinnedChannel("n", [new BinnedSample("signal", [5]) { YieldFactors = [YieldFactor.Strength("mu")] }]));
}
