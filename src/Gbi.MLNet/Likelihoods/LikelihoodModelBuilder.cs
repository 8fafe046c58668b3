using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Documents;
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

    /// <summary>Says which parameter tests, limits and intervals are about.</summary>
    public LikelihoodModelBuilder WithParameterOfInterest(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ParameterOfInterest = name;
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

    private ModelDefinition Definition => new(_parameters, _channels, ParameterOfInterest);
}
