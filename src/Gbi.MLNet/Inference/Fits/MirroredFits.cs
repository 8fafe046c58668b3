using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;

namespace Gbi.Inference.Fits;

/// <summary>
/// Other minima of parameters that interpolate between variations up and down: where both move the data the same way, in a sample or in
/// the sum of samples, either sign may fit, and the likelihood has a minimum for each. Fits that start with the other sign find it. They
/// are made where the bend of the yields lowers the curvature of the likelihood enough for that.
/// </summary>
internal sealed class MirroredFits
{
    // In standard deviations: of a parameter closer to nominal the data say too little for two minima. A sign is tried again where the
    // parameter is farther out than in fits before, and where μ differs by a tenth.
    private static readonly double[] Distances = [0.1, 0.3, 1];
    private const double LeastStart = 0.5;
    private const int StepsPerOctave = 8;
    private const int MostRounds = 4;
    private const double SameValue = 1e-9;
    private const double SameParameter = 1e-4;

    // Two minima need a curvature below 0 between them: of the constraint's curvature the bend has to take all. Other parameters move on
    // the way, so that a part of it is enough for a trial.
    private const double LeastBend = 0.25;

    private readonly Likelihood _likelihood;
    private readonly int[] _interpolated;
    private readonly HashSet<int> _unbinned;
    private readonly YieldBend _bend;
    private readonly List<BoxMinimum> _known = [];
    private readonly HashSet<(int Parameter, int Distance, double? StepOfMu)> _tried = [];

    private MirroredFits(Likelihood likelihood, int[] interpolated, HashSet<int> unbinned)
    {
        (_likelihood, _interpolated, _unbinned) = (likelihood, interpolated, unbinned);
        _bend = new YieldBend(likelihood);
    }

    /// <summary>Those of a likelihood; null where no parameter interpolates, and of a function that is no likelihood of a model.</summary>
    public static MirroredFits? Of(ISmoothFunction twiceNll, IReadOnlyList<FitParameter> parameters)
    {
        if (twiceNll is not Likelihood likelihood)
        {
            return null;
        }

        LikelihoodModel model = likelihood.Model;
        HashSet<int> unbinned = Numbers(Interpolated(
            model.UnbinnedChannels.SelectMany(channel => channel.Processes).SelectMany(process => process.YieldFactors)));
        HashSet<int> binned = Numbers(model.BinnedChannels.SelectMany(channel => channel.Samples).SelectMany(sample =>
            Interpolated(sample.YieldFactors).Concat(sample.Shifts.Select(shift => shift.Parameter))));
        int[] interpolated = [.. unbinned.Union(binned).Order()];
        return interpolated.Length == 0 ? null : new MirroredFits(likelihood, interpolated, unbinned);

        static IEnumerable<string> Interpolated(IEnumerable<YieldFactor> factors) =>
            factors.OfType<YieldFactor.InterpolatedFactor>().Select(factor => factor.Parameter);

        HashSet<int> Numbers(IEnumerable<string> names)
        {
            HashSet<string> all = [.. names];
            return [.. Enumerable.Range(0, parameters.Count).Where(i => all.Contains(parameters[i].Name))];
        }
    }

    /// <summary>Other minima than those found first, higher ones too: where further fits start as well.</summary>
    public IReadOnlyList<BoxMinimum> Known => _known;

    /// <summary>Forgets them: the function has other data now.</summary>
    public void Forget()
    {
        _known.Clear();
        _tried.Clear();
    }

    /// <summary>The lowest minimum that fits with the other signs find, in turn from lower ones; the given one where there is no
    /// lower.</summary>
    /// <param name="found">The minimum from the usual start.</param>
    /// <param name="mu">μ where it is held; null where it is fitted.</param>
    /// <param name="fits">Fits of the function.</param>
    /// <param name="isFixed">Which parameters are held.</param>
    /// <param name="bounds">Bounds of all parameters.</param>
    public BoxMinimum Lowest(
        BoxMinimum found, double? mu, BoxFits fits, bool[] isFixed, (IReadOnlyList<double> Lower, IReadOnlyList<double> Upper) bounds)
    {
        double? step = mu is { } value ? Math.Floor(StepsPerOctave * Math.Log2(Math.Abs(value))) : null;
        BoxMinimum lowest = found;
        for (int round = 0; round < MostRounds; round++)
        {
            BoxMinimum from = lowest;
            foreach ((int parameter, double[] start) in Starts(from, step, isFixed, bounds).ToList())
            {
                if (BoxFits.Try(() => Minimum(fits, start, parameter, isFixed), []) is { } other
                    && !_known.Append(found).Any(known => IsSame(known, other)))
                {
                    _known.Add(other);
                    lowest = other.Value < lowest.Value ? other : lowest;
                }
            }

            if (ReferenceEquals(from, lowest))
            {
                break;
            }
        }

        _known.AddRange(ReferenceEquals(found, lowest) ? [] : [found]);
        return lowest;
    }

    /// <summary>The minimum from a start, where the others are fitted before the parameter itself may move.</summary>
    private static BoxMinimum Minimum(BoxFits fits, double[] start, int parameter, bool[] isFixed)
    {
        bool[] isHeld = [.. isFixed];
        isHeld[parameter] = true;
        return fits.Minimise([.. fits.Minimise(start, isHeld).Parameters], isFixed);
    }

    private static bool IsSame(BoxMinimum one, BoxMinimum other) =>
        Math.Abs(one.Value - other.Value) <= SameValue * (1 + Math.Abs(one.Value))
        && Enumerable.Range(0, one.Parameters.Count).All(i =>
            Math.Abs(one.Parameters[i] - other.Parameters[i]) <= SameParameter * (1 + Math.Abs(one.Parameters[i])));

    private IEnumerable<(int Parameter, double[] Start)> Starts(
        BoxMinimum minimum, double? stepOfMu, bool[] isFixed, (IReadOnlyList<double> Lower, IReadOnlyList<double> Upper) bounds)
    {
        foreach (int parameter in _interpolated.Where(i => !isFixed[i]))
        {
            double value = minimum.Parameters[parameter];
            int distance = Distances.Count(least => Math.Abs(value) >= least);
            (int, int, double?) trial = (parameter, Math.Sign(value) * distance, stepOfMu);
            if (distance > 0 && !_tried.Contains(trial) && MayHaveTwo(minimum, parameter))
            {
                _tried.Add(trial);
                double[] start = [.. minimum.Parameters];
                start[parameter] = Math.Clamp(
                    -Math.CopySign(StartAt(value), value), bounds.Lower[parameter], bounds.Upper[parameter]);
                yield return (parameter, start);
            }
        }
    }

    private static double StartAt(double value) => Math.Max(Math.Abs(value), LeastStart);

    private bool MayHaveTwo(BoxMinimum minimum, int parameter)
    {
        Constraint? constraint = _likelihood.Model.Parameters[parameter].Constraint;
        return _unbinned.Contains(parameter) || constraint is null
            || !(_bend.Of([.. minimum.Parameters], parameter, StartAt(minimum.Parameters[parameter]))
                < LeastBend * constraint.At(0, 0).Second);
    }
}
