using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Events.IO;
using Gbi.Events.IO.Outputs;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;

namespace Gbi.Cli.Options;

/// <summary>Options that make a systematic's entry in a model document.</summary>
internal sealed class SystematicEntry
{
    private readonly Option<string> _appendTo = OptionOf.Text(
        "--append-to", "MODEL.json", "Likelihood model to which shape, rate and parameters of the systematic are added.");

    private readonly Option<string> _process = OptionOf.Text(
        "--process", "NAME", "Process of the model that the systematic varies.", defaultsTo: "the only one");

    private readonly Option<string> _channel = OptionOf.Text(
        "--channel", "NAME", "Channel of that process.", defaultsTo: "the only one of events");

    public Option[] All => [_appendTo, _process, _channel];

    /// <summary>The document that is added to, opened before anything is trained; null where none is named.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="force">Whether what a process has of the same parameters is replaced.</param>
    public PendingEntry? Open(ParseResult parsed, bool force)
    {
        if (parsed.GetValue(_appendTo) is not { } path)
        {
            return (Option<string>?[])[_process, _channel] is var options
                && options.FirstOrDefault(option => parsed.GetValue(option!) is not null) is { } alone
                ? throw new UsageException($"{alone.Name} needs --append-to: it names a part of that model.")
                : null;
        }

        LikelihoodModelBuilder definition = ModelOptions.InFile(path, () => LikelihoodModelBuilder.FromJson(JsonText.Read(path)));
        string channel = parsed.GetValue(_channel) ?? Only(
            [.. definition.Channels.Select(known => known.Channel).OfType<UnbinnedChannel>().Select(known => known.Name)], path, _channel);
        string[] processes = [.. definition.Channels.Select(known => known.Channel).OfType<UnbinnedChannel>()
            .Where(known => known.Name == channel).SelectMany(known => known.Processes).Select(known => known.Name)];
        return new PendingEntry(
            path, definition, channel, parsed.GetValue(_process) ?? Only(processes, path, _process), force);
    }

    /// <summary>Whether a model is to be changed besides.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetResult(_appendTo) is not null;

    private static string Only(string[] names, string path, Option option) => names.Length == 1 ? names[0] : throw new UsageException(
        $"{Path.GetFileName(path)} has {names.Length} to choose from ({string.Join(", ", names.DefaultIfEmpty("none"))}); say which with "
            + $"{option.Name}.");
}

/// <summary>A model document and where a systematic is added to it.</summary>
/// <param name="Path">The document.</param>
/// <param name="Definition">Its content.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Process">The process.</param>
/// <param name="Force">Whether what the process has of the same parameters is replaced.</param>
internal sealed record PendingEntry(string Path, LikelihoodModelBuilder Definition, string Channel, string Process, bool Force)
{
    /// <summary>Refuses an entry that cannot be made, before it is learnt.</summary>
    public void Require(LearntVariation variation) =>
        _ = ModelOptions.InFile(Path, () => LikelihoodModelBuilder.FromJson(Definition.ToJson()).AddVariation(
            Channel, Process, variation, Force));

    /// <summary>Writes the document with the entry, under a temporary name first.</summary>
    public void Write(LearntVariation variation)
    {
        ModelOptions.InFile(Path, () => Definition.AddVariation(Channel, Process, variation, Force));
        using var pending = new PendingFile(Path, true);
        pending.Stream.Write(System.Text.Encoding.UTF8.GetBytes(Definition.ToJson()));
        pending.Complete();
    }
}
