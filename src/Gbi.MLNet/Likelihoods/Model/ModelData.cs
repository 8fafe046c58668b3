using Gbi.Events;

namespace Gbi.Likelihoods.Model;

/// <summary>Data that a model is compared with: observed, Asimov, or a toy.</summary>
public sealed record ModelData
{
    /// <summary>One table an unbinned channel, in order; weights may have either sign.</summary>
    public IReadOnlyList<EventTable> Events { get; init; } = [];

    /// <summary>One count a bin of all binned channels, in order; 0 or more, not necessarily whole.</summary>
    public IReadOnlyList<double> Counts { get; init; } = [];

    /// <summary>The auxiliary measurements, in the order of the parameters that have one.</summary>
    public required IReadOnlyList<double> Auxiliary { get; init; }
}
