using Gbi.Documents;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Documents;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods;

/// <summary>
/// Puts a <see cref="LikelihoodModel"/> together, part by part, and writes and reads it as a JSON document that needs no manual.
/// </summary>
/// <example>
/// <code>
/// var builder = new LikelihoodModelBuilder()
///     .AddParameter("mu", initial: 1, lower: 0, upper: 10)
///     .AddNuisance("jes")
///     .AddChannel(
///         new UnbinnedChannel("sr",
///         [
///             new Process("signal", 100) { LogRatio = "log_ratio", YieldFactors = [YieldFactor.Strength("mu")] },
///             new Process("background", 1000) { YieldFactors = [YieldFactor.Interpolated("jes", 0.95, 1.04)] },
///         ]),
///         events: new EventFile("data.parquet"),
///         reference: new EventFile("simulation.parquet", "weight"))
///     .WithParameterOfInterest("mu");
/// File.WriteAllText("model.json", builder.ToJson());
/// </code>
/// </example>
public sealed class LikelihoodModelBuilder
{
    private readonly List<FitParameter> _parameters = [];
    private readonly List<ChannelDefinition> _channels = [];

    /// <summary>The parameters so far, in order.</summary>
    public IReadOnlyList<FitParameter> Parameters => _parameters;

    /// <summary>The channels so far, in order.</summary>
    public IReadOnlyList<ChannelDefinition> Channels => _channels;

    /// <summary>Name of the parameter that tests are about; null for none.</summary>
    public string? ParameterOfInterest { get; private set; }

    /// <summary>The definition of a model, to be changed or written.</summary>
    /// <param name="model">The model. Its reference samples stay in it, but a document cannot hold them.</param>
    /// <param name="data">Observed counts of its binned channels; null for none.</param>
    public static LikelihoodModelBuilder Of(LikelihoodModel model, ModelData? data = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var builder = new LikelihoodModelBuilder
        {
            ParameterOfInterest = model.ParameterOfInterest is { } at ? model.Parameters[at].Name : null
        };
        builder._parameters.AddRange(model.Parameters);
        int start = 0;
        foreach (Channel channel in model.Channels)
        {
            if (channel is BinnedChannel binned)
            {
                builder.AddChannel(binned, data is null ? null : [.. data.Counts.Skip(start).Take(binned.BinCount)]);
                start += binned.BinCount;
            }
            else
            {
                builder.AddChannel((UnbinnedChannel)channel);
            }
        }

        return builder;
    }

    /// <summary>Whether a text is meant as a document of this kind: a JSON object with the member "gbiModel".</summary>
    public static bool IsDocument(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return ModelDocument.IsOne(json);
    }

    /// <summary>Reads a document as <see cref="ToJson"/> writes it, and checks the model.</summary>
    /// <exception cref="DocumentException">It is no such document; the sentence names the JSON pointer.</exception>
    public static LikelihoodModelBuilder FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        ModelDefinition definition = ModelDocument.Read(DocumentNode.Parse(json, "model"));
        var defects = ModelChecks.Defects(definition.Parameters, definition.PlainChannels, definition.ParameterOfInterest);
        if (defects.FirstOrDefault() is { } defect)
        {
            throw new DocumentException($"{defect.Path}: {defect.Sentence}");
        }

        var builder = new LikelihoodModelBuilder { ParameterOfInterest = definition.ParameterOfInterest };
        builder._parameters.AddRange(definition.Parameters);
        builder._channels.AddRange(definition.Channels);
        return builder;
    }

    /// <summary>Adds a parameter.</summary>
    public LikelihoodModelBuilder AddParameter(FitParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        _parameters.Add(parameter);
        return this;
    }

    /// <summary>Adds a parameter that the data alone determine.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="initial">Where fits start.</param>
    /// <param name="lower">Lower bound of fits.</param>
    /// <param name="upper">Upper bound of fits.</param>
    public LikelihoodModelBuilder AddParameter(
        string name, double initial, double lower = double.NegativeInfinity, double upper = double.PositiveInfinity)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return AddParameter(new FitParameter { Name = name, Initial = initial, Lower = lower, Upper = upper });
    }

    /// <summary>Adds a parameter that is known from elsewhere; fits start at its constraint's best value.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="constraint">What is known; a unit Gaussian at 0 unless given.</param>
    public LikelihoodModelBuilder AddNuisance(string name, Constraint? constraint = null)
    {
        var parameter = new NuisanceParameter(name);
        constraint ??= parameter.Constraint!;
        return AddParameter(parameter with { Constraint = constraint, Initial = constraint.BestValue });
    }

    /// <summary>Adds a channel of events.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="events">The file of its observed events; null for none.</param>
    /// <param name="reference">The file of its reference sample; null for none.</param>
    public LikelihoodModelBuilder AddChannel(UnbinnedChannel channel, EventFile? events = null, EventFile? reference = null)
    {
        _channels.Add(new ChannelDefinition(channel, events, reference));
        return this;
    }

    /// <summary>Adds a channel of bins.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="observed">Its observed counts, one per bin, 0 or more; null for none.</param>
    public LikelihoodModelBuilder AddChannel(BinnedChannel channel, IReadOnlyList<double>? observed = null)
    {
        _channels.Add(new ChannelDefinition(channel, observed));
        return this;
    }

    /// <summary>
    /// Gives a process a learnt systematic: its shape, its rate as factors, and the nuisance parameters that are not there yet, each with a
    /// unit Gaussian at 0.
    /// </summary>
    /// <param name="channel">Name of an unbinned channel with a reference sample that normalises shapes.</param>
    /// <param name="process">Name of a process of it.</param>
    /// <param name="variation">The systematic.</param>
    /// <param name="replaces">Whether what the process has of these parameters is replaced; else it must have nothing.</param>
    /// <exception cref="DocumentException">There is no such channel or process, the channel does not normalise shapes, or the process
    /// depends on a parameter already; the message says what to do.</exception>
    public LikelihoodModelBuilder AddVariation(string channel, string process, LearntVariation variation, bool replaces = false)
    {
        ArgumentNullException.ThrowIfNull(variation);
        int at = _channels.FindIndex(known => known.Channel.Name == channel && known.Channel is UnbinnedChannel);
        ChannelDefinition found = at >= 0 ? _channels[at] : throw new DocumentException(
            $"There is no channel of events '{channel}'; there are "
                + $"{Listed(_channels.Where(known => known.Channel is UnbinnedChannel).Select(known => known.Channel.Name))}.");
        var unbinned = (UnbinnedChannel)found.Channel;
        if (!unbinned.NormalisesShapes || (found.Reference is null && unbinned.Reference is null))
        {
            throw new DocumentException(
                $"Channel '{channel}' {(unbinned.NormalisesShapes ? "has no reference" : "has normaliseShapes false")}, so that a shape "
                    + "which holds its rate would not be normalised; give it a reference sample, and leave normaliseShapes out.");
        }

        Process varied = unbinned.Processes.FirstOrDefault(known => known.Name == process) ?? throw new DocumentException(
            $"Channel '{channel}' has no process '{process}'; it has {Listed(unbinned.Processes.Select(known => known.Name))}.");
        IReadOnlyList<string> parameters = variation.Shape.Parameters;
        bool Depends(string parameter) => parameters.Contains(parameter);
        if (!replaces && varied.YieldFactors.Select(factor => factor.Parameter)
            .Concat(varied.ShapeVariations.SelectMany(shape => shape.Parameters)).FirstOrDefault(Depends) is { } twice)
        {
            throw new DocumentException(
                $"Process '{process}' of channel '{channel}' depends on '{twice}' already; allow replacing that with --force, or name the "
                    + "parameter otherwise.");
        }

        if (varied.ShapeVariations.FirstOrDefault(
            shape => shape.Parameters.Any(Depends) && !shape.Parameters.All(Depends)) is { } shared)
        {
            throw new DocumentException(
                $"A shape of process '{process}' of channel '{channel}' depends on {Listed(shared.Parameters)} together, of which "
                    + $"{Listed(parameters)} would be replaced; take that shape out of the document first.");
        }

        Process[] processes = [.. unbinned.Processes.Select(known => known != varied ? known : known with
        {
            YieldFactors = [.. known.YieldFactors.Where(factor => !Depends(factor.Parameter)), .. variation.Rate],
            ShapeVariations = [.. known.ShapeVariations.Where(shape => !shape.Parameters.Any(Depends)), variation.Shape],
        })];
        _channels[at] = new ChannelDefinition(
            new UnbinnedChannel(channel, processes) { Reference = unbinned.Reference }, found.Events, found.Reference);
        foreach (string parameter in parameters.Where(parameter => !_parameters.Exists(known => known.Name == parameter)))
        {
            AddNuisance(parameter);
        }

        return this;
    }

    /// <summary>Says which parameter tests, limits and intervals are about.</summary>
    public LikelihoodModelBuilder WithParameterOfInterest(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ParameterOfInterest = name;
        return this;
    }

    /// <summary>The definition with a model's parameters and parameter of interest, which channels know by the same names.</summary>
    internal LikelihoodModelBuilder WithParametersOf(LikelihoodModel model)
    {
        _parameters.Clear();
        _parameters.AddRange(model.Parameters);
        ParameterOfInterest = model.ParameterOfInterest is { } at ? model.Parameters[at].Name : null;
        return this;
    }

    /// <summary>The model. Reference samples are those that the channels hold; files are not opened.</summary>
    /// <exception cref="ArgumentException">The parts make no model; see <see cref="LikelihoodModel"/>.</exception>
    public LikelihoodModel Build() => new(_parameters, Definition.PlainChannels, ParameterOfInterest);

    /// <summary>The definition as a document, with a line feed at its end: same definition, same bytes, and every number exact.</summary>
    /// <exception cref="ArgumentException">The parts make no model; see <see cref="LikelihoodModel"/>.</exception>
    public string ToJson()
    {
        _ = Build();
        return DocumentText.Of(ModelDocument.Write(Definition));
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("none"));

    private ModelDefinition Definition => new(_parameters, _channels, ParameterOfInterest);
}
