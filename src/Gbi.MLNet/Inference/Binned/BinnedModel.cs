namespace Gbi.Inference.Binned;

/// <summary>
/// Expected counts in bins as a function of parameters, λ_b(θ) = Σ_samples Π factors · (nominal + Σ shifts), with auxiliary measurements
/// of some parameters: the HistFactory model. Data for it are one array: the bins of all channels in order, then the auxiliary
/// measurements in the order of their parameters.
/// </summary>
/// <remarks>Immutable. Cranmer et al., HistFactory, CERN-OPEN-2012-016.</remarks>
public sealed class BinnedModel
{
    private readonly int[] _constrained;

    /// <summary>Puts a model together.</summary>
    /// <param name="parameters">Its parameters; names differ.</param>
    /// <param name="channels">Its channels; modifiers name parameters by index.</param>
    /// <param name="parameterOfInterest">Index of the parameter that tests are about; null for none.</param>
    /// <exception cref="ArgumentException">Lengths disagree, an index is out of range or a number is not finite; the message names where.</exception>
    public BinnedModel(IReadOnlyList<FitParameter> parameters, IReadOnlyList<BinnedChannel> channels, int? parameterOfInterest)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(channels);
        BinnedModelChecks.Require(parameters, channels, parameterOfInterest);
        (Parameters, Channels, ParameterOfInterest) = ([.. parameters], [.. channels], parameterOfInterest);
        MainCount = channels.Sum(channel => channel.BinCount);
        _constrained = [.. Enumerable.Range(0, parameters.Count).Where(i => parameters[i].Constraint is not null)];
    }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<FitParameter> Parameters { get; }

    /// <summary>The channels.</summary>
    public IReadOnlyList<BinnedChannel> Channels { get; }

    /// <summary>Index of the parameter that tests are about; null where there is none.</summary>
    public int? ParameterOfInterest { get; }

    /// <summary>Number of bins of all channels.</summary>
    public int MainCount { get; }

    /// <summary>Number of auxiliary measurements.</summary>
    public int AuxiliaryCount => _constrained.Length;

    /// <summary>Indices of the parameters that have an auxiliary measurement, in the order of these in the data.</summary>
    public IReadOnlyList<int> ConstrainedParameters => _constrained;

    /// <summary>Index of a parameter; −1 where there is none of that name.</summary>
    public int IndexOf(string name)
    {
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (Parameters[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Every parameter's initial value.</summary>
    public double[] InitialParameters() => [.. Parameters.Select(parameter => parameter.Initial)];

    /// <summary>Data of counts, with the auxiliary measurements as observed.</summary>
    /// <param name="counts">One a bin of all channels in order; 0 or more.</param>
    public double[] DataOf(IReadOnlyList<double> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return counts.Count == MainCount
            ? [.. counts, .. _constrained.Select(i => Parameters[i].Constraint!.Observed)]
            : throw new ArgumentException($"There are {counts.Count} counts for {MainCount} bins; give one a bin of all channels.", nameof(counts));
    }

    /// <summary>What data are on average at a point: the Asimov data of it.</summary>
    /// <remarks>Cowan et al., arXiv:1007.1727, section 3.2.</remarks>
    public double[] AsimovData(IReadOnlyList<double> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double[] point = [.. parameters];
        double[] data = new double[MainCount + AuxiliaryCount];
        int start = 0;
        foreach (BinnedChannel channel in Channels)
        {
            new ChannelTerms(channel).Expected(point).CopyTo(data.AsSpan(start));
            start += channel.BinCount;
        }

        foreach (int i in _constrained)
        {
            data[start++] = Parameters[i].Constraint!.Expected(point[i]);
        }

        return data;
    }
}
