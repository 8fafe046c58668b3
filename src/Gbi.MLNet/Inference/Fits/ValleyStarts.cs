using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Inference.Fits;

/// <summary>Where fits that look for lower minima start.</summary>
internal sealed class ValleyStarts
{
    private readonly IReadOnlyList<FitParameter> _parameters;
    private readonly ValleySearchOptions _options;
    private readonly Seed _seed;

    /// <summary>Starts for the free ones of some parameters.</summary>
    public ValleyStarts(IReadOnlyList<FitParameter> parameters, ValleySearchOptions options, Seed seed) =>
        (_parameters, _options, _seed) = (parameters, options, seed.Child("starts"));

    /// <summary>The start of a number; the same whatever was drawn before.</summary>
    /// <param name="number">Number of the start.</param>
    /// <param name="around">All parameters at the first fit's end.</param>
    /// <param name="errors">Their errors; NaN where there is none.</param>
    public double[] Draw(int number, IReadOnlyList<double> around, IReadOnlyList<double> errors)
    {
        double[] start = [.. around];
        for (int i = 0; i < start.Length; i++)
        {
            if (!_parameters[i].IsFixed)
            {
                (double low, double high) = Range(_parameters[i], around[i], errors[i]);
                start[i] = low + ((high - low) * _seed.Child(number).Uniform(i));
            }
        }

        return start;
    }

    private (double Low, double High) Range(FitParameter parameter, double best, double error)
    {
        if (parameter.Constraint is { } constraint)
        {
            return Inside(constraint.BestValue, constraint.Width);
        }

        return double.IsFinite(parameter.Lower) && double.IsFinite(parameter.Upper)
            ? (parameter.Lower, parameter.Upper)
            : Inside(best, double.IsNaN(error) ? 0 : error);

        (double Low, double High) Inside(double centre, double unit) => (
            Math.Clamp(centre - (_options.Reach * unit), parameter.Lower, parameter.Upper),
            Math.Clamp(centre + (_options.Reach * unit), parameter.Lower, parameter.Upper));
    }
}
