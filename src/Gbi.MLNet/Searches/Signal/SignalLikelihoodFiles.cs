using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;

namespace Gbi.Searches.Signal;

/// <summary>
/// The likelihood of a search as files: a model's document beside the columns that it reads of the observed events and of the background
/// template, so that <see cref="LikelihoodModelFile"/> opens the very likelihood that the search fitted.
/// </summary>
public static class SignalLikelihoodFiles
{
    /// <summary>Name of the model's document.</summary>
    public const string Model = "likelihood.json";

    /// <summary>Name of the file of the observed events in the signal region.</summary>
    public const string Region = "region.parquet";

    /// <summary>Name of the file of the background template, the model's reference sample.</summary>
    public const string Template = "template.parquet";

    private const string Weight = "weight";

    /// <summary>Writes the three files to a folder.</summary>
    /// <param name="likelihood">The likelihood.</param>
    /// <param name="pathOf">Path of the file with the given name; all three in one folder, none of them there yet.</param>
    /// <param name="cancellation">Stops between row groups.</param>
    /// <exception cref="DataException">A file exists or its folder cannot be written to.</exception>
    public static void Write(SignalLikelihood likelihood, Func<string, string> pathOf, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(likelihood);
        ArgumentNullException.ThrowIfNull(pathOf);
        var channel = (UnbinnedChannel)likelihood.Model.Channels.Single();
        EventTable observed = likelihood.Data.Events.Single();
        EventTable reference = channel.Reference!;
        var builder = new LikelihoodModelBuilder().WithParameterOfInterest(SignalLikelihood.SignalFraction);
        foreach (FitParameter parameter in likelihood.Model.Parameters)
        {
            builder.AddParameter(parameter);
        }

        File.WriteAllText(pathOf(Model), builder.AddChannel(channel, FileOf(Region, observed), FileOf(Template, reference)).ToJson());
        var options = new ParquetWriteOptions { WeightColumn = Weight };
        ParquetEventWriter.Write(pathOf(Region), observed, options, cancellation);
        ParquetEventWriter.Write(pathOf(Template), reference, options, cancellation);
    }

    private static EventFile FileOf(string name, EventTable events) => new(name, events.HasWeights ? Weight : null);
}
