using System.Text.Json;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Likelihoods;

namespace Gbi.Reports.Json.Fits;

/// <summary>The best parameters of a model.</summary>
[DocumentKind("fit", "Best parameters of a model with their errors; printed by `gbi fit --json`")]
internal sealed record FitDocument(
    [property: Meaning("All parameters, in the order of the model")] IReadOnlyList<FittedParameterDocument> Parameters,
    [property: Meaning("−2 ln L at the minimum")] double TwiceNll,
    [property: Meaning("How the minimisation ended, in one word")] string Status,
    [property: Meaning("How it ended, in a sentence")] string Reason,
    [property: Meaning("Estimated distance to the minimum (EDM)", Unit = "of −2 ln L")] double EstimatedDistance,
    [property: Meaning("Saturated goodness of fit; null for a model with unbinned channels")] GoodnessOfFitDocument? GoodnessOfFit,
    [property: Meaning("Names of the parameters that ended at a bound")] IReadOnlyList<string> AtBounds,
    [property: Meaning("Names of the parameters that the data do not determine")] IReadOnlyList<string> Degenerate,
    [property: Meaning("What to know before the numbers are used")] IReadOnlyList<string> Remarks) : ModelResultDocument
{
    /// <summary>Whether errors are those of weighted events.</summary>
    [Meaning("Whether errors are those of weighted events, by the sandwich covariance; else they are those of the Hessian")]
    public bool HasWeightedEvents { get; init; }

    /// <summary>Name of the parameter that impacts and scan are about.</summary>
    [Meaning("Parameter of interest of impacts and scan; null without them")]
    public string? ParameterOfInterest { get; init; }

    /// <summary>Impacts, the largest first.</summary>
    [Meaning("Impacts on the parameter of interest, the largest first; null without --impacts")]
    public IReadOnlyList<ImpactDocument>? Impacts { get; init; }

    /// <summary>The profile of −2 ln L.</summary>
    [Meaning("Profile of −2 ln L along the parameter of interest; null without --grid and --report")]
    public IReadOnlyList<ScanPointDocument>? Scan { get; init; }

    /// <summary>What the data are, where they are not the observed ones.</summary>
    [Meaning("Parameters of the Asimov data that were fitted in the place of the observed data; null for observed data")]
    public AsimovDocument? Asimov { get; init; }

    /// <summary>Covariance and correlation.</summary>
    [Meaning("Covariance and correlation of the free parameters; null where the fit has none, or for more than 300 parameters")]
    public CovarianceDocument? Covariance { get; init; }

    /// <summary>Parts of the error of the parameter of interest.</summary>
    [Meaning("Parts of the error of the parameter of interest by groups of parameters; null without a parameter of interest")]
    public IReadOnlyList<ErrorSourceDocument>? ErrorSources { get; init; }

    /// <summary>Yields and bin contents.</summary>
    [Meaning("Channels with their data and what is expected before and after the fit")]
    public IReadOnlyList<ChannelDocument>? Channels { get; init; }

    /// <summary>Profiles along other parameters.</summary>
    [Meaning("Profiles of −2 ln L along other parameters; null without --profile")]
    public IReadOnlyList<ScanDocument>? Scans { get; init; }

    /// <summary>Contours of two parameters.</summary>
    [Meaning("Contours of two parameters; null without --contour")]
    public IReadOnlyList<PairContourDocument>? Contours { get; init; }

    public static FitDocument Of(LikelihoodModel model, FitResult fit, SaturatedTestResult? goodness) => new(
        FittedParameterDocument.All(model, fit),
        fit.TwiceNll,
        JsonNamingPolicy.CamelCase.ConvertName(fit.Minimum.Status.ToString()),
        fit.Minimum.Reason,
        fit.Minimum.EstimatedDistance,
        goodness is null ? null : new GoodnessOfFitDocument(goodness.Statistic, goodness.DegreesOfFreedom, goodness.Probability),
        fit.AtBounds,
        fit.Degenerate,
        fit.Remarks)
    {
        HasWeightedEvents = fit.HasWeightedEvents,
    };
}

internal sealed record GoodnessOfFitDocument(
    [property: Meaning("χ² of the saturated model")] double ChiSquared,
    [property: Meaning("Degrees of freedom")] int DegreesOfFreedom,
    [property: Meaning("P(χ² ≥ observed); null without degrees of freedom")] double Probability);
