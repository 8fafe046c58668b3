using Gbi.Posteriors.Models;

namespace Gbi.Reports.Json.Posteriors;

/// <summary>Posteriors of observations.</summary>
[DocumentKind("posterior", "Posteriors of observations; printed by `gbi posterior --json`")]
internal sealed record PosteriorDocument(
    [property: Meaning("File of the posterior")] string Model,
    [property: Meaning("File of the observations")] string Observed,
    [property: Meaning("Draws of each posterior")] int Draws,
    [property: Meaning("File that the draws were written to; null where none was asked for")] string? Out,
    [property: Meaning("The posterior of each observation")] IReadOnlyList<PosteriorSummaryDocument> Observations,
    [property: Meaning("Tests near the posterior of the largest set of events; null where none were made")]
    PosteriorTestsDocument? Tests) : ResultDocument;

/// <summary>The posterior of one observation, from draws.</summary>
internal sealed record PosteriorSummaryDocument(
    [property: Meaning("Why the posterior may not be trusted, as where the observation is unlike the simulations; else empty")]
    IReadOnlyList<string> Warnings,
    [property: Meaning("The marginal posterior of each parameter")] IReadOnlyList<ParameterSummaryDocument> Parameters,
    [property: Meaning("Correlations of the parameters, a row each; null for a parameter without spread")]
    IReadOnlyList<IReadOnlyList<double>> Correlations)
{
    public static PosteriorSummaryDocument Of(PosteriorSummary summary, IReadOnlyList<string> warnings) => new(
        warnings,
        [
            .. summary.Parameters.Select(parameter => new ParameterSummaryDocument(
                parameter.Name,
                parameter.Mean,
                parameter.StandardDeviation,
                parameter.Median,
                parameter.Mode,
                [.. parameter.Central.Select(CredibleIntervalDocument.Of)],
                [.. parameter.Shortest.Select(CredibleIntervalDocument.Of)])),
        ],
        summary.Correlations);
}

internal sealed record ParameterSummaryDocument(
    [property: Meaning("Name of the parameter")] string Name,
    [property: Meaning("Mean")] double Mean,
    [property: Meaning("Standard deviation")] double StandardDeviation,
    [property: Meaning("Median")] double Median,
    [property: Meaning("Value at the densest draw of all parameters")] double Mode,
    [property: Meaning("Central intervals: as much probability below as above")] IReadOnlyList<CredibleIntervalDocument> Central,
    [property: Meaning("Shortest intervals")] IReadOnlyList<CredibleIntervalDocument> Shortest);

internal sealed record CredibleIntervalDocument(
    [property: Meaning("Posterior probability of the interval")] double Probability,
    [property: Meaning("Lower end")] double Lower,
    [property: Meaning("Upper end")] double Upper)
{
    public static CredibleIntervalDocument Of(CredibleInterval interval) => new(interval.Probability, interval.Low, interval.High);
}
