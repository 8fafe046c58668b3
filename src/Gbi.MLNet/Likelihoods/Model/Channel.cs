using Gbi.Events;

namespace Gbi.Likelihoods.Model;

/// <summary>A part of the data with an expectation of its own; channels of a model share its parameters and are independent
/// otherwise.</summary>
public abstract record Channel
{
    private protected Channel(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>Its name; unique in a model.</summary>
    public string Name { get; }
}

/// <summary>
/// Events, each with the densities of all processes relative to a reference: the extended likelihood
/// ν(θ) − Σᵢ wᵢ ln Σ_p ν_p(θ) r_p(xᵢ) h_p(xᵢ|ν), ν = Σ_p ν_p.
/// </summary>
/// <remarks>Barlow, NIM A 297 (1990) 496, with p(x) = r(x) p_ref(x).</remarks>
public sealed record UnbinnedChannel : Channel
{
    /// <summary>A channel of processes, one or more.</summary>
    public UnbinnedChannel(string name, IReadOnlyList<Process> processes)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(processes);
        Processes = processes.Count > 0
            ? [.. processes]
            : throw new ArgumentException($"Channel '{name}' has no process; give one or more.", nameof(processes));
    }

    /// <summary>Its processes; their densities add.</summary>
    public IReadOnlyList<Process> Processes { get; }

    /// <summary>
    /// Events that follow the reference density, with the columns that the processes read: Asimov data and toys are made of them, and
    /// shapes are normalised on them. Null where there are none; then neither is possible, and ratios are taken as they are.
    /// </summary>
    public EventTable? Reference { get; init; }

    /// <summary>
    /// Whether r h of every process is divided at every point by its mean over <see cref="Reference"/>, so that its yield alone carries
    /// its rate. Without a reference it has no effect.
    /// </summary>
    public bool NormalisesShapes { get; init; } = true;

    /// <summary>The columns that the processes read, each once.</summary>
    public IReadOnlyList<string> Columns => [.. Processes
        .SelectMany(
            process =>
                new[] { process.LogRatio, process.Ratio }.OfType<string>()
                    .Concat(process.ShapeVariations.SelectMany(shape => shape.Columns)))
        .Distinct()];
}

/// <summary>Bins in which processes add up: the likelihood Σ_b (λ_b − n_b ln λ_b).</summary>
public sealed record BinnedChannel : Channel
{
    /// <summary>A channel of samples, one or more, all with the same number of bins.</summary>
    public BinnedChannel(string name, IReadOnlyList<BinnedSample> samples)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(samples);
        Samples = samples.Count > 0
            ? [.. samples]
            : throw new ArgumentException($"Channel '{name}' has no sample; give one or more.", nameof(samples));
    }

    /// <summary>Its processes.</summary>
    public IReadOnlyList<BinnedSample> Samples { get; }

    /// <summary>Number of bins.</summary>
    public int BinCount => Samples[0].Nominal.Count;
}
