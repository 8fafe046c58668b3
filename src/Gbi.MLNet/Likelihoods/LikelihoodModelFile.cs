using Gbi.Documents;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods;

/// <summary>
/// A model's document as a file, with the Parquet files that it names: relative paths start at its folder, and only columns that the
/// model reads are read.
/// </summary>
public sealed class LikelihoodModelFile
{
    private readonly string _name;

    private LikelihoodModelFile(string path, LikelihoodModelBuilder definition, CancellationToken cancellationToken)
    {
        (_name, Definition) = (Path.GetFileName(path), definition);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        EventTable?[] events = Read(folder, "events", channel => channel.Events, cancellationToken);
        EventTable?[] references = Read(folder, "reference", channel => channel.Reference, cancellationToken);
        Model = new LikelihoodModel(
            definition.Parameters,
            [
                .. definition.Channels.Select(
                    (channel, at) =>
                        channel.Channel is UnbinnedChannel unbinned ? unbinned with { Reference = references[at] } : channel.Channel)
            ],
            definition.ParameterOfInterest);
        RequireIntegrals();
        Data = FirstWithoutData() >= 0 ? null : DataOf([.. events.OfType<EventTable>()]);
    }

    /// <summary>The content of the document.</summary>
    public LikelihoodModelBuilder Definition { get; }

    /// <summary>The model with its reference samples.</summary>
    public LikelihoodModel Model { get; }

    /// <summary>The observed data; null where the document does not name those of every channel.</summary>
    public ModelData? Data { get; }

    /// <summary>Opens a model's document and reads its files.</summary>
    /// <exception cref="DocumentException">The document is no valid model; the message names the file and the JSON pointer.</exception>
    /// <exception cref="DataException">A file or a column is missing, or a weight is not finite; the message names file and
    /// JSON pointer.</exception>
    public static LikelihoodModelFile Open(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Open(path, JsonText.Read(path), cancellationToken);
    }

    /// <summary>The same of a text that was read from a path already.</summary>
    internal static LikelihoodModelFile Open(string path, string json, CancellationToken cancellationToken)
    {
        try
        {
            return new LikelihoodModelFile(path, LikelihoodModelBuilder.FromJson(json), cancellationToken);
        }
        catch (DocumentException failure)
        {
            throw new DocumentException($"{Path.GetFileName(path)}: {failure.Message}", failure);
        }
    }

    /// <summary>The observed data.</summary>
    /// <exception cref="DocumentException">The document does not name those of every channel; the message names what to add.</exception>
    public ModelData RequireData()
    {
        if (Data is not null)
        {
            return Data;
        }

        int at = FirstWithoutData();
        throw new DocumentException(Definition.Channels[at].Channel is BinnedChannel binned
            ? $"{_name}: /channels/{at} has no 'observed', the counts of its bins; add \"observed\", one number per bin, {binned.BinCount} "
                + $"in all."
            : $"{_name}: /channels/{at} has no 'events', the file of its observed events; add \"events\": "
                + $"{{ \"file\": \"data.parquet\" }}.");
    }

    private void RequireIntegrals()
    {
        for (int at = 0; at < Model.Channels.Count; at++)
        {
            if (Model.Channels[at] is UnbinnedChannel channel
                && ShapeIntegral.Of(channel).FirstOrDefault(integral => integral.IsChanged) is { } found)
            {
                throw new DocumentException($"/channels/{at}/normaliseShapes: {found.Sentence()}");
            }
        }
    }

    private ModelData DataOf(EventTable[] events)
    {
        double[] counts = [.. Definition.Channels.SelectMany(channel => channel.Observed ?? [])];
        bool[] isAsimov = [.. Definition.Channels.Select(channel => channel.Events).OfType<EventFile>().Select(file => file.IsAsimov)];
        if (isAsimov.Distinct().Count() > 1)
        {
            int at = Definition.Channels.ToList().FindIndex(channel => channel.Events is { IsAsimov: false });
            throw new DocumentException(
                $"/channels/{at}/events are observed events, and those of another channel are Asimov data (\"asimov\": true); expected one "
                    + "of both for all channels, as errors of weighted events differ.");
        }

        return isAsimov.Contains(true)
            ? new AsimovData { Events = events, Counts = counts, Auxiliary = Model.ObservedAuxiliary }
            : new ObservedData { Events = events, Counts = counts, Auxiliary = Model.ObservedAuxiliary };
    }

    private int FirstWithoutData() => Definition.Channels.ToList().FindIndex(channel => channel.Events is null && channel.Observed is null);

    /// <summary>One table a channel; null where no file is named.</summary>
    private EventTable?[] Read(
        string folder, string member, Func<ChannelDefinition, EventFile?> fileOf, CancellationToken cancellationToken)
    {
        return [.. Definition.Channels.Select((channel, at) => fileOf(channel) is { } file
            ? Read((UnbinnedChannel)channel.Channel, file, $"{_name}: /channels/{at}/{member}")
            : null)];

        EventTable Read(UnbinnedChannel channel, EventFile file, string pointer)
        {
            try
            {
                // A missing value is refused where the model meets it, with the process that reads it.
                var options = new EventReadOptions { WeightColumn = file.WeightColumn, MissingValue = double.NaN };
                return TableFile.Read(Path.Combine(folder, file.Path), channel.Columns, options, cancellationToken);
            }
            catch (DataException failure)
            {
                throw new DataException($"{pointer}: {failure.Message}", failure);
            }
        }
    }
}
