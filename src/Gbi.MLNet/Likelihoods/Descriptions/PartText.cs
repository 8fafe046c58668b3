using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods.Descriptions;

/// <summary>The parts of a model in a few characters each. Columns of events are in brackets; a law is named where it is not the usual
/// one.</summary>
internal static class PartText
{
    private const int LineWidth = 60;

    public static string Of(double number) => Math.Abs(number) is >= 1e5 and < 1e15
        ? number.ToString("#,0", CultureInfo.InvariantCulture)
        : number.ToString("G6", CultureInfo.InvariantCulture);

    public static string OfCount(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Of(Constraint? constraint) => constraint switch
    {
        null => "",
        GaussianConstraint gaussian => $"Gaussian, {Of(gaussian.Observed)} ± {Of(gaussian.Sigma)}",
        LogNormalConstraint logNormal => $"log-normal, {Of(logNormal.Observed)} ×/÷ {Of(logNormal.Kappa)}",
        PoissonConstraint poisson => $"Poisson, {Of(poisson.Observed)} counted, {Of(poisson.Scale)} expected at 1",
        _ => throw new UnreachableException(),
    };

    public static string Of(YieldFactor factor) => factor switch
    {
        YieldFactor.StrengthFactor => factor.Parameter,
        YieldFactor.PolynomialFactor polynomial => $"({Sum(polynomial.Coefficients, factor.Parameter, 0)})",
        YieldFactor.ExponentialFactor exponential => $"exp({Sum([exponential.Linear, exponential.Quadratic], factor.Parameter, 1)})",
        YieldFactor.InterpolatedFactor pair =>
            $"{factor.Parameter}({Of(pair.Down)} to {Of(pair.Up)}{Law(pair.Law, InterpolationLaw.PolynomialExponential)})",
        _ => throw new UnreachableException(),
    };

    public static string Of(ShapeVariation shape) => shape switch
    {
        ExponentialVariation exponential =>
            $"exp({string.Join(" + ", exponential.Terms.Select(term => $"{term.MonomialName} [{term.Column}]"))})",
        UpDownVariation pair => $"{pair.Parameter}([{pair.Down}] to [{pair.Up}]{Law(pair.Law, InterpolationLaw.PolynomialExponential)})",
        _ => throw new UnreachableException(),
    };

    public static string Of(BinShift shift) => shift.Parameter + Law(shift.Law, InterpolationLaw.PolynomialLinear);

    public static string OfRatio(Model.Process process) => process switch
    {
        { LogRatio: { } column } => $"exp [{column}]",
        { Ratio: { } column } => $"[{column}]",
        _ => "1",
    };

    public static string OfBounds(FitParameter parameter) => (double.IsFinite(parameter.Lower), double.IsFinite(parameter.Upper)) switch
    {
        (false, false) => "",
        (true, false) => $"{Of(parameter.Lower)} or more",
        (false, true) => $"{Of(parameter.Upper)} or less",
        _ => $"{Of(parameter.Lower)} to {Of(parameter.Upper)}",
    };

    /// <summary>Parts with something between them, in lines of at most 60 characters unless one part is longer.</summary>
    public static string Joined(IEnumerable<string> parts, string between)
    {
        var lines = new StringBuilder();
        int used = 0;
        foreach (string part in parts)
        {
            bool isFirst = lines.Length == 0;
            bool fits = used + between.Length + part.Length <= LineWidth;
            lines.Append(isFirst ? "" : fits ? between : $"{between.TrimEnd()}\n").Append(part);
            used = fits && !isFirst ? used + between.Length + part.Length : part.Length;
        }

        return lines.ToString();
    }

    /// <summary>Coefficients times powers of a parameter; powers with 0 are left out.</summary>
    private static string Sum(double[] coefficients, string parameter, int firstPower)
    {
        var sum = new StringBuilder();
        for (int at = 0; at < coefficients.Length; at++)
        {
            if (coefficients[at] != 0)
            {
                sum.Append(sum.Length == 0 ? (coefficients[at] < 0 ? "-" : "") : (coefficients[at] < 0 ? " - " : " + "));
                sum.Append(Of(Math.Abs(coefficients[at])))
                    .Append((at + firstPower) switch { 0 => "", 1 => $" {parameter}", int power => $" {parameter}^{power}" });
            }
        }

        return sum.Length == 0 ? "0" : sum.ToString();
    }

    private static string Law(InterpolationLaw law, InterpolationLaw usual) => law == usual ? "" : $", {law}";
}
