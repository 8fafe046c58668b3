using Gbi.Likelihoods.Binned;
using Gbi.Likelihoods.Descriptions;
using Gbi.Likelihoods.Unbinned;

namespace Gbi.Likelihoods.Model;

/// <summary>
/// What data are expected as a function of parameters: channels of unbinned events and of bins that share parameters, and auxiliary
/// measurements of some of these. Immutable; a <see cref="Likelihood"/> is made of it and of <see cref="ModelData"/>.
/// </summary>
public sealed class LikelihoodModel
{
    private readonly Dictionary<string, int> _numbers;

    /// <summary>Puts a model together.</summary>
    /// <param name="parameters">Its parameters; names differ.</param>
    /// <param name="channels">Its channels, one or more; names differ.</param>
    /// <param name="parameterOfInterest">Name of the parameter that tests are about; null for none.</param>
    /// <exception cref="ArgumentException">A name is missing or stands twice, lengths disagree, a number is not finite, or nothing can
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

        _numbers = Parameters.Select((parameter, at) => (parameter.Name, at)).ToDictionary();
        ParameterOfInterest = parameterOfInterest is null ? null : NumberOf(parameterOfInterest);
        UnbinnedChannels = [.. channels.OfType<UnbinnedChannel>()];
        BinnedChannels = [.. channels.OfType<BinnedChannel>()];
        Compiled = [.. UnbinnedChannels.Select(channel => new CompiledChannel(channel, this))];
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
    public int IndexOf(string name) => _numbers.GetValueOrDefault(name, -1);

    /// <summary>Data of a model without unbinned channels, with the auxiliary measurements as observed.</summary>
    /// <param name="counts">One a bin of all channels, in order.</param>
    public ModelData DataOf(params IReadOnlyList<double> counts) => new() { Counts = counts, Auxiliary = ObservedAuxiliary };

    /// <summary>What data are on average at a point: the Asimov data of it. Events are those of the reference samples, with
    /// weights.</summary>
    /// <exception cref="FitException">An unbinned channel has no reference sample.</exception>
    /// <remarks>Cowan et al., arXiv:1007.1727, section 3.2.</remarks>
    public ModelData AsimovData(IReadOnlyList<double> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double[] point = [.. parameters];
        return new ModelData
        {
            Counts = [.. BinnedChannels.SelectMany(channel => new ChannelTerms(channel, this).Expected(point).ToArray())],
            Events = [.. Compiled.Select(channel => channel.Reference.Expected(point))],
            Auxiliary = [.. ConstrainedParameters.Select(i => Parameters[i].Constraint!.Expected(point[i]))],
        };
    }

    /// <summary>
    /// The model as plain text: a table of the parameters, and for each channel the sizes of its samples and a table of its processes.
    /// Columns of events stand in brackets; a law of interpolation is named where it is not the usual one.
    /// </summary>
    /// <param name="data">Data of the model, whose sizes are told; null for none.</param>
    /// <exception cref="ArgumentException">The data have wrong lengths.</exception>
    public string Describe(ModelData? data = null)
    {
        if (data is not null)
        {
            DataChecks.Require(this, data);
        }

        return ModelDescription.Of(this, data);
    }

    /// <summary>Index of a parameter that the model has.</summary>
    internal int NumberOf(string name) => _numbers[name];
}
