using System.Globalization;
using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
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
/// <see cref="SignalAbsorption.Effect"/>. Nuisance parameters: the rate within the error of the mass spectrum; the template's finite size,
/// as the density's freedom in the direction to which μ is sensitive; each bootstrap member of the generator in place of their mean; the
/// simulation's finite size. For weighted events all is divided by Σw²/Σw, the number of weights that one event of the same error counts.
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

    private const string Channel = "signal region";

    private SignalLikelihood(LikelihoodModel model, ModelData data, SignalAbsorption absorption)
    {
        (Model, Data, Absorption) = (model, data, absorption);
        Fits = ProfileLikelihood.Of(new Likelihood(model, data));
    }

    /// <summary>The model.</summary>
    public LikelihoodModel Model { get; }

    /// <summary>The events of the signal region with the columns that the model reads.</summary>
    public ModelData Data { get; }

    /// <summary>What the template took of the signal.</summary>
    public SignalAbsorption Absorption { get; }

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

    /// <summary>The fitted fraction and its error.</summary>
    private (double Fraction, double Error) Fitted
    {
        get
        {
            FitResult fit = Fits.Fit();
            return (fit.Parameters[Fits.ParameterOfInterest], fit.Errors[Fits.ParameterOfInterest]);
        }
    }

    private ModelData AsimovData(double fraction)
    {
        double[] point = Model.InitialParameters;
        point[Fits.ParameterOfInterest] = fraction;
        return Model.AsimovData(point);
    }

    /// <summary>Builds the likelihood.</summary>
    /// <exception cref="FitException">The likelihood has no minimum.</exception>
    internal static SignalLikelihood Of(SignalLikelihoodInput input, SignalInference options)
    {
        if (options.CorrectsContamination)
        {
            input.Absorption.RequireSignal();
        }

        input = options.VariesGenerator && input.Template.MemberLogRatios.Length > 1 ? input : input.WithoutMembers();
        SignalLikelihood withoutSize = Of(input, options, null);
        if (input.Subtraction is { } subtraction)
        {
            (double found, double error) = withoutSize.Fitted;
            double effect = subtraction.Effect(found, error, input.Observed * input.EventScale);
            input = input with { Absorption = input.Absorption with { Effect = effect } };
            input.Absorption.RequireSignal();
            withoutSize = Of(input, options, null);
        }

        return options.VariesSamples ? Of(input, options, SampleVariation.At(input, options, withoutSize.Fits)) : withoutSize;
    }

    private static SignalLikelihood Of(SignalLikelihoodInput input, SignalInference options, SampleVariation? sizes)
    {
        LikelihoodModel model = ModelOf(input, options, sizes);
        EventTable events = Columns(input.Region, sizes?.Region, input.EventScale);
        return new SignalLikelihood(model, new ModelData { Events = [events], Auxiliary = model.ObservedAuxiliary }, input.Absorption);
    }

    private static LikelihoodModel ModelOf(SignalLikelihoodInput input, SignalInference options, SampleVariation? sizes)
    {
        string[] shapeNames =
        [
            .. Enumerable.Range(0, input.Template.MemberLogRatios.Length).Select(MemberName),
            .. sizes is null ? (string[])[] : [TemplateSize],
        ];
        ShapeVariation[] shapes = [.. shapeNames.Select(name => new ExponentialVariation(ExponentTerm.Of(name, name)))];
        YieldFactor[] ofSimulation = sizes is null ? [] : [YieldFactor.Exponential(SimulationSize, sizes.SimulationError)];
        (double inShape, double inRate) = options.CorrectsContamination ? (input.Absorption.Effect, input.Absorption.Rate) : default;
        double scale = sizes?.SignalScale ?? 1;
        double likeBackground = inShape - inRate + ((1 - inShape) * (1 - scale));
        bool absorbsApart = inShape != 0 && input.Template.FeatureLogRatio is not null;
        List<Process> processes =
        [
            Signal("signal", LogRatioColumn, absorbsApart ? 1 : 1 - inShape),
            new Process("background", input.Expected.Value / input.EventScale)
            {
                YieldFactors = [YieldFactor.Strength(BackgroundRate)],
                ShapeVariations = shapes,
            },
        ];
        if (absorbsApart)
        {
            processes.Add(Signal("signal taken for background", FeatureLogRatioColumn, -inShape));
        }

        if (likeBackground != 0)
        {
            processes.Add(new Process("signal like background", input.Observed)
            {
                YieldFactors = [YieldFactor.Polynomial(SignalFraction, 0, likeBackground)],
                ShapeVariations = shapes,
            });
        }

        FitParameter[] parameters =
        [
            new FitParameter { Name = SignalFraction, Lower = -1, Upper = 1 },
            Rate(input.Expected, options),
            .. shapeNames.Select(name => new NuisanceParameter(name)),
            .. sizes is null ? (FitParameter[])[] : [new NuisanceParameter(SimulationSize)],
        ];
        EventTable reference = Columns(input.Template, sizes?.Template, input.EventScale);
        return new LikelihoodModel(parameters, [new UnbinnedChannel(Channel, processes) { Reference = reference }], SignalFraction);

        Process Signal(string name, string logRatio, double share) => new(name, input.Observed)
        {
            LogRatio = logRatio,
            YieldFactors = [YieldFactor.Polynomial(SignalFraction, 0, scale * share), .. ofSimulation],
        };
    }

    private static FitParameter Rate(Estimate expected, SignalInference options) => new()
    {
        Name = BackgroundRate,
        Initial = 1,
        Lower = 0,
        Constraint = options.ConstrainsRate && expected.Error > 0 ? Constraint.Gaussian(1, expected.Error / expected.Value) : null,
    };

    /// <summary>The columns that the model reads; a member's log ratio is divided by √(members − 1), so that unit Gaussians give their
    /// covariance.</summary>
    private static EventTable Columns(RegionSample sample, float[]? templateSize, double eventScale)
    {
        float perMember = 1 / MathF.Sqrt(Math.Max(1, sample.MemberLogRatios.Length - 1));
        List<(string Name, float[] Values)> columns = [(LogRatioColumn, sample.LogRatio)];
        if (sample.FeatureLogRatio is { } ofFeatures)
        {
            columns.Add((FeatureLogRatioColumn, ofFeatures));
        }

        columns.AddRange(
            sample.MemberLogRatios.Select((ratios, member) => (MemberName(member), Array.ConvertAll(ratios, ratio => perMember * ratio))));
        if (templateSize is not null)
        {
            columns.Add((TemplateSize, templateSize));
        }

        EventTable table = EventTable.FromColumns([.. columns]);
        return sample.Weights is { } weights ? table.WithWeights(Array.ConvertAll(weights, weight => weight / eventScale)) : table;
    }

    private static string MemberName(int member) => GeneratorMember + (member + 1).ToString(CultureInfo.InvariantCulture);
}
