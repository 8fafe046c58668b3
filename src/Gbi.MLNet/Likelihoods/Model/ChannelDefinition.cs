namespace Gbi.Likelihoods.Model;

/// <summary>A channel with the files or counts of its data.</summary>
public sealed record ChannelDefinition
{
    internal ChannelDefinition(UnbinnedChannel channel, EventFile? events, EventFile? reference)
    {
        ArgumentNullException.ThrowIfNull(channel);
        (Channel, Events, Reference) = (channel, events, reference);
    }

    internal ChannelDefinition(BinnedChannel channel, IReadOnlyList<double>? observed)
    {
        ArgumentNullException.ThrowIfNull(channel);
        Channel = channel;
        Observed = observed is null ? null : [.. observed];
        if (observed is not null && (observed.Count != channel.BinCount || observed.Any(count => !(count >= 0) || !double.IsFinite(count))))
        {
            throw new ArgumentException(
                $"The {observed.Count} observed counts of channel '{channel.Name}' must be {channel.BinCount} finite numbers of 0 or "
                    + $"more: one per bin.",
                nameof(observed));
        }
    }

    /// <summary>The channel.</summary>
    public Channel Channel { get; }

    /// <summary>The observed events of an unbinned channel; null where they are not named, and for bins.</summary>
    public EventFile? Events { get; }

    /// <summary>The reference sample of an unbinned channel; null where it is not named, and for bins.</summary>
    public EventFile? Reference { get; }

    /// <summary>The observed counts of a binned channel, one per bin; null where they are not given, and for events.</summary>
    public IReadOnlyList<double>? Observed { get; }
}

/// <summary>The content of a model's document.</summary>
/// <param name="Parameters">The parameters, in order.</param>
/// <param name="Channels">The channels, in order.</param>
/// <param name="ParameterOfInterest">Name of the parameter that tests are about; null for none.</param>
internal sealed record ModelDefinition(
    IReadOnlyList<FitParameter> Parameters, IReadOnlyList<ChannelDefinition> Channels, string? ParameterOfInterest)
{
    /// <summary>The channels without their data.</summary>
    public Channel[] PlainChannels => [.. Channels.Select(channel => channel.Channel)];
}

/// <summary>A Parquet file of events, by name only: reading is left to who opens a model.</summary>
public sealed record EventFile
{
    /// <summary>A file of events.</summary>
    /// <param name="path">Path of the file; a relative one starts at the folder of the model's document.</param>
    /// <param name="weightColumn">Column of the events' weights; null where each counts 1.</param>
    /// <param name="isAsimov">Whether weights are expected numbers of events: those of <see cref="AsimovData"/>.</param>
    public EventFile(string path, string? weightColumn = null, bool isAsimov = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        (Path, WeightColumn, IsAsimov) = (path, weightColumn, isAsimov);
    }

    /// <summary>Path of the file; a relative one starts at the folder of the model's document.</summary>
    public string Path { get; }

    /// <summary>Column of the events' weights; null where each counts 1.</summary>
    public string? WeightColumn { get; }

    /// <summary>Whether the weights of data are expected numbers of events, as those of <see cref="AsimovData"/>; else each event was
    /// observed once.</summary>
    public bool IsAsimov { get; }
}
