using Gbi.Inference.Fits;
using Gbi.Inference.Yields;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;

namespace Gbi.Tests.Inference.Yields;

/// <summary>Yields of models of so many parameters that their covariance is worked out where it is asked for.</summary>
[TestFixture]
internal sealed class ManyParametersTests
{
    [Test]
    public void The_form_of_many_parameters_is_that_of_all_their_covariances()
    {
        // 400 bins with a factor each and one rate: the covariance has the shape of an arrow.
        const int Bins = 400;
        string[] names = [.. Enumerable.Range(0, Bins).Select(bin => $"gamma{bin}")];
        var model = new LikelihoodModel(
            [
                new FitParameter { Name = "mu", Initial = 1, Lower = 0, Upper = 10 },
                .. names.Select(name => new FitParameter
                {
                    Name = name, Initial = 1, Lower = 0, Upper = 10, Constraint = Constraint.Gaussian(1, 0.1),
                }),
            ],
            [
                new BinnedChannel("sr",
                [
                    new BinnedSample("b", [.. Enumerable.Range(0, Bins).Select(bin => 20.0 + bin)])
                    {
                        YieldFactors = [YieldFactor.Strength("mu")], BinFactors = [new BinFactors(names)],
                    },
                ]),
            ],
            "mu");
        FitResult fit = ProfileLikelihood.Of(
            new Likelihood(model, model.DataOf([.. Enumerable.Range(0, Bins).Select(bin => 21.0 + bin + (bin % 7))]))).Fit();
        Assert.That(fit.Covariance, Is.InstanceOf<ArrowInverse>());
        double[] all = [.. fit.Covariance!];
        FitResult plain = fit with { Covariance = all };
        ChannelYields arrow = ExpectedYields.After(model, fit).Single();
        ChannelYields whole = ExpectedYields.After(model, plain).Single();
        Assert.Multiple(() =>
        {
            Assert.That(arrow.Total.Error, Is.EqualTo(whole.Total.Error).Within(1e-9 * whole.Total.Error));
            Assert.That(arrow.Bins.Select(bin => bin.Error), Is.EqualTo(whole.Bins.Select(bin => bin.Error)).Within(1e-9));
        });
    }
}
