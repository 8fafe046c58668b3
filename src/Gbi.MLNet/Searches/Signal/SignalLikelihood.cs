using Gbi.Events;
using Gbi.Inference.Contours;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Searches.Options;

namespace Gbi.Searches.Signal;

/// <summary>
/// The extended likelihood of the events in the signal region: dN/dx = T t(x) + S [p_S(x) − κ t_S(x)] + S (κ − k_T) t(x), with the
/// background template t of expectation T, the signal S, and what the template took of the signal in the sidebands: the effect of κ S
/// events in shape, k_T S in rate. μ = S/N, the signal's share of the N observed events, is of interest. x are the features, or features
/// and mass: then p_S knows the signal's masses, and t_S is p_S of the features alone with the template's masses.
/// </summary>
/// <remarks>
/// A template learnt from sidebands is a mixture of background and signal, t = (1−c) p_B + c p_S, c T = κ S, and its rate is
/// T = B + k_T S; solved for B p_B + S p_S to first order in c, this is the density above. What it took is not quite p_S, but μ depends on
/// it through the mean of its score alone, for which κ is measured, at the signal that a first fit finds: see
/// <see cref="SignalContamination.Effect"/>. Nuisance parameters: the rate within the error of the mass spectrum; the template's finite
/// size, as the density's freedom in the direction to which μ is sensitive; each bootstrap member of the generator in place of their mean;
/// the simulation's finite size. For weighted events all is divided by Σw²/Σw, the number of weights that one event of the same error
/// counts.
/// </remarks>
public sealed class SignalLikelihood
{
    /// <summary>Name of the parameter of interest, the signal's share of the observed events.</summary>
    public const string SignalFraction = "mu";

    /// <summary>Name of the factor on the background's rate.</summary>
    public const string BackgroundRate = "background_rate";

    /// <summary>Column of ln p_S/t.</summary>
    public const string LogRatioColumn = "log_ratio";

    /// <summary>Column of ln p_S/t of the features alone, where that of the signal knows the mass too.</summary>
    public const string FeatureLogRatioColumn = "log_ratio_features";

    /// <summary>Parameter and column of the template's finite size.</summary>
    public const string TemplateSize = "template";

    /// <summary>Parameter of the simulation's finite size.</summary>
    public const string SimulationSize = "simulation";

    /// <summary>Parameters and columns of the generator's members start with it.</summary>
    public const string GeneratorMember = "generator_";

    private const int CurvePoints = 12;
    private const double CurveErrors = 7;
    private const int ScanPointsPerError = 4;
    private const int ScanErrors = 4;
    private const int ContourPoints = 32;

    private SignalLikelihood(LikelihoodModel model, ModelData data, SignalContamination contamination)
    {
        (Model, Data, Contamination) = (model, data, contamination);
        Fits = ProfileLikelihood.Of(new Likelihood(model, data));
    }

    /// <summary>The model.</summary>
    public LikelihoodModel Model { get; }

    /// <summary>The events of the signal region with the columns that the model reads.</summary>
    public ModelData Data { get; }

    /// <summary>What the template took of the signal.</summary>
    public SignalContamination Contamination { get; }

    /// <summary>Fits of the observed events.</summary>
    public ProfileLikelihood Fits { get; }

    /// <summary>The median discovery significance of a signal, by Asimov data with nuisance parameters at their nominal values.</summary>
    /// <param name="fraction">The signal's share of the events in the region. Range: (0, 1).</param>
    /// <exception cref="FitException">A fit of the Asimov data finds no minimum.</exception>
    /// <remarks>√q₀ of the Asimov data: Cowan et al., arXiv:1007.1727, section 4.</remarks>
    public ExpectedSignificance Expected(double fraction) => fraction is > 0 and < 1
        ? new ExpectedSignificance(
            fraction, Significance.OfDiscovery(ProfileLikelihood.Of(new Likelihood(Model, AsimovData(fraction))).Q0()))
        : throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "An expected signal fraction must lie between 0 and 1.");

    /// <summary>What is expected without a signal, of S = √B and of a fitted fraction.</summary>
    /// <exception cref="FitException">A fit of the Asimov data finds no minimum.</exception>
    public SignalSensitivity Sensitivity() =>
        SensitivityBeforehand() with { AtEstimate = Fits.MuHat is > 0 and < 1 ? Expected(Fits.MuHat) : null };

    /// <summary>The same without the fitted fraction.</summary>
    internal SignalSensitivity SensitivityBeforehand()
    {
        IReadOnlyList<Process> processes = Model.UnbinnedChannels[0].Processes;
        (double observed, double background) = (processes[0].ExpectedYield, processes[1].ExpectedYield);
        var test = new StrengthTest(Model, AsimovData(0));
        ConfidenceInterval interval = ProfileInterval.Of(test.Observed, -1, 1);
        IReadOnlyList<double> limits = test.UpperLimits().Expected;
        return new SignalSensitivity((interval.Upper - interval.Lower) / 2, limits[2], Expected(Math.Sqrt(background) / observed), null)
        {
            UpperLimitBand = limits,
        };
    }

    /// <summary>The fitted fraction with its error.</summary>
    internal Estimate Fitted
    {
        get
        {
            FitResult fit = Fits.Fit();
            return new Estimate(fit.Parameters[Fits.ParameterOfInterest], fit.Errors[Fits.ParameterOfInterest]);
        }
    }

    /// <summary>
    /// The median significance over the fraction: from 0 in equal steps to seven expected errors, and beyond S = √B and the fitted
    /// fraction.
    /// </summary>
    internal IReadOnlyList<ExpectedSignificance> SensitivityCurve(SignalSensitivity sensitivity)
    {
        double highest = Math.Min(0.99, Math.Max(
            CurveErrors * sensitivity.Error, 1.2 * Math.Max(sensitivity.AtRootBackground.Fraction, sensitivity.AtEstimate?.Fraction ?? 0)));
        return [new(0, 0), .. Enumerable.Range(1, CurvePoints).Select(step => Expected(highest * step / CurvePoints))];
    }

    /// <summary>Scan, contours, pulls and expected significance.</summary>
    /// <param name="found">The fitted fraction with its error, in whose steps the scan goes.</param>
    /// <param name="sensitivity">What is expected.</param>
    internal LikelihoodCurves Curves(Estimate found, SignalSensitivity sensitivity)
    {
        double step = found.Error / ScanPointsPerError;
        int side = ScanErrors * ScanPointsPerError;
        (IReadOnlyList<ProfileContour> contours, string? failure) = Contours();
        return new LikelihoodCurves
        {
            Scan = ProfileScan.Of(Fits, [.. Enumerable.Range(-side, (2 * side) + 1).Select(point => found.Value + (point * step))]),
            Sensitivity = SensitivityCurve(sensitivity),
            Contours = contours,
            ContourFailure = failure,
            Pulls = Fits.Fit().Pulls,
        };
    }

    private (IReadOnlyList<ProfileContour> Contours, string? Failure) Contours()
    {
        int rate = Model.IndexOf(BackgroundRate);
        try
        {
            double[] levels = [ConfidenceLevel.OneSigma, ConfidenceLevel.TwoSigma, ConfidenceLevel.ThreeSigma];
            return ([.. levels.Select(level => ProfileContour.Of(
                Fits, rate, new ContourOptions { ConfidenceLevel = level, Points = ContourPoints }))], null);
        }
        catch (FitException cause)
        {
            return ([], $"There are no contours of signal fraction and background: {cause.Message}");
        }
    }

    /// <summary>Where the error of the fraction comes from; null where the Hessian gives no covariance.</summary>
    internal SignalErrorBudget? ErrorBudget()
    {
        FitResult fit = Fits.Fit();
        if (fit.Covariance is not { } covariance || fit.HessianCovariance is not { } hessian)
        {
            return null;
        }

        int mu = Fits.ParameterOfInterest;
        int count = fit.Names.Count;
        double rate = 0;
        double template = 0;
        double simulation = 0;
        double generator = 0;
        foreach (int at in Model.ConstrainedParameters)
        {
            // A measurement that moves by its width moves μ by this much, whatever the weights of the events.
            double shift = hessian[(mu * count) + at] / Model.Parameters[at].Constraint!.Width;
            _ = fit.Names[at] switch
            {
                BackgroundRate => rate += shift * shift,
                TemplateSize => template += shift * shift,
                SimulationSize => simulation += shift * shift,
                _ => generator += shift * shift,
            };
        }

        double left = covariance[(mu * count) + mu] - rate - template - simulation - generator;
        return new SignalErrorBudget(Math.Sqrt(left), Math.Sqrt(rate), Math.Sqrt(template), Math.Sqrt(simulation), Math.Sqrt(generator));
    }

    private AsimovData AsimovData(double fraction)
    {
        double[] point = Model.InitialParameters;
        point[Fits.ParameterOfInterest] = fraction;
        return Model.AsimovData(point);
    }

    /// <summary>Builds the likelihood.</summary>
    /// <param name="input">Samples and what is known of them.</param>
    /// <param name="options">What is taken into account.</param>
    /// <param name="sizes">The samples' finite size; null to leave it out.</param>
    internal static SignalLikelihood Of(SignalLikelihoodInput input, SignalInferenceOptions options, SampleVariation? sizes = null)
    {
        LikelihoodModel model = SignalModel.Of(input, options, sizes);
        EventTable events = SignalModel.Columns(input.Region, sizes?.Region, input.EventScale);
        ModelData data = input.IsAsimov
            ? new AsimovData { Events = [events], Auxiliary = model.ObservedAuxiliary }
            : new ObservedData { Events = [events], Auxiliary = model.ObservedAuxiliary };
        return new SignalLikelihood(model, data, input.Contamination);
    }
}
