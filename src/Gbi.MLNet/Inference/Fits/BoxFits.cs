using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Fits;

/// <summary>Fits of one function between bounds, from one start or several.</summary>
internal sealed class BoxFits(ISmoothFunction twiceNll, IReadOnlyList<FitParameter> parameters, double[] lower, double[] upper)
{
    private readonly BoundedNewton _minimiser = new(parameters.Count, layout: (twiceNll as IArrowFunction)?.Layout);

    /// <summary>Stops fits between steps.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>The minimum from a start.</summary>
    /// <exception cref="FitException">No minimum was found.</exception>
    public BoxMinimum Minimise(ReadOnlySpan<double> start, bool[] isFixed)
    {
        BoxMinimum minimum = _minimiser.Minimise(twiceNll, start, lower, upper, isFixed, Cancellation);
        return minimum.IsMinimum ? minimum : throw new FitException(
            $"The fit{Where(start, isFixed)} found no minimum: {minimum.Reason}{Who(minimum)} Check bounds and starting values of the "
                + $"parameters.");
    }

    /// <summary>The minimum from the first start that leads to one.</summary>
    /// <exception cref="FitException">None does; the message is that of the first.</exception>
    public BoxMinimum FirstFrom(IEnumerable<double[]> starts, bool[] isFixed)
    {
        List<string> failures = [];
        return starts.Select(start => Try(() => Minimise(start, isFixed), failures)).OfType<BoxMinimum>().FirstOrDefault()
            ?? throw new FitException(failures[0]);
    }

    /// <summary>The lowest minimum from any start; starts that lead to none do not count.</summary>
    /// <exception cref="FitException">None leads to one; the message is that of the first.</exception>
    public BoxMinimum LowestFrom(IEnumerable<double[]> starts, bool[] isFixed)
    {
        List<string> failures = [];
        return starts.Select(start => Try(() => Minimise(start, isFixed), failures)).OfType<BoxMinimum>().ToList()
            .MinBy(minimum => minimum.Value) ?? throw new FitException(failures[0]);
    }

    /// <summary>The result of a fit; null where it failed, with the reason among the failures.</summary>
    public static BoxMinimum? Try(Func<BoxMinimum> fit, List<string> failures)
    {
        try
        {
            return fit();
        }
        catch (FitException failure)
        {
            failures.Add(failure.Message);
            return null;
        }
    }

    /// <summary>The values of parameters that this fit holds and the model does not.</summary>
    private string Where(ReadOnlySpan<double> start, bool[] isFixed)
    {
        for (int i = 0; i < isFixed.Length; i++)
        {
            if (isFixed[i] && !parameters[i].IsFixed)
            {
                return Text($" at {parameters[i].Name} = {start[i]:G6}");
            }
        }

        return "";
    }

    private string Who(BoxMinimum minimum) =>
        minimum.Culprit is int culprit ? $" (Parameter {culprit} is '{parameters[culprit].Name}'.)" : "";
}
