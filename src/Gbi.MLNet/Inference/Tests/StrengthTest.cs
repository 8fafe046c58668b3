using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;

namespace Gbi.Inference.Tests;

/// <summary>
/// Asymptotic tests of the strength μ of a model: CLs by q̃_μ, observed and expected without signal, upper limits and the discovery
/// statistic. Fits are made where they are first needed, and each starts from its neighbour.
/// </summary>
/// <remarks>
/// The Asimov data are those of μ = 0 with nuisance parameters fitted to the observed data. Cowan et al., arXiv:1007.1727. Where the
/// observed events are weighted, what is expected is so for weighted events too: q̃_A is divided by the same ratio of variances as q̃.
/// </remarks>
public sealed class StrengthTest
{
    private readonly Lazy<ProfileLikelihood> _asimov;
    private readonly Likelihood _likelihood;

    /// <summary>Tests of data.</summary>
    /// <exception cref="FitException">The model has no parameter of interest, or it is fixed.</exception>
    public StrengthTest(LikelihoodModel model, ModelData data)
        : this(model, data, new Likelihood(model, data), model.Parameters)
    {
    }

    private StrengthTest(LikelihoodModel model, ModelData data, Likelihood likelihood, IReadOnlyList<FitParameter> parameters)
    {
        (Model, Data, _likelihood, Parameters) = (model, data, likelihood, parameters);
        Observed = new ProfileLikelihood(likelihood, parameters, ProfileLikelihood.RequireParameterOfInterest(model))
        {
            TriesOtherSigns = true,
        };
        _asimov = new(() => FitsOf(AsimovData()));
    }

    /// <summary>The model.</summary>
    public LikelihoodModel Model { get; }

    /// <summary>The observed data.</summary>
    public ModelData Data { get; }

    /// <summary>The parameters with the bounds of these tests' fits.</summary>
    internal IReadOnlyList<FitParameter> Parameters { get; }

    /// <summary>Stops fits between their steps.</summary>
    internal CancellationToken Cancellation
    {
        get => Observed.Cancellation;
        init => Observed.Cancellation = value;
    }

    /// <summary>Index of μ.</summary>
    public int ParameterOfInterest => Observed.ParameterOfInterest;

    /// <summary>Fits of the observed data.</summary>
    public ProfileLikelihood Observed { get; }

    /// <summary>Fits of the Asimov data of μ = 0.</summary>
    public ProfileLikelihood Asimov => _asimov.Value;

    /// <summary>The Asimov data of μ = 0.</summary>
    public AsimovData AsimovData() => Model.AsimovData(Observed.At(0).Parameters);

    /// <summary>Tests one strength.</summary>
    /// <param name="mu">μ; 0 or more.</param>
    /// <exception cref="FitException">A fit found no minimum.</exception>
    public StrengthTestResult Test(double mu)
    {
        if (!(mu >= 0) || !double.IsFinite(mu))
        {
            throw new ArgumentOutOfRangeException(nameof(mu), mu, "A tested strength must be finite and 0 or more.");
        }

        double q = Observed.QTildeMu(mu);
        double qAsimov = Asimov.QTildeMu(mu);
        (double both, double background, double logCls) = AsymptoticCls.Observed(q, qAsimov);
        return new StrengthTestResult
        {
            Mu = mu,
            MuHat = Observed.MuHat,
            Q = q,
            QAsimov = qAsimov,
            PSignalAndBackground = both,
            PBackground = background,
            LogCls = logCls,
            ExpectedCls = AsymptoticCls.Expected(qAsimov),
        };
    }

    /// <summary>Upper limits on μ where CLs is 1 − <paramref name="confidenceLevel"/>.</summary>
    /// <returns>The limits found, NaN for others, with the reasons.</returns>
    /// <remarks>
    /// Every fit has <see cref="FitParameter.UpperOfLimits"/> as the upper bound of μ, the free one too: a best value at a bound below the
    /// limit would make a test statistic too small.
    /// </remarks>
    /// <exception cref="FitException">No limit was found, or not even the best fits.</exception>
    public UpperLimits UpperLimits(double confidenceLevel = ConfidenceLevel.Usual)
    {
        RequireConfidenceLevel(confidenceLevel);
        return new UpperLimitSearch(ForLimits(), confidenceLevel).Run();
    }

    internal static void RequireConfidenceLevel(double confidenceLevel)
    {
        if (!(confidenceLevel > 0.5 && confidenceLevel < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(confidenceLevel), confidenceLevel, "The confidence level must lie between 0.5 and 1.");
        }
    }

    /// <summary>The same tests with <see cref="FitParameter.UpperOfLimits"/> as the upper bound of μ in all fits.</summary>
    internal StrengthTest ForLimits()
    {
        FitParameter mu = Parameters[ParameterOfInterest];
        return mu.UpperOfLimits <= mu.Upper ? this : new StrengthTest(
            Model, Data, _likelihood,
            [.. Parameters.Select((parameter, i) => i == ParameterOfInterest ? parameter with { Upper = mu.UpperOfLimits } : parameter)])
        {
            Cancellation = Cancellation,
        };
    }

    /// <summary>Fits of other data, with the bounds and the ratio of variances of these.</summary>
    internal ProfileLikelihood FitsOf(ModelData data) =>
        new(new Likelihood(Model, data), Parameters, ParameterOfInterest, Observed.VarianceRatio)
        {
            Cancellation = Cancellation,
            TriesOtherSigns = true,
        };

    /// <summary>The model with the bounds of these tests' fits.</summary>
    internal LikelihoodModel ModelOfFits() => ReferenceEquals(Parameters, Model.Parameters)
        ? Model
        : new LikelihoodModel(Parameters, Model.Channels, Parameters[ParameterOfInterest].Name);
}

/// <summary>An asymptotic test of one strength μ.</summary>
public sealed record StrengthTestResult
{
    /// <summary>μ.</summary>
    public required double Mu { get; init; }

    /// <summary>μ̂ of the observed data.</summary>
    public required double MuHat { get; init; }

    /// <summary>q̃_μ of the observed data.</summary>
    public required double Q { get; init; }

    /// <summary>q̃_μ of the Asimov data of μ = 0.</summary>
    public required double QAsimov { get; init; }

    /// <summary>P(q̃ ≥ observed | μ).</summary>
    public required double PSignalAndBackground { get; init; }

    /// <summary>P(q̃ ≥ observed | 0).</summary>
    public required double PBackground { get; init; }

    /// <summary>CLs, the ratio of both; 0 where it is too small for a number.</summary>
    public double Cls => Math.Exp(LogCls);

    /// <summary>ln CLs, finite also where CLs itself is too small for a number.</summary>
    public required double LogCls { get; init; }

    /// <summary>CLs expected without signal at −2σ, −1σ, the median, +1σ and +2σ of its band, smallest first.</summary>
    public required IReadOnlyList<double> ExpectedCls { get; init; }
}

/// <summary>Upper limits on a strength.</summary>
/// <param name="Observed">Where the observed CLs is 1 − confidence level; NaN where it was not found.</param>
/// <param name="Expected">The same for CLs expected without signal at −2σ, −1σ, the median, +1σ and +2σ of its band, smallest
/// first.</param>
/// <param name="ConfidenceLevel">Their confidence level.</param>
public sealed record UpperLimits(double Observed, IReadOnlyList<double> Expected, double ConfidenceLevel)
{
    /// <summary>μ̂ of the observed data, with the bounds of the search.</summary>
    public double MuHat { get; init; }

    /// <summary>Why limits were not found, one sentence each; empty where all were.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>Standard error of <see cref="Observed"/> from the number of toys; NaN for asymptotic formulas.</summary>
    public double ObservedError { get; init; } = double.NaN;

    /// <summary>The same of <see cref="Expected"/>; empty for asymptotic formulas.</summary>
    public IReadOnlyList<double> ExpectedErrors { get; init; } = [];

    /// <summary>Tests by toys that the limits lie between, by ascending μ; empty for asymptotic formulas.</summary>
    public IReadOnlyList<LimitTest> Tests { get; init; } = [];
}

/// <summary>CLs of one μ by toys.</summary>
/// <param name="Mu">μ.</param>
/// <param name="Cls">Observed; NaN where no toy without signal reaches the observed q̃.</param>
/// <param name="ExpectedCls">Expected without signal at −2σ, −1σ, the median, +1σ and +2σ of its band, smallest first.</param>
/// <param name="FailureCount">Toys whose fits failed; they are left out.</param>
public sealed record LimitTest(double Mu, Estimate Cls, IReadOnlyList<Estimate> ExpectedCls, int FailureCount);
