using System.Text.Json;
using Gbi.Inference.Fits;
using Gbi.Inference.Impacts;
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
    [Meaning("Profile of −2 ln L along the parameter of interest; null without --scan")]
    public IReadOnlyList<ScanPointDocument>? Scan { get; init; }

    public static FitDocument Of(LikelihoodModel model, FitResult fit, SaturatedTestResult? goodness) => new(
        [.. fit.Names.Select((name, i) => FittedParameterDocument.Of(fit, i, model.Parameters[i].IsFixed))],
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

internal sealed record FittedParameterDocument(
    [property: Meaning("Its name")] string Name,
    [property: Meaning("Best value")] double Value,
    [property: Meaning("Error, by the Hessian or of weighted events; 0 for a fixed parameter, null if not determined")] double Error,
    [property: Meaning("(value − observed) / width of its constraint; null without a constraint", Unit = "σ")] double? Pull)
{
    public static FittedParameterDocument Of(FitResult fit, int index, bool isFixed) => new(
        fit.Names[index],
        fit.Parameters[index],
        fit.Errors[index],
        isFixed ? null : fit.Pulls.FirstOrDefault(pull => pull.Parameter == fit.Names[index])?.Pull);
}

internal sealed record GoodnessOfFitDocument(
    [property: Meaning("χ² of the saturated model")] double ChiSquared,
    [property: Meaning("Degrees of freedom")] int DegreesOfFreedom,
    [property: Meaning("P(χ² ≥ observed); null without degrees of freedom")] double Probability);

internal sealed record ImpactDocument(
    [property: Meaning("The parameter that is moved")] string Name,
    [property: Meaning("Its best value")] double Value,
    [property: Meaning("Its error")] double Error,
    [property: Meaning("Change of the parameter of interest for a move of one error down; null where the fit failed")] double Down,
    [property: Meaning("The same for one error up")] double Up,
    [property: Meaning("Why a fit failed; null where none did")] string? Failure)
{
    public static ImpactDocument Of(ParameterImpact impact) =>
        new(impact.Parameter, impact.Value, impact.Error, impact.Down, impact.Up, impact.Failure);
}

internal sealed record ScanPointDocument(
    [property: Meaning("Value of the parameter of interest")] double Value,
    [property: Meaning("−2 ln L above the best fit, all others profiled; null where the fit failed")] double T,
    [property: Meaning("Why the fit failed; null where it did not")] string? Failure)
{
    public static ScanPointDocument Of(ScanPoint point) => new(point.Mu, point.T, point.Failure);
}
