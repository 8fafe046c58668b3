using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Inference.Toys;

/// <summary>Toys at a value of μ with every other parameter at its best value for the observed data there.</summary>
/// <remarks>
/// Known as the profile construction, or hybrid resampling: its coverage is exact where the nuisance parameters' true values are those of
/// the fit, and close to it elsewhere. The fit is made from the initial parameters, so that toys depend on data, μ and seed alone and not
/// on what was fitted before. Sen, Walker and Woodroofe, Statistica Sinica 19 (2009) 301.
/// </remarks>
internal sealed class ProfiledToys
{
    private readonly LikelihoodModel _model;
    private readonly ModelData _observed;
    private readonly ToySource _source;

    /// <summary>Prepares toys.</summary>
    /// <exception cref="FitException">The observed data cannot be fitted at this μ, or no toys can be drawn there.</exception>
    public ProfiledToys(LikelihoodModel model, ModelData observed, double mu, Seed seed)
    {
        (_model, _observed) = (model, observed);
        var fits = new ProfileLikelihood(
            new Likelihood(model, observed), model.Parameters, ProfileLikelihood.RequireParameterOfInterest(model))
        {
            TriesOtherSigns = true,
        };
        Point = fits.At(mu).Parameters;
        _source = new ToySource(model, Point, seed, observed);
    }

    /// <summary>Where they are drawn.</summary>
    public IReadOnlyList<double> Point { get; }

    /// <summary>Where their fits start: where they are drawn, unless said otherwise.</summary>
    public IReadOnlyList<double> Start
    {
        get => field ?? Point;
        init;
    }

    /// <summary>A statistic of toys.</summary>
    public ToyFits Fit(
        long first, int count, double testedMu, TestStatistic statistic, IProgress<double>? progress, CancellationToken cancellation) =>
        ToyFits.Of(new ToyLoop(_model, _source.Draw, Start), (first, count), testedMu, statistic, progress, cancellation);

    /// <summary>μ̂ of toys; NaN where the fit failed.</summary>
    public (double[] MuHat, ToyFailure[] Failures) Estimate(int count, IProgress<double>? progress, CancellationToken cancellation) =>
        new ToyLoop(_model, _source.Draw, Start).Run(0, count, (fits, _) => fits.MuHat, double.NaN, progress, cancellation);

    /// <summary>
    /// A statistic and μ̂ of the observed data, fitted just as a toy is: equal data then give equal numbers to the last bit, so that a
    /// toy that equals the data counts as such.
    /// </summary>
    /// <exception cref="FitException">The fit failed.</exception>
    public (double Value, double MuHat) Observe(double testedMu, TestStatistic statistic)
    {
        ToyFits fit = ToyFits.Of(_model, 0, 1, _ => _observed, testedMu, statistic, Start);
        return fit.FailureCount == 0
            ? (fit.Values[0], fit.MuHat[0])
            : throw new FitException($"The observed data could not be fitted: {fit.Failures[0].Reason}");
    }
}
