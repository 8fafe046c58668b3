using System.Text.Json;
using Gbi.Inference.Fits;
using Gbi.Inference.Impacts;
using Gbi.Inference.Yields;
using Gbi.Likelihoods;

namespace Gbi.Reports.Json.Fits;

internal sealed record FittedParameterDocument(
    [property: Meaning("Its name")] string Name,
    [property: Meaning("Best value")] double Value,
    [property: Meaning("Error, by the Hessian or of weighted events; 0 for a fixed parameter, null if not determined")] double Error,
    [property: Meaning("(value − observed) / width of its constraint; null without a constraint", Unit = "σ")] double? Pull)
{
    /// <summary>The group.</summary>
    [Meaning("\"free\" without a constraint, else \"binFactors\" (gammas), \"shape\", \"rate\" or \"luminosity\"")]
    public string? Group { get; init; }

    /// <summary>Value before the fit.</summary>
    [Meaning("Value before the fit: as measured by its constraint, or initial")]
    public double? Before { get; init; }

    /// <summary>Width of the constraint.</summary>
    [Meaning("Error before the fit, the width of its constraint; null without a constraint")]
    public double? Width { get; init; }

    /// <summary>How much the fit narrowed it.</summary>
    [Meaning("Error over the width of its constraint: 1 where the data do not constrain it; null without a constraint or an error")]
    public double? Constraint { get; init; }

    /// <summary>Lower end of the interval of MINOS.</summary>
    [Meaning("Lower end of the interval of MINOS; null without --minos, for a fixed parameter, or where it was not found")]
    public double? MinosLower { get; init; }

    /// <summary>Upper end.</summary>
    [Meaning("Upper end of the same")]
    public double? MinosUpper { get; init; }

    /// <summary>Why it was not found.</summary>
    [Meaning("Why the interval of MINOS was not found; null where it was, or without --minos")]
    public string? MinosFailure { get; init; }

    /// <summary>All parameters of a fit.</summary>
    public static IReadOnlyList<FittedParameterDocument> All(LikelihoodModel model, FitResult fit)
    {
        IReadOnlyList<ParameterGroup> groups = ErrorSource.GroupsOf(model);
        double[] before = ExpectedYields.PointBefore(model);
        var pulls = fit.Pulls.ToDictionary(pull => pull.Parameter);
        return [.. model.Parameters.Select((parameter, i) =>
        {
            ParameterPull? pull = parameter.IsFixed ? null : pulls.GetValueOrDefault(parameter.Name);
            return new FittedParameterDocument(parameter.Name, fit.Parameters[i], fit.Errors[i], pull?.Pull)
            {
                Group = NameOf(groups[i]),
                Before = before[i],
                Width = parameter is { IsFixed: false, Constraint: { } known } ? known.Width : null,
                Constraint = pull?.Constraint,
            };
        })];
    }

    /// <summary>The same with its interval of MINOS.</summary>
    public FittedParameterDocument With(MinosInterval? interval) => interval is null ? this : this with
    {
        MinosLower = NumberOf(interval.Lower),
        MinosUpper = NumberOf(interval.Upper),
        MinosFailure = interval.Failure,
    };

    internal static string NameOf(ParameterGroup group) => JsonNamingPolicy.CamelCase.ConvertName(group.ToString());

    private static double? NumberOf(double value) => double.IsFinite(value) ? value : null;
}

internal sealed record AsimovDocument(
    [property: Meaning("Value of the parameter of interest in the Asimov data; null without one, for its initial value")] double? Mu);

internal sealed record CovarianceDocument(
    [property: Meaning("Names of the parameters, in the order of rows and columns")] IReadOnlyList<string> Parameters,
    [property: Meaning("Covariance, row by row")] IReadOnlyList<IReadOnlyList<double>> Covariance,
    [property: Meaning("Correlation, row by row; null for a parameter held at a bound")]
    IReadOnlyList<IReadOnlyList<double>> Correlation)
{
    private const int MostParameters = 300;

    /// <summary>Those of a fit; null where it has none, or too many parameters for a document.</summary>
    public static CovarianceDocument? Of(LikelihoodModel model, FitResult fit)
    {
        int count = fit.Parameters.Count;
        int[] free = [.. Enumerable.Range(0, count).Where(i => !model.Parameters[i].IsFixed)];
        return fit.Covariance is not { } covariance || free.Length > MostParameters ? null : new CovarianceDocument(
            [.. free.Select(i => fit.Names[i])],
            [.. free.Select(i => (IReadOnlyList<double>)[.. free.Select(j => covariance[(i * count) + j])])],
            [.. free.Select(i => (IReadOnlyList<double>)[.. free.Select(j => fit.Correlation(i, j))])]);
    }
}

internal sealed record ImpactDocument(
    [property: Meaning("The parameter that is moved")] string Name,
    [property: Meaning("Its best value")] double Value,
    [property: Meaning("Its error")] double Error,
    [property: Meaning("Change of the parameter of interest for a move of one error down; null where the fit failed")] double Down,
    [property: Meaning("The same for one error up")] double Up,
    [property: Meaning("Why a fit failed; null where none did")] string? Failure)
{
    /// <summary>Change for the width before the fit.</summary>
    [Meaning("Change of the parameter of interest for a move down by the width of the constraint, the error before the fit; null without")]
    public double? DownBefore { get; init; }

    /// <summary>The same up.</summary>
    [Meaning("The same for a move up")]
    public double? UpBefore { get; init; }

    public static ImpactDocument Of(ParameterImpact impact) =>
        new(impact.Parameter, impact.Value, impact.Error, impact.Down, impact.Up, impact.Failure)
        {
            DownBefore = impact.DownBefore,
            UpBefore = impact.UpBefore,
        };
}

internal sealed record ErrorSourceDocument(
    [property: Meaning("\"events\" for the number of events, else a group of parameters as in parameters[].group")] string Source,
    [property: Meaning("Number of parameters of the group; those without a constraint for \"events\"")] int Parameters,
    [property: Meaning("Part of the error of the parameter of interest; the squares add up to its variance")] double Error)
{
    public static ErrorSourceDocument Of(ErrorSource source) => new(
        source.Group == ParameterGroup.Free ? "events" : FittedParameterDocument.NameOf(source.Group), source.Count, source.Error);
}
