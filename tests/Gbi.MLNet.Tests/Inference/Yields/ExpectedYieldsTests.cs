using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Inference.Impacts;
using Gbi.Inference.Yields;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.HistFactory;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;
using Gbi.Tests.Likelihoods.HistFactory;

namespace Gbi.Tests.Inference.Yields;

/// <summary>Covariance, yields and parts of the error: in closed form, and against numerical derivatives.</summary>
[TestFixture]
internal sealed class ExpectedYieldsTests
{
    private const double Signal = 50;
    private const double Background = 400;
    private const double Shift = 0.1 * Background;
    private const double Observed = 480;

    // One bin, λ = μ s + b(1 + 0.1 α): the fit is exact, λ = n and α̂ = 0, so that with J = (s, 0.1 b) the covariance is the inverse of
    // J Jᵀ/n + diag(0, 1): C_μμ = (n + (0.1 b)²)/s², C_μα = −0.1 b/s, C_αα = 1.
    private static readonly LikelihoodModel Model = new(
        [new FitParameter { Name = "mu", Initial = 1 }, new NuisanceParameter("alpha")],
        [
            new BinnedChannel("sr",
            [
                new BinnedSample("signal", [Signal]) { YieldFactors = [YieldFactor.Strength("mu")] },
                new BinnedSample("background", [Background])
                {
                    YieldFactors = [YieldFactor.Interpolated("alpha", 0.9, 1.1, InterpolationLaw.PiecewiseLinear)],
                },
            ]),
        ],
        "mu");

    private static FitResult Fit => ProfileLikelihood.Of(new Likelihood(Model, Model.DataOf(Observed))).Fit();

    [Test]
    public void Covariance_and_correlation_of_one_bin()
    {
        FitResult fit = Fit;
        double variance = (Observed + (Shift * Shift)) / (Signal * Signal);
        Assert.Multiple(() =>
        {
            Assert.That(fit.Covariance, Is.EqualTo(new[] { variance, -Shift / Signal, -Shift / Signal, 1 }).Within(1e-9));
            Assert.That(fit.Correlation(0, 1), Is.EqualTo(-Shift / Signal / Math.Sqrt(variance)).Within(1e-9));
            Assert.That(fit.Correlation(1, 1), Is.EqualTo(1));
            Assert.That(() => fit.Correlation(0, 2), Throws.TypeOf<ArgumentOutOfRangeException>());
        });
    }

    [Test]
    public void Yields_after_a_fit_have_its_errors()
    {
        ChannelYields found = ExpectedYields.After(Model, Fit).Single();

        // μ and α pull against each other: the sum is as well known as the count, √n, and its parts are not.
        Assert.Multiple(() =>
        {
            Close(found.Total, Observed, Math.Sqrt(Observed));
            Close(found.Bins.Single(), Observed, Math.Sqrt(Observed));
            Close(found.Samples[0].Total, Observed - Background, Math.Sqrt(Observed + (Shift * Shift)));
            Close(found.Samples[1].Bins.Single(), Background, Shift);
        });
    }

    [Test]
    public void Yields_before_a_fit_have_the_widths_of_constraints()
    {
        ChannelYields found = ExpectedYields.Before(Model).Single();
        Assert.Multiple(() =>
        {
            Close(found.Total, Signal + Background, Shift);
            Close(found.Samples[0].Total, Signal, 0);
            Close(found.Samples[1].Total, Background, Shift);
            Assert.That(found.Samples.Select(sample => sample.Sample), Is.EqualTo(new[] { "signal", "background" }));
        });
    }

    [Test]
    public void The_error_of_mu_is_split_into_events_and_rates()
    {
        IReadOnlyList<ErrorSource> sources = ErrorSource.Of(Model, Fit);
        Assert.Multiple(() =>
        {
            Assert.That(sources.Select(source => (source.Group, source.Count)), Is.EqualTo(
                new[] { (ParameterGroup.Free, 1), (ParameterGroup.Rate, 1) }));
            Assert.That(sources[0].Error, Is.EqualTo(Math.Sqrt(Observed) / Signal).Within(1e-9));
            Assert.That(sources[1].Error, Is.EqualTo(Shift / Signal).Within(1e-9));
        });
    }

    [Test]
    public void A_process_of_events_has_the_yield_of_its_factors()
    {
        var model = new LikelihoodModel(
            [new FitParameter { Name = "mu", Initial = 2 }, new NuisanceParameter("alpha")],
            [
                new UnbinnedChannel("sr",
                [
                    new Process("signal", 3) { YieldFactors = [YieldFactor.Strength("mu"), YieldFactor.Exponential("alpha", 0.2)] },
                    new Process("background", 5) { LogRatio = "log_ratio", YieldFactors = [YieldFactor.Exponential("alpha", -0.1)] },
                ]),
            ],
            "mu");
        ChannelYields before = ExpectedYields.Before(model).Single();

        // ν = 2 · 3 exp(0.2 α) + 5 exp(−0.1 α): slopes 1.2 and −0.5 at α = 0.
        Assert.Multiple(() =>
        {
            Close(before.Samples[0].Total, 6, 1.2);
            Close(before.Samples[1].Total, 5, 0.5);
            Close(before.Total, 11, 0.7);
            Assert.That(before.Bins, Is.Empty);
        });
    }

    [Test]
    public void Without_a_covariance_errors_are_not_known()
    {
        FitResult fit = Fit with { Covariance = null };
        Assert.Multiple(() =>
        {
            Assert.That(ExpectedYields.After(Model, fit)[0].Total.Error, Is.NaN);
            Assert.That(fit.Correlation(0, 1), Is.NaN);
            Assert.That(ErrorSource.Of(Model, fit), Is.Empty);
        });
    }

    [Test]
    public void Parameters_are_grouped_by_what_they_change()
    {
        LikelihoodModel model = Workspace.Parse(GroupedWorkspace.Text).Model();
        var groups = model.Parameters.Select(parameter => parameter.Name).Zip(ErrorSource.GroupsOf(model)).ToDictionary();
        Assert.Multiple(() =>
        {
            Assert.That(groups["mu"], Is.EqualTo(ParameterGroup.Free));
            Assert.That(groups["lumi"], Is.EqualTo(ParameterGroup.Luminosity));
            Assert.That(groups["rate"], Is.EqualTo(ParameterGroup.Rate));
            Assert.That(groups["shape"], Is.EqualTo(ParameterGroup.Shape));
            Assert.That(groups["stat[1]"], Is.EqualTo(ParameterGroup.BinFactors));
        });
    }

    [TestCase("sbottom")]
    [TestCase("t2")]
    [TestCase("t2 with statistics")]
    public void Covariance_and_yields_agree_with_numerical_derivatives(string name)
    {
        (LikelihoodModel model, ModelData data) = Shared(name);
        var likelihood = new Likelihood(model, data);
        FitResult fit = ProfileLikelihood.Of(likelihood).Fit();
        double[] point = [.. fit.Parameters];
        int[] free = [.. Enumerable.Range(0, point.Length).Where(i => !model.Parameters[i].IsFixed)];
        double[][] hessian = [.. free.Select(i => Derivative(point, i, fit.Errors[i], at =>
        {
            double[] gradient = new double[point.Length];
            likelihood.Evaluate(at, gradient, []);
            return gradient;
        }))];
        double[] half = [.. free.SelectMany((_, row) => free.Select((_, column) =>
            (hessian[row][free[column]] + hessian[column][free[row]]) / 4))];
        double[] covariance = LinearSystem.InverseOfPositiveDefinite(half, free.Length)!;
        double[][] slopes = [.. free.Select(i => Derivative(point, i, fit.Errors[i], at => [.. model.AsimovData(at).Counts]))];
        double[] found = [.. ExpectedYields.After(model, fit).SelectMany(channel => channel.Bins).Select(bin => bin.Error)];

        Assert.Multiple(() =>
        {
            for (int row = 0; row < free.Length; row++)
            {
                for (int column = 0; column < free.Length; column++)
                {
                    Assert.That(
                        fit.Covariance![(free[row] * point.Length) + free[column]],
                        Is.EqualTo(covariance[(row * free.Length) + column])
                            .Within(1e-6 * fit.Errors[free[row]] * fit.Errors[free[column]]),
                        $"{fit.Names[free[row]]}, {fit.Names[free[column]]}");
                }
            }

            for (int bin = 0; bin < found.Length; bin++)
            {
                double variance = 0;
                for (int row = 0; row < free.Length; row++)
                {
                    for (int column = 0; column < free.Length; column++)
                    {
                        variance += slopes[row][bin] * slopes[column][bin] * covariance[(row * free.Length) + column];
                    }
                }

                Assert.That(found[bin], Is.EqualTo(Math.Sqrt(variance)).Within(1e-6 * found[bin]), $"bin {bin}");
            }
        });
    }

    [TestCase("sbottom")]
    [TestCase("t2")]
    public void Impacts_agree_with_fits_from_the_start_and_parts_of_the_error_with_moved_measurements(string name)
    {
        (LikelihoodModel model, ModelData data) = Shared(name);
        var likelihood = new Likelihood(model, data);
        int mu = model.ParameterOfInterest!.Value;
        FitParameter[] wide =
            [.. model.Parameters.Select((parameter, i) => i == mu ? parameter with { Lower = -5, Upper = 15 } : parameter)];
        var fits = new ProfileLikelihood(likelihood, wide, mu);
        FitResult fit = fits.Fit();
        IReadOnlyList<ParameterImpact> impacts = ParameterImpact.Rank(fits);
        Assert.Multiple(() =>
        {
            foreach (ParameterImpact impact in impacts.Take(3).Append(impacts[^1]))
            {
                int at = model.IndexOf(impact.Parameter);
                double width = model.Parameters[at].Constraint?.Width ?? double.NaN;
                Assert.That(impact.Up, Is.EqualTo(MuWith(at, impact.Value + impact.Error)).Within(1e-6), impact.Parameter);
                Assert.That(impact.Down, Is.EqualTo(MuWith(at, impact.Value - impact.Error)).Within(1e-6), impact.Parameter);
                Assert.That(
                    impact.UpBefore, Is.EqualTo(double.IsNaN(width) ? double.NaN : MuWith(at, impact.Value + width)).Within(1e-6),
                    impact.Parameter);
            }

            Assert.That(
                ParameterImpact.Rank(fits, most: 8).Take(3), Is.EqualTo(impacts.Take(3)), "the largest are those that are expected");
            double parts = ErrorSource.Of(model, fit).Sum(source => source.Error * source.Error);
            Assert.That(parts, Is.EqualTo(fit.Errors[mu] * fit.Errors[mu]).Within(1e-9 * parts));
        });

        double MuWith(int held, double value) => new ProfileLikelihood(
            likelihood,
            [.. wide.Select((parameter, i) => i == held
                ? parameter with { Initial = Math.Clamp(value, parameter.Lower, parameter.Upper), IsFixed = true }
                : parameter)],
            mu).MuHat - fit.Parameters[mu];
    }

    private static (LikelihoodModel Model, ModelData Data) Shared(string name)
    {
        if (name != "sbottom")
        {
            var t2 = T2Reference.Read(name == "t2" ? "workspace" : "workspace_staterror");
            return (t2.Model, t2.Data);
        }

        string folder = SharedData.Path("pyhf/sbottom_region_a");
        Workspace workspace = Workspace.Parse(File.ReadAllText(Path.Combine(folder, "BkgOnly.json")))
            .WithPatch(File.ReadAllText(Path.Combine(folder, "patch.sbottom_1400_950_60.json")));
        LikelihoodModel model = workspace.Model();
        return (model, workspace.Data(model));
    }

    /// <summary>∂f/∂θᵢ by five points, whose error is of the fourth power of the step.</summary>
    private static double[] Derivative(double[] point, int i, double error, Func<double[], double[]> of)
    {
        double step = 2e-3 * error;
        double[] At(int steps) => of([.. point.Select((value, k) => k == i ? value + (steps * step) : value)]);
        (double[] up, double[] down, double[] farUp, double[] farDown) = (At(1), At(-1), At(2), At(-2));
        return [.. up.Select((_, k) => ((8 * (up[k] - down[k])) - (farUp[k] - farDown[k])) / (12 * step))];
    }

    private static void Close(Estimate found, double value, double error)
    {
        Assert.That(found.Value, Is.EqualTo(value).Within(1e-8 * (1 + value)));
        Assert.That(found.Error, Is.EqualTo(error).Within(1e-8 * (1 + error)));
    }
}
