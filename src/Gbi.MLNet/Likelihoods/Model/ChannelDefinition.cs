namespace Gbi.Likelihoods.Model;

/// <summary>A channel with what its definition says about its data.</summary>
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
                    + $"more: one a bin.",
                nameof(observed));
        }
    }

    /// <summary>The channel.</summary>
    public Channel Channel { get; }

    /// <summary>The observed events of an unbinned channel; null where they are not named, and for bins.</summary>
    public EventFile? Events { get; }

    /// <summary>The reference sample of an unbinned channel; null where it is not named, and for bins.</summary>
    public EventFile? Reference { get; }

    /// <summary>The observed counts of a binned channel, one a bin; null where they are not given, and for events.</summary>
    public IReadOnlyList<double>? Observed { get; }
}
