using Gbi.Numerics;
using MathNet.Numerics;

namespace Gbi.Inference.Binned;

/// <summary>
/// Twice the negative log likelihood of a binned model, constants included:
/// 2 Σ_b [λ_b − n_b ln λ_b + ln Γ(n_b + 1)] − 2 Σ ln p(m | θ) over auxiliary measurements m; gradient and Hessian are analytic.
/// </summary>
/// <remarks>Holds buffers and data: a thread needs one of its own. An evaluation allocates nothing.</remarks>
public sealed class BinnedLikelihood : ISmoothFunction
{
    private readonly ChannelTerms[] _channels;
    private readonly int[] _constrained;
    private readonly AuxiliaryConstraint[] _constraints;
    private readonly double[] _data;
    private double _constant;

    /// <summary>The likelihood of data, in the order that <see cref="BinnedModel"/> tells.</summary>
    /// <exception cref="ArgumentException">The data have the wrong length, are not finite, or counts are negative.</exception>
    public BinnedLikelihood(BinnedModel model, ReadOnlySpan<double> data)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        _channels = [.. model.Channels.Select(channel => new ChannelTerms(channel))];
        _constrained = [.. model.ConstrainedParameters];
        _constraints = [.. _constrained.Select(i => model.Parameters[i].Constraint!)];
        _data = new double[model.MainCount + model.AuxiliaryCount];
        SetData(data);
    }

    /// <summary>The model.</summary>
    public BinnedModel Model { get; }

    /// <inheritdoc/>
    public int ParameterCount => Model.Parameters.Count;

    /// <summary>Takes other data, counts and auxiliary measurements.</summary>
    /// <exception cref="ArgumentException">The data have the wrong length, are not finite, or counts are negative.</exception>
    public void SetData(ReadOnlySpan<double> data)
    {
        if (data.Length != _data.Length)
        {
            throw new ArgumentException(
                $"The data have {data.Length} numbers, expected {Model.MainCount} counts and {Model.AuxiliaryCount} auxiliary measurements.", nameof(data));
        }

        double constant = 0;
        for (int i = 0; i < data.Length; i++)
        {
            bool isCount = i < Model.MainCount || _constraints[i - Model.MainCount] is PoissonConstraint;
            if (!double.IsFinite(data[i]) || (isCount && data[i] < 0))
            {
                throw new ArgumentException($"Number {i} of the data is {data[i]}, expected a finite {(isCount ? "count of 0 or more" : "number")}.", nameof(data));
            }

            constant += i < Model.MainCount
                ? 2 * SpecialFunctions.GammaLn(data[i] + 1)
                : _constraints[i - Model.MainCount].Constant(data[i]);
        }

        data.CopyTo(_data);
        _constant = constant;
    }

    /// <summary>−2 ln L at a point; +∞ where a bin's expectation is negative, or 0 with counts in it.</summary>
    public double TwiceNll(ReadOnlySpan<double> parameters) => Evaluate(parameters, [], []);

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        gradient.Clear();
        hessian.Clear();
        double value = _constant + AddConstraints(parameters, gradient, hessian);
        int start = 0;
        foreach (ChannelTerms channel in _channels)
        {
            value += channel.Evaluate(parameters, _data.AsSpan(start, channel.BinCount), gradient, hessian);
            start += channel.BinCount;
        }

        return value;
    }

    private double AddConstraints(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        double sum = 0;
        for (int k = 0; k < _constrained.Length; k++)
        {
            int i = _constrained[k];
            (double value, double slope, double curvature) = _constraints[k].Evaluate(parameters[i], _data[Model.MainCount + k]);
            sum += value;
            if (!gradient.IsEmpty)
            {
                gradient[i] += slope;
            }

            if (!hessian.IsEmpty)
            {
                hessian[i * (parameters.Length + 1)] += curvature;
            }
        }

        return sum;
    }
}
