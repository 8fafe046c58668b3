using System.Globalization;
using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Fits;

/// <summary>
/// The minimum of twice a negative log likelihood, with Hessian errors; for weighted events of <see cref="ObservedData"/> with those of the
/// sandwich covariance.
/// </summary>
public sealed record FitResult
{
    /// <summary>The parameters' names, in order.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Their values at the minimum.</summary>
    public required IReadOnlyList<double> Parameters { get; init; }

    /// <summary>
    /// Standard errors, the square roots of the covariance's diagonal; 0 for fixed parameters, NaN for those that the data do not
    /// determine, for those held at a bound, and for all where the Hessian has a negative curvature.
    /// </summary>
    public required IReadOnlyList<double> Errors { get; init; }

    /// <summary>
    /// 2 H⁻¹ with H the Hessian of −2 ln L over the free parameters, 0 for fixed ones and those held at a bound; shape [n × n],
    /// row-major; null where H is not positive definite. For weighted events H⁻¹ C H⁻¹ with C the covariance of the gradient, in which
    /// Σ w² v vᵀ, v = ∇ ln f, stands for Σ w v vᵀ.
    /// </summary>
    /// <remarks>Langenbruch, arXiv:1911.01303.</remarks>
    public required IReadOnlyList<double>? Covariance { get; init; }

    /// <summary>2 H⁻¹ in the same form: <see cref="Covariance"/> itself where there are no weighted events.</summary>
    public IReadOnlyList<double>? HessianCovariance { get; init; }

    /// <summary>Whether errors and covariance are those of weighted events.</summary>
    public bool HasWeightedEvents { get; init; }

    /// <summary>
    /// The correlation of two parameters, their covariance over both errors; NaN where the fit has no covariance, and for parameters that
    /// have none: fixed ones and those held at a bound.
    /// </summary>
    /// <param name="first">Index of the first parameter.</param>
    /// <param name="second">Index of the second one.</param>
    public double Correlation(int first, int second)
    {
        int count = Parameters.Count;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)first, (uint)count, nameof(first));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)second, (uint)count, nameof(second));
        double scale = Covariance is null ? 0 : Math.Sqrt(Covariance[first * (count + 1)] * Covariance[second * (count + 1)]);
        return scale > 0 ? first == second ? 1 : Covariance![(first * count) + second] / scale : double.NaN;
    }

    /// <summary>−2 ln L at the minimum.</summary>
    public required double TwiceNll { get; init; }

    /// <summary>How the minimisation ended.</summary>
    public required BoxMinimum Minimum { get; init; }

    /// <summary>Names of the parameters that ended at a bound, whose errors then mean little.</summary>
    public required IReadOnlyList<string> AtBounds { get; init; }

    /// <summary>
    /// Names of the free parameters that the data do not determine, alone or together: along some direction the likelihood does not
    /// change. Their values are those of one minimum among many.
    /// </summary>
    public IReadOnlyList<string> Degenerate { get; init; } = [];

    /// <summary>One sentence for each caveat of values and errors; empty where there is none.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Pulls of the constrained parameters, in their order.</summary>
    public IReadOnlyList<ParameterPull> Pulls { get; init; } = [];

    internal static FitResult Of(BoxMinimum best, IReadOnlyList<FitParameter> parameters, int[] free, HessianErrors errors)
    {
        FitParameter[] atBounds =
        [
            .. free.Where(i => best.Parameters[i] <= parameters[i].Lower || best.Parameters[i] >= parameters[i].Upper)
                .Select(i => parameters[i])
        ];
        string[] usedNames = [.. errors.Used.Select(i => parameters[i].Name)];
        return new FitResult
        {
            Names = [.. parameters.Select(parameter => parameter.Name)],
            Parameters = best.Parameters,
            Errors = errors.Errors,
            Covariance = errors.Covariance,
            HessianCovariance = errors.HessianCovariance,
            HasWeightedEvents = errors.IsOfWeightedEvents,
            TwiceNll = best.Value,
            Minimum = best,
            AtBounds = [.. atBounds.Select(parameter => parameter.Name)],
            Pulls = [.. parameters.Select((parameter, i) => parameter.Constraint is { } known
                ? ParameterPull.Of(
                    parameter.Name, best.Parameters[i], errors.Errors[i], known.BestValue, known.Width,
                    errors.HessianCovariance is { } covariance ? Math.Sqrt(covariance[i * (parameters.Count + 1)]) : null)
                : null).OfType<ParameterPull>()],
            Degenerate = errors.Flat is { } flat ? [.. usedNames.Where((_, i) => flat.Rows.Any(row => row[i] != 0))] : [],
            Remarks =
            [
                .. Remarked(errors, usedNames),
                .. atBounds.Select(parameter => errors.Held.Any(i => parameters[i].Name == parameter.Name)
                    ? $"{parameter.Name} ended at a bound and has no error; the errors of the others are those with it held there."
                    : $"{parameter.Name} ended at a bound; its error is not reliable.")
            ],
        };
    }

    private static IEnumerable<string> Remarked(HessianErrors errors, string[] usedNames) => errors switch
    {
        { Flat: { } flat } => DegenerateParameters.Sentences(flat, usedNames),
        { Covariance: null } =>
            ["The Hessian is not positive definite at the minimum, which lies at bounds, so that there are no errors."],
        _ => [],
    };
}

/// <summary>
/// How far a fit moved a constrained parameter from what was measured of it beforehand, and how much it narrowed it. With θ₀ the measured
/// value and σ₀ its width, θ̂ ± σ̂ the fit's:
/// </summary>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="Pull">(θ̂ − θ₀)/σ₀.</param>
/// <param name="Constraint">σ̂/σ₀: 1 where the data do not constrain the parameter; null where σ̂ is not defined.</param>
/// <param name="Normalised">
/// (θ̂ − θ₀)/√(σ₀² − σ̂²), which is standard normal where the model is right, as σ₀² − σ̂² is the variance of θ̂ − θ₀; null where the
/// remark says why. For weighted events that variance is σ₀² + σ̂² − 2σ_H², σ_H² being the diagonal entry of H⁻¹.
/// </param>
/// <param name="Remark">Why a number is missing; null where none is.</param>
/// <remarks>Demortier and Lyons, "Everything you always wanted to know about pulls" (2008).</remarks>
public sealed record ParameterPull(string Parameter, double Pull, double? Constraint, double? Normalised, string? Remark)
{
    // Below this share of σ₀² the variance of θ̂ − θ₀ is the difference of two rounded numbers.
    private const double LeastGain = 1e-8;

    /// <summary>The pull of one parameter.</summary>
    /// <param name="parameter">Its name.</param>
    /// <param name="estimate">θ̂, finite.</param>
    /// <param name="error">σ̂; NaN where the fit has none, 0 where the parameter was fixed.</param>
    /// <param name="observed">θ₀, finite.</param>
    /// <param name="width">σ₀, above 0 and finite.</param>
    /// <param name="hessianError">σ_H, the Hessian error, where σ̂ is that of weighted events; null where σ̂ is it.</param>
    /// <exception cref="ArgumentException">A number is out of its range; the message holds the parameter and the numbers.</exception>
    public static ParameterPull Of(
        string parameter, double estimate, double error, double observed, double width, double? hessianError = null)
    {
        if (!double.IsFinite(estimate) || !double.IsFinite(observed) || !(width > 0) || !double.IsFinite(width) || error < 0)
        {
            throw new ArgumentException(Text(
                $"The pull of {parameter} needs finite values, a width above 0 and an error that is not negative, but {estimate:G6} ± "
                    + $"{error:G6} was fitted and {observed:G6} ± {width:G6} measured."));
        }

        double pull = (estimate - observed) / width;
        double ratio = error / width;
        double gain = hessianError is { } hessian && hessian != error
            ? 1 + (ratio * ratio) - (2 * hessian * hessian / (width * width))
            : 1 - (ratio * ratio);
        string? remark = error switch
        {
            double.NaN or double.PositiveInfinity => $"{parameter} has no error: the fit does not determine it.",
            0 => $"{parameter} was fixed in the fit.",
            _ when gain < -LeastGain => Text(
                $"The error of {parameter} is {ratio:G4} times the width of its constraint; expected 1 or less: the likelihood is far "
                    + $"from a parabola, or lacks the constraint."),
            _ when gain < LeastGain => $"The data do not narrow {parameter}: its error is the width of its constraint.",
            _ => null,
        };
        return new ParameterPull(
            parameter,
            pull,
            double.IsFinite(ratio) && error > 0 ? ratio : null,
            remark is null ? pull / Math.Sqrt(gain) : null,
            remark);
    }
}

/// <summary>Sentences that name the parameters which a likelihood does not determine, and what it determines of them.</summary>
internal static class DegenerateParameters
{
    /// <summary>One sentence for each set of parameters that flat directions connect, in the parameters' order.</summary>
    /// <param name="flat">The flat directions.</param>
    /// <param name="names">Names of the variables of <paramref name="flat"/>.</param>
    public static IEnumerable<string> Sentences(FlatDirections flat, IReadOnlyList<string> names)
    {
        var rows = flat.Rows.ToList();
        while (rows.Count > 0)
        {
            int first = Enumerable.Range(0, names.Count).First(i => rows.Exists(row => row[i] != 0));
            List<double[]> group = [];
            HashSet<int> members = [first];
            while (rows.FindIndex(row => members.Any(i => row[i] != 0)) is var found and >= 0)
            {
                group.Add(rows[found]);
                members.UnionWith(Enumerable.Range(0, names.Count).Where(i => rows[found][i] != 0));
                rows.RemoveAt(found);
            }

            yield return Sentence(group, [.. members.Order()], names);
        }
    }

    private static string Sentence(List<double[]> group, int[] members, IReadOnlyList<string> names)
    {
        string[] parts = [.. members.Select(i => names[i])];
        string all = parts.Length == 1 ? parts[0] : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";
        return (members.Length - group.Count) switch
        {
            0 => $"{all} is not determined: the likelihood does not depend on it.",
            1 => $"{all} are not determined separately: only {Combination(group, members, names)} is.",
            int left => $"{all} are not determined separately: only {left} of their {members.Length} combinations are.",
        };
    }

    /// <summary>The one combination Σ wᵢ θᵢ that no flat direction changes, Σ wᵢ vᵢ = 0 for all, with 1 as the first weight.</summary>
    private static string Combination(List<double[]> group, int[] members, IReadOnlyList<string> names)
    {
        // Each row moves one member of its own and the one member that none owns.
        int shared = members.Single(i => group.Count(row => row[i] != 0) == group.Count && (group.Count > 1 || i == members[^1]));
        double Weight(int i) => i == shared ? 1 : group.Where(row => row[i] != 0).Select(row => -row[shared] / row[i]).Single();
        double first = Weight(members[0]);
        string text = names[members[0]];
        foreach (int member in members.Skip(1))
        {
            double weight = Weight(member) / first;
            string size = Math.Abs(weight).ToString("G4", CultureInfo.InvariantCulture);
            text += $" {(weight < 0 ? "−" : "+")} {(size == "1" ? "" : size + " ")}{names[member]}";
        }

        return text;
    }
}
