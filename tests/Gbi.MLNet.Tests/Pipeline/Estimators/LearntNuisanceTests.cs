using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Pipeline;
using Gbi.Pipeline.Estimators;
using Gbi.Ratios.Parametric;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Tests.Pipeline.Estimators;

/// <summary>
/// A nuisance that <c>Systematic(...)</c> has learnt from samples at ν = −2 … 2, profiled in fits of data at ν = 0.7: background
/// x ~ N(ν a, 1) in three features with the rate 1 + 0.02 ν, signal x ~ N(3a, 1).
/// </summary>
[TestFixture]
internal sealed class LearntNuisanceTests
{
    private const double TrueNu = 0.7;
    private const double Signal = 1000;
    private const double Background = 20_000;
    private const int DataSets = 24;

    private static readonly double[] Shift = [0.2, -0.1, 0.05];

    private readonly MLContext _mlContext = new(seed: 1);
    private LikelihoodModel _model = null!;
    private SystematicTransformer _systematic = null!;

    [OneTimeSetUp]
    public void Learn()
    {
        Row[] samples = [.. Enumerable.Range(-2, 5).SelectMany(nu => Draw(nu, 40_000, new Seed(10).Child(nu + 2)))];
        _systematic = _mlContext.Gbi
            .Systematic(
                new SystematicOptions
                {
                    ParameterColumns = ["Nu"],
                    WeightColumn = "Weight"
                }).Fit(_mlContext.Data.LoadFromEnumerable(samples));
        ParametricRatio ratio = _systematic.Ratio;
        (double up, double down) = (ratio.LogInclusiveRatio([1]), ratio.LogInclusiveRatio([-1]));
        _model = new LikelihoodModel(
            [new FitParameter { Name = "mu", Initial = 1 }, new NuisanceParameter("Nu")],
            [
                new UnbinnedChannel("events",
                [
                    new Process("signal", Signal) { LogRatio = "log_ratio", YieldFactors = [YieldFactor.Strength("mu")] },
                    new Process("background", Background)
                    {
                        YieldFactors = [YieldFactor.Exponential("Nu", (up - down) / 2, (up + down) / 2)],
                        ShapeVariations = [ExponentialVariation.Of(ratio.Monomials)],
                    },
                ])
                {
                    Reference = Scored(Draw(0, 100_000, new Seed(11))),
                },
            ],
            "mu");
    }

    [Test]
    public void It_is_found_where_the_data_were_made_and_widens_the_strength_as_the_Fisher_information_says()
    {
        var nuPulls = new List<double>();
        var muPulls = new List<double>();
        var ratios = new List<(double Alone, double Profiled)>();
        for (int set = 0; set < DataSets; set++)
        {
            EventTable events = Scored(DrawData(new Seed(12).Child(set)));
            var likelihood = new Likelihood(_model, new ObservedData { Events = [events], Auxiliary = [0] });
            FitResult fit = ProfileLikelihood.Of(likelihood).Fit();
            FitResult alone = Fixed(likelihood, fit.Parameters[1]);
            (double expectedAlone, double expected) = ErrorsOfMu(events, fit.Parameters[0], fit.Parameters[1]);
            nuPulls.Add((fit.Parameters[1] - TrueNu) / fit.Errors[1]);
            muPulls.Add((fit.Parameters[0] - 1) / fit.Errors[0]);
            ratios.Add((alone.Errors[0] / expectedAlone, fit.Errors[0] / expected));
            TestContext.Out.WriteLine(InvariantText.Text(
                $"nu {fit.Parameters[1]:F3} ± {fit.Errors[1]:F3}, mu {fit.Parameters[0]:F3} ± {fit.Errors[0]:F4} ({expected:F4}), alone ± "
                    + $"{alone.Errors[0]:F4} ({expectedAlone:F4})"));
        }

        TestContext.Out.WriteLine(InvariantText.Text($"mean pulls: nu {nuPulls.Average():F3}, mu {muPulls.Average():F3}"));

        // The mean of 24 pulls has an error of 0.2, and 16.4 ± 2.3 of them are within one standard deviation.
        Assert.Multiple(() =>
        {
            Assert.That(nuPulls.Average(), Is.EqualTo(0).Within(3 / Math.Sqrt(DataSets)));
            Assert.That(muPulls.Average(), Is.EqualTo(0).Within(3 / Math.Sqrt(DataSets)));
            Assert.That(nuPulls.Count(pull => Math.Abs(pull) < 1), Is.GreaterThanOrEqualTo(10));
            Assert.That(ratios.Select(ratio => ratio.Alone), Is.All.EqualTo(1).Within(0.02));
            Assert.That(ratios.Select(ratio => ratio.Profiled), Is.All.EqualTo(1).Within(0.03));
        });
    }

    /// <summary>The fit with ν held.</summary>
    private FitResult Fixed(Likelihood likelihood, double nu) => new ProfileLikelihood(
        likelihood, [_model.Parameters[0], _model.Parameters[1] with { Initial = nu, IsFixed = true }], 0).Fit();

    /// <summary>
    /// σ_μ with ν known and with ν profiled: from Σᵢ ∇f ∇fᵀ/f² with the true densities, and 1 for the constraint on ν.
    /// </summary>
    private static (double Alone, double Profiled) ErrorsOfMu(EventTable events, double mu, double nu)
    {
        double rate = 1 + (0.02 * nu);
        (double muMu, double muNu, double nuNu) = (0, 0, 1);
        for (int i = 0; i < events.Count; i++)
        {
            double projection = 0;
            double square = 0;
            for (int k = 0; k < Shift.Length; k++)
            {
                projection += Shift[k] * events[$"Features.{k}"][i];
                square += Shift[k] * Shift[k];
            }

            double background = Background * rate * Math.Exp((nu * projection) - (nu * nu * square / 2));
            double signal = Signal * Math.Exp((3 * projection) - (9 * square / 2));
            double density = (mu * signal) + background;
            double slopeOfMu = signal / density;
            double slopeOfNu = background / density * ((0.02 / rate) + projection - (nu * square));
            muMu += slopeOfMu * slopeOfMu;
            muNu += slopeOfMu * slopeOfNu;
            nuNu += slopeOfNu * slopeOfNu;
        }

        return (1 / Math.Sqrt(muMu), Math.Sqrt(nuNu / ((muMu * nuNu) - (muNu * muNu))));
    }

    /// <summary>Features, the exact ln r of signal over nominal background, and the learnt coefficients.</summary>
    private EventTable Scored(Row[] rows)
    {
        IDataView scored = _systematic.Transform(_mlContext.Data.LoadFromEnumerable(rows));
        double square = Shift.Sum(a => a * a);
        return EventTable.FromColumns(
        [
            .. Shift.Select((_, k) => ($"Features.{k}", rows.Select(row => row.Features[k]).ToArray())),
            ("log_ratio", [.. rows.Select(row => (float)((3 * Shift.Zip(row.Features, (a, x) => a * x).Sum()) - (4.5 * square)))]),
            .. _systematic.Columns.Select(column => (column, scored.GetColumn<float>(column).ToArray())),
        ]);
    }

    private static Row[] DrawData(Seed seed)
    {
        Random random = seed.CreateRandom();
        int background = random.NextPoisson(Background * (1 + (0.02 * TrueNu)));
        int signal = random.NextPoisson(Signal);
        return [.. Draw(TrueNu, background, seed.Child("background")), .. Draw(3, signal, seed.Child("signal"))];
    }

    private static Row[] Draw(double nu, int count, Seed seed)
    {
        Random random = seed.CreateRandom();
        return [.. Enumerable.Range(0, count).Select(_ => new Row
        {
            Nu = (float)nu,
            Weight = (float)(1 + (0.02 * nu)),
            Features = [.. Shift.Select(a => (float)random.NextNormal(nu * a, 1))],
        })];
    }

    private sealed class Row
    {
        public float Nu { get; set; }

        public float Weight { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
