using Gbi.Events;
using Gbi.Likelihoods.Binned;
using Gbi.Likelihoods.Descriptions;
using Gbi.Likelihoods.Model;
using Gbi.Likelihoods.Unbinned;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Likelihoods;

/// <summary>
/// The expected data as a function of parameters: channels of unbinned events and of bins that share parameters, and auxiliary
/// measurements of some of these. Immutable; a <see cref="Likelihood"/> is made of it and of <see cref="ModelData"/>.
/// </summary>
public sealed class LikelihoodModel
{
    private readonly ParameterNumbers _numbers;

    /// <summary>Puts a model together.</summary>
    /// <param name="parameters">Its parameters; names differ.</param>
    /// <param name="channels">Its channels, one or more; names differ.</param>
    /// <param name="parameterOfInterest">Name of the parameter that tests are about; null for none.</param>
    /// <exception cref="ArgumentException">A name is missing or used twice, lengths disagree, a number is not finite, or nothing can
    /// determine a parameter; the message is one sentence that names where.</exception>
    public LikelihoodModel(IReadOnlyList<FitParameter> parameters, IReadOnlyList<Channel> channels, string? parameterOfInterest = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(channels);
        (Parameters, Channels) = ([.. parameters], [.. channels]);
        if (ModelChecks.Defects(Parameters, Channels, parameterOfInterest).FirstOrDefault() is { } defect)
        {
            throw new ArgumentException(defect.Sentence);
        }

        _numbers = new ParameterNumbers(Parameters);
        ParameterOfInterest = parameterOfInterest is null ? null : _numbers.Of(parameterOfInterest);
        UnbinnedChannels = [.. channels.OfType<UnbinnedChannel>()];
        BinnedChannels = [.. channels.OfType<BinnedChannel>()];
        Compiled = [.. UnbinnedChannels.Select(channel => new CompiledChannel(channel, _numbers))];
        ConstrainedParameters = [.. Enumerable.Range(0, parameters.Count).Where(i => parameters[i].Constraint is not null)];
        BinCount = BinnedChannels.Sum(channel => channel.BinCount);
    }

    /// <summary>The parameters, in the order in which points hold their values.</summary>
    public IReadOnlyList<FitParameter> Parameters { get; }

    /// <summary>All channels.</summary>
    public IReadOnlyList<Channel> Channels { get; }

    /// <summary>The unbinned channels, in the order of <see cref="ModelData.Events"/>.</summary>
    public IReadOnlyList<UnbinnedChannel> UnbinnedChannels { get; }

    /// <summary>The binned channels, in the order of <see cref="ModelData.Counts"/>.</summary>
    public IReadOnlyList<BinnedChannel> BinnedChannels { get; }

    /// <summary>Index of the parameter that tests are about; null where there is none.</summary>
    public int? ParameterOfInterest { get; }

    /// <summary>Number of bins of all binned channels.</summary>
    public int BinCount { get; }

    /// <summary>Indices of the parameters that have an auxiliary measurement, in the order of <see cref="ModelData.Auxiliary"/>.</summary>
    public IReadOnlyList<int> ConstrainedParameters { get; }

    /// <summary>Every parameter's initial value.</summary>
    public double[] InitialParameters => [.. Parameters.Select(parameter => parameter.Initial)];

    /// <summary>The auxiliary measurements as observed.</summary>
    public double[] ObservedAuxiliary => [.. ConstrainedParameters.Select(i => Parameters[i].Constraint!.Observed)];

    internal IReadOnlyList<CompiledChannel> Compiled { get; }

    /// <summary>Index of a parameter; −1 where there is none of that name.</summary>
    public int IndexOf(string name) => _numbers.Find(name);

    /// <summary>Data of a model without unbinned channels, with the auxiliary measurements as observed.</summary>
    /// <param name="counts">One per bin of all channels, in order.</param>
    public ObservedData DataOf(params IReadOnlyList<double> counts) => new() { Counts = counts, Auxiliary = ObservedAuxiliary };

    /// <summary>The Asimov data of a point: the expected data. Events are those of the reference samples, with
    /// weights.</summary>
    /// <exception cref="FitException">An unbinned channel has no reference sample.</exception>
    /// <remarks>Cowan et al., arXiv:1007.1727, section 3.2.</remarks>
    public AsimovData AsimovData(IReadOnlyList<double> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double[] point = [.. parameters];
        return new AsimovData
        {
            Counts = [.. BinnedChannels.SelectMany(channel => TermsOf(channel).Expected(point).ToArray())],
            Events = [.. Compiled.Select(channel => channel.Reference.Expected(point))],
            Auxiliary = [.. ConstrainedParameters.Select(i => Parameters[i].Constraint!.Expected(point[i]))],
        };
    }

    /// <summary>
    /// The reference events of an unbinned channel, with all their columns, weighted with the expected number of each at a point.
    /// </summary>
    /// <param name="channel">Name of the channel.</param>
    /// <param name="parameters">The point.</param>
    /// <exception cref="ArgumentException">There is no such unbinned channel; the message lists those that there are.</exception>
    /// <exception cref="FitException">The channel has no reference sample.</exception>
    public EventTable ExpectedEvents(string channel, IReadOnlyList<double> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int at = UnbinnedChannels.ToList().FindIndex(known => known.Name == channel);
        if (at < 0)
        {
            throw new ArgumentException(
                $"There is no unbinned channel '{channel}'; the model has "
                    + $"{string.Join(", ", UnbinnedChannels.Select(known => known.Name).DefaultIfEmpty("none"))}.",
                nameof(channel));
        }

        EventTable expected = Compiled[at].Reference.Expected([.. parameters]);
        return UnbinnedChannels[at].Reference!.WithWeights(expected.Weights.ToArray());
    }

    /// <summary>
    /// The model as plain text: a table of the parameters, and for each channel the sizes of its samples and a table of its processes.
    /// Columns of events are in brackets; a law of interpolation is named where it is not the usual one.
    /// </summary>
    /// <param name="data">Data of the model, whose sizes are listed; null for none.</param>
    /// <exception cref="ArgumentException">The data have wrong lengths.</exception>
    public string Describe(ModelData? data = null)
    {
        if (data is not null)
        {
            Require(data);
        }

        return ModelDescription.Of(Parameters, Channels, ParameterOfInterest, data);
    }

    /// <summary>One channel's bins as terms of a likelihood, with buffers of their own.</summary>
    internal ChannelTerms TermsOf(BinnedChannel channel) => new(channel, _numbers);

    /// <summary>What must hold of data for this model; columns are checked where they are arranged.</summary>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    /// <exception cref="DataException">A value is impossible.</exception>
    internal void Require(ModelData data)
    {
        if (data.Counts.Count != BinCount || data.Auxiliary.Count != ConstrainedParameters.Count
            || data.Events.Count != UnbinnedChannels.Count)
        {
            throw new ArgumentException(
                $"The data have {data.Counts.Count} counts, {data.Auxiliary.Count} auxiliary measurements and {data.Events.Count} tables "
                    + $"of events; "
                + $"the model has {BinCount} bins, {ConstrainedParameters.Count} constrained parameters and "
                + $"{UnbinnedChannels.Count} unbinned channels.",
                nameof(data));
        }

        for (int bin = 0; bin < data.Counts.Count; bin++)
        {
            if (!(data.Counts[bin] >= 0) || !double.IsFinite(data.Counts[bin]))
            {
                throw new DataException(Text($"{BinName(bin)} holds {data.Counts[bin]}, expected a finite count of 0 or more."));
            }
        }

        for (int k = 0; k < data.Auxiliary.Count; k++)
        {
            FitParameter parameter = Parameters[ConstrainedParameters[k]];
            if (!parameter.Constraint!.IsPossible(data.Auxiliary[k]))
            {
                throw new DataException(Text(
                    $"The auxiliary measurement of '{parameter.Name}' is {data.Auxiliary[k]}, which its constraint does not allow."));
            }
        }
    }

    private string BinName(int bin)
    {
        foreach (BinnedChannel channel in BinnedChannels)
        {
            if (bin < channel.BinCount)
            {
                return $"Bin {bin} of channel '{channel.Name}'";
            }

            bin -= channel.BinCount;
        }

        return $"Bin {bin}";
    }
}
