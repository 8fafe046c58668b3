using Gbi.Events;

namespace Gbi.Inference.Yields;

/// <summary>The expected numbers of events of a channel, with errors.</summary>
/// <param name="Channel">Its name.</param>
/// <param name="Bins">Of each bin, all samples together; empty for an unbinned channel.</param>
/// <param name="Total">Of all bins.</param>
/// <param name="Samples">The samples or processes.</param>
public sealed record ChannelYields(
    string Channel, IReadOnlyList<Estimate> Bins, Estimate Total, IReadOnlyList<SampleYields> Samples);

/// <summary>The expected numbers of events of one sample in a channel, with errors.</summary>
/// <param name="Sample">Its name.</param>
/// <param name="Bins">Of each bin; empty for a process of an unbinned channel.</param>
/// <param name="Total">Of all bins.</param>
public sealed record SampleYields(string Sample, IReadOnlyList<Estimate> Bins, Estimate Total);
