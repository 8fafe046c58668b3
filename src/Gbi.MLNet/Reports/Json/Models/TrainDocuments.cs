using Gbi.Diagnostics.Closure;
using Gbi.Diagnostics.Sculpting;
using Gbi.Events;
using Gbi.Ratios;
using Gbi.Ratios.Parametric;

namespace Gbi.Reports.Json.Models;

/// <summary>A ratio that was trained.</summary>
[DocumentKind("train", "A likelihood ratio that was trained; printed by `gbi train ratio --json`")]
internal sealed record TrainDocument(
    [property: Meaning("Model that was written")] string Out,
    [property: Meaning("Events of the numerator")] int NumeratorEvents,
    [property: Meaning("Events of the denominator")] int DenominatorEvents,
    [property: Meaning("Area under the ROC curve, out of fold")] double Auc,
    [property: Meaning("Mean ratio over the denominator before normalisation; 1 where it closes")] EstimateDocument MeanRatio,
    [property: Meaning("Share of each feature in the gain, the largest first")] IReadOnlyDictionary<string, double> Importance)
    : ResultDocument
{
    public static TrainDocument Of(string path, int numerator, int denominator, double auc, CrossFittedRatio ratio) => new(
        path, numerator, denominator, auc, EstimateDocument.Of(ratio.MeanRatio),
        Ranked(ratio.Model.Features, ratio.Model.Importance()));

    internal static OrderedDictionary<string, double> Ranked(IEnumerable<string> features, IEnumerable<double> shares) => new(
        features.Zip(shares, KeyValuePair.Create).OrderByDescending(pair => pair.Value));
}

/// <summary>A systematic that was trained.</summary>
[DocumentKind("systematic", "A systematic that was trained; printed by `gbi train systematic --json`")]
internal sealed record SystematicDocument(
    [property: Meaning("Model that was written")] string Out,
    [property: Meaning("Names of the nuisance parameters")] IReadOnlyList<string> Parameters,
    [property: Meaning("Terms of the log ratio, such as \"nu^2\"")] IReadOnlyList<string> Monomials,
    [property: Meaning("Trees")] int Trees,
    [property: Meaning("The samples, the nominal one first")] IReadOnlyList<SystematicSampleDocument> Samples,
    [property: Meaning("Coefficients over the nominal events, those held out where there are any")]
    IReadOnlyList<CoefficientDocument> Coefficients,
    [property: Meaning("Share of each feature in the gain, the largest first")] IReadOnlyDictionary<string, double> Importance)
    : ResultDocument
{
    /// <summary>The model document that it was added to.</summary>
    [Meaning("Model document that shape and rate were added to; null without --append-to")]
    public string? AppendedTo { get; init; }

    public static SystematicDocument Of(
        string path, ParametricRatio ratio, IReadOnlyList<SystematicSampleDocument> samples,
        IEnumerable<(string Name, ColumnSpread Spread, Estimate LogRate)> columns) => new(
        path,
        ratio.Parameters,
        [.. ratio.Monomials.Select(monomial => monomial.Name)],
        ratio.Trees.TreeCount,
        samples,
        [.. columns.Select(column => new CoefficientDocument(
            column.Name, column.Spread.Mean, column.Spread.StandardDeviation, EstimateDocument.Of(column.LogRate)))],
        TrainDocument.Ranked(ratio.Features, ratio.Trees.Importance()));
}

internal sealed record SystematicSampleDocument(
    [property: Meaning("File of its events")] string File,
    [property: Meaning("Value of each nuisance parameter", Unit = "σ")] IReadOnlyDictionary<string, double> Point,
    [property: Meaning("Its events")] int Events,
    [property: Meaning("Sum of their weights")] double SumOfWeights,
    [property: Meaning("Sum of weights over that of the nominal sample, as if both were independent")] EstimateDocument Rate,
    [property: Meaning("Closure on events held out; null for the nominal sample and where none were held out")]
    VariationClosureDocument? Closure);

internal sealed record VariationClosureDocument(
    [property: Meaning("Nominal events of the test")] int NominalEvents,
    [property: Meaning("Varied events of the test")] int VariedEvents,
    [property: Meaning("Varied over nominal sum of weights")] EstimateDocument YieldRatio,
    [property: Meaning("Mean ratio over the nominal events; yieldRatio where the ratio is right")] EstimateDocument MeanRatio,
    [property: Meaning("Largest distance of a feature between varied and nominal events")] FeatureDistanceDocument DistanceBefore,
    [property: Meaning("The same after the nominal events were weighted with the ratio")] FeatureDistanceDocument DistanceAfter)
{
    public static VariationClosureDocument Of(VariationClosure closure) => new(
        closure.NominalEvents,
        closure.VariedEvents,
        new EstimateDocument(closure.YieldRatio, closure.YieldRatioError),
        new EstimateDocument(closure.MeanRatio.Value, closure.MeanRatio.Error),
        FeatureDistanceDocument.Of(closure.Before),
        FeatureDistanceDocument.Of(closure.After));
}

internal sealed record CoefficientDocument(
    [property: Meaning("Name of the column that `gbi score` writes")] string Column,
    [property: Meaning("Mean")] double Mean,
    [property: Meaning("Standard deviation")] double StandardDeviation,
    [property: Meaning("Coefficient of its term in ln of the rate over nominal, which the model's factors take")] EstimateDocument LogRate);
