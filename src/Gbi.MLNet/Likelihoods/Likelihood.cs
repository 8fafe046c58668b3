using Gbi.Events;
using Gbi.Likelihoods.Binned;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Model;
using Gbi.Likelihoods.Unbinned;
using Gbi.Numerics.Minima;
using Gbi.Numerics.Probability;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Likelihoods;

/// <summary>
/// −2 ln L(θ) of data under a model: Σ over unbinned channels 2 [ν − Σ w ln Σ_p ν_p r_p h_p], relative to their reference densities,
/// + Σ over bins −2 ln Poisson(n | λ) − 2 Σ ln p(m|θ) over auxiliary measurements; gradient and Hessian are analytic, in the same pass.
/// </summary>
/// <remarks>
/// Columns of events are copied once, in tiles that a pass reads from one end to the other on all cores; arithmetic is in double. Results
/// do not depend on the number of threads. It holds buffers and data: a thread needs one of its own. An evaluation allocates nothing
/// beyond what the runtime's parallel loop takes.
/// </remarks>
public sealed class Likelihood : IWeightedLikelihood, IArrowFunction
{
    private readonly ChannelTerms[] _binned;
    private readonly UnbinnedTerms[] _unbinned;
    private readonly int[] _constrained;
    private readonly Constraint[] _constraints;
    private readonly double[] _counts;
    private readonly double[] _auxiliary;
    private readonly ArrowLayout? _layout;
    private double _constant;
    private bool _isObserved;

    /// <summary>The likelihood of data.</summary>
    /// <exception cref="ArgumentException">The data have wrong lengths.</exception>
    /// <exception cref="DataException">A column is missing, or a value of the data is impossible; the message names it.</exception>
    public Likelihood(LikelihoodModel model, ModelData data)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        _binned = [.. model.BinnedChannels.Select(model.TermsOf)];
        _unbinned = [.. model.Compiled.Select(channel => new UnbinnedTerms(channel))];
        _counts = new double[model.BinCount];
        _constrained = [.. model.ConstrainedParameters];
        _constraints = [.. _constrained.Select(i => model.Parameters[i].Constraint!)];
        _auxiliary = new double[_constrained.Length];
        _layout = model.UnbinnedChannels.Count > 0 ? null : BinnedLayout.Of(model.Parameters.Count, _binned);
        SetData(data);
    }

    /// <summary>The model.</summary>
    public LikelihoodModel Model { get; }

    /// <inheritdoc/>
    public int ParameterCount => Model.Parameters.Count;

    /// <summary>Number of events of all unbinned channels.</summary>
    public long EventCount => _unbinned.Sum(channel => (long)channel.Events.Count);

    /// <summary>
    /// Whether the data are observed events with weights other than 1: then errors are those of the sandwich covariance, and test
    /// statistics are scaled to it. False for Asimov data, whose weights are expected numbers of events.
    /// </summary>
    public bool HasWeightedEvents => _isObserved && Array.Exists(_unbinned, channel => channel.HasOtherWeights);

    /// <summary>Counts of the bins of all binned channels, one after another.</summary>
    internal ReadOnlySpan<double> Counts => _counts;

    /// <summary>Bytes of event columns and weights that one evaluation reads.</summary>
    public long BytesRead => _unbinned.Sum(channel => channel.BytesRead);

    /// <summary>Takes other data. Tables whose columns it has arranged before are not copied again.</summary>
    /// <exception cref="ArgumentException">The data have wrong lengths.</exception>
    /// <exception cref="DataException">A column is missing, or a value of the data is impossible; the message names it.</exception>
    public void SetData(ModelData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Model.Require(data);
        double constant = 0;
        for (int bin = 0; bin < _counts.Length; bin++)
        {
            _counts[bin] = data.Counts[bin];
            constant += PoissonCount.LeastNll(_counts[bin]);
        }

        for (int k = 0; k < _auxiliary.Length; k++)
        {
            _auxiliary[k] = data.Auxiliary[k];
            constant += _constraints[k].LeastNll(_auxiliary[k]);
        }

        for (int channel = 0; channel < _unbinned.Length; channel++)
        {
            _unbinned[channel].SetEvents(data.Events[channel]);
        }

        _isObserved = data is ObservedData;
        _constant = 2 * constant;
    }

    /// <inheritdoc/>
    /// <remarks>+∞ where a parameter is no number, an event's density is not positive, a bin cannot hold its counts, or a constraint
    /// forbids the point; <see cref="WhyUndefined"/> returns which.</remarks>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        RequireLengths(parameters, gradient, hessian);
        gradient.Clear();
        hessian.Clear();
        if (!IsFinite(parameters))
        {
            return double.PositiveInfinity;
        }

        double value = AddUnbinned(parameters, gradient, hessian);
        return AddBinnedTo(value, parameters, gradient, new SymmetricSum(hessian, parameters.Length));
    }

    /// <inheritdoc/>
    ArrowLayout? IArrowFunction.Layout => _layout;

    /// <inheritdoc/>
    double IArrowFunction.Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, ArrowMatrix hessian)
    {
        RequireLengths(parameters, gradient, default);
        gradient.Clear();
        hessian.Clear();
        return IsFinite(parameters) ? AddBinnedTo(0, parameters, gradient, new SymmetricSum(hessian)) : double.PositiveInfinity;
    }

    private double AddBinnedTo(double value, ReadOnlySpan<double> parameters, Span<double> gradient, SymmetricSum hessian)
    {
        value += double.IsFinite(value) ? AddBinned(parameters, gradient, hessian) : 0;
        value += double.IsFinite(value) ? AddConstraints(parameters, gradient, hessian) : 0;
        return double.IsFinite(value) ? value + _constant : double.PositiveInfinity;
    }

    /// <inheritdoc/>
    void IWeightedLikelihood.GradientCovariance(ReadOnlySpan<double> parameters, Span<double> covariance)
    {
        double[] gradient = new double[parameters.Length];
        RequireLengths(parameters, gradient, covariance);
        covariance.Clear();
        foreach (UnbinnedTerms channel in _unbinned)
        {
            if (_isObserved && channel.HasOtherWeights)
            {
                channel.AddScoreCovariance(parameters, covariance);
            }
            else
            {
                channel.Evaluate(parameters, gradient, covariance);
            }
        }

        Double(covariance);
        var sum = new SymmetricSum(covariance, parameters.Length);
        AddBinned(parameters, gradient, sum);
        AddConstraints(parameters, gradient, sum);
    }

    /// <inheritdoc/>
    public string? WhyUndefined(ReadOnlySpan<double> parameters)
    {
        RequireLengths(parameters, default, default);
        for (int i = 0; i < parameters.Length; i++)
        {
            if (!double.IsFinite(parameters[i]))
            {
                return Text($"The parameter '{Model.Parameters[i].Name}' is {parameters[i]}.");
            }
        }

        for (int k = 0; k < _auxiliary.Length; k++)
        {
            int i = _constrained[k];
            if (!double.IsFinite(_constraints[k].At(parameters[i], _auxiliary[k]).Value))
            {
                return Text($"The parameter '{Model.Parameters[i].Name}' is {parameters[i]:G6}, which its constraint forbids.");
            }
        }

        return WhyBinsUndefined(parameters) ?? WhyEventsUndefined(parameters);
    }

    private static bool IsFinite(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Twice the sum of the unbinned channels, which are the first in the buffers.</summary>
    private double AddUnbinned(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        double sum = 0;
        for (int channel = 0; channel < _unbinned.Length && double.IsFinite(sum); channel++)
        {
            sum += _unbinned[channel].Evaluate(parameters, gradient, hessian);
        }

        Double(gradient);
        Double(hessian);
        return 2 * sum;
    }

    private double AddBinned(ReadOnlySpan<double> parameters, Span<double> gradient, SymmetricSum hessian)
    {
        double sum = 0;
        int start = 0;
        foreach (ChannelTerms channel in _binned)
        {
            sum += channel.Evaluate(parameters, _counts.AsSpan(start, channel.BinCount), gradient, hessian);
            start += channel.BinCount;
        }

        return sum;
    }

    private double AddConstraints(ReadOnlySpan<double> parameters, Span<double> gradient, SymmetricSum hessian)
    {
        double sum = 0;
        for (int k = 0; k < _auxiliary.Length; k++)
        {
            int i = _constrained[k];
            ValueWithDerivatives constraint = _constraints[k].At(parameters[i], _auxiliary[k]);
            sum += constraint.Value;
            if (!gradient.IsEmpty)
            {
                gradient[i] += 2 * constraint.First;
            }

            if (!hessian.IsEmpty)
            {
                hessian.AddDiagonal(i, 2 * constraint.Second);
            }
        }

        return 2 * sum;
    }

    private string? WhyBinsUndefined(ReadOnlySpan<double> parameters)
    {
        int start = 0;
        for (int at = 0; at < _binned.Length; at++)
        {
            ReadOnlySpan<double> expected = _binned[at].Expected(parameters);
            for (int bin = 0; bin < expected.Length; bin++)
            {
                if (!(expected[bin] >= 0) || (expected[bin] == 0 && _counts[start + bin] > 0))
                {
                    return Text(
                        $"Bin {bin} of channel '{Model.BinnedChannels[at].Name}' holds {_counts[start + bin]:G6} counts, but "
                            + $"{expected[bin]:G6} are expected.");
                }
            }

            start += expected.Length;
        }

        return null;
    }

    private string? WhyEventsUndefined(ReadOnlySpan<double> parameters)
    {
        foreach (UnbinnedTerms channel in _unbinned)
        {
            if (channel.WhyUndefined(parameters) is { } sentence)
            {
                return sentence;
            }
        }

        return null;
    }

    private static void Double(Span<double> values)
    {
        foreach (ref double value in values)
        {
            value *= 2;
        }
    }

    private void RequireLengths(ReadOnlySpan<double> parameters, ReadOnlySpan<double> gradient, ReadOnlySpan<double> hessian)
    {
        int n = ParameterCount;
        if (parameters.Length != n || (!gradient.IsEmpty && gradient.Length != n) || (!hessian.IsEmpty && hessian.Length != n * n))
        {
            throw new ArgumentException(
                $"There are {parameters.Length} values, {gradient.Length} elements for the gradient and {hessian.Length} for the Hessian; "
                + $"the likelihood has {n} parameters: {string.Join(", ", Model.Parameters.Select(parameter => parameter.Name))}.");
        }
    }
}
