using Gbi.Events;

namespace Gbi.Likelihoods.Model;

/// <summary>
/// Data that a model is compared with. The kind says what the weights of events are, and by that which errors a fit has:
/// <see cref="ObservedData"/> or <see cref="AsimovData"/>.
/// </summary>
public abstract record ModelData
{
    private protected ModelData()
    {
    }

    /// <summary>One table an unbinned channel, in order; weights may have either sign.</summary>
    public IReadOnlyList<EventTable> Events { get; init; } = [];

    /// <summary>One count a bin of all binned channels, in order; 0 or more, not necessarily whole.</summary>
    public IReadOnlyList<double> Counts { get; init; } = [];

    /// <summary>The auxiliary measurements, in the order of the parameters that have one.</summary>
    public required IReadOnlyList<double> Auxiliary { get; init; }
}

/// <summary>
/// Observed data, or a toy of them: every event happened once, and a weight other than 1 corrects it, as for an efficiency. A sum of
/// weights has the variance Σ w², so that errors are those of the sandwich covariance and test statistics are scaled to it.
/// </summary>
public sealed record ObservedData : ModelData;

/// <summary>
/// Asimov data: the weight of an event is the number of such events that is expected. A sum of weights has the variance Σ w, so that errors
/// and test statistics are those of the likelihood as it is.
/// </summary>
/// <remarks>Cowan et al., arXiv:1007.1727, section 3.2.</remarks>
public sealed record AsimovData : ModelData;
