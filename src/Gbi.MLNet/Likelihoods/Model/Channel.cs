using Gbi.Events;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;

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

/// <summary>
/// One process of an unbinned channel: its expected density at event x relative to the reference is
/// ν(θ) r(x) h(x|ν), the yield with its factors, the ratio of its nominal density to the reference, and the shape's variations.
/// </summary>
public sealed record Process
{
    /// <summary>A process.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="expectedYield">Expected events at nominal. Range: finite, not negative.</param>
    public Process(string name, double expectedYield)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        ExpectedYield = expectedYield >= 0 && double.IsFinite(expectedYield)
            ? expectedYield
            : throw new ArgumentOutOfRangeException(
                nameof(expectedYield), expectedYield,
                $"The yield of '{name}' must be finite and not negative: it is an expected number of events.");
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Expected events at nominal.</summary>
    public double ExpectedYield { get; }

    /// <summary>Factors on the yield; they multiply.</summary>
    public IReadOnlyList<YieldFactor> YieldFactors { get; init; } = [];

    /// <summary>Column of ln r(x), r = p(x)/p_ref(x); null for the reference itself, where r is 1, or where <see cref="Ratio"/> is
    /// given.</summary>
    public string? LogRatio { get; init; }

    /// <summary>Column of r(x) itself, 0 or more, in place of its log.</summary>
    public string? Ratio { get; init; }

    /// <summary>Factors on the density at an event; they multiply.</summary>
    public IReadOnlyList<ShapeVariation> ShapeVariations { get; init; } = [];
}

/// <summary>A process in the bins of a channel: ν_b = Π factors · (nominal_b + Σ shifts_b) · Π factors of the bin.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Nominal">Expected yields with every variation at 0 and every factor at 1; one per bin, finite.</param>
/// <remarks>Cranmer et al., HistFactory, CERN-OPEN-2012-016.</remarks>
public sealed record BinnedSample(string Name, IReadOnlyList<double> Nominal)
{
    /// <summary>Factors on all bins; they multiply.</summary>
    public IReadOnlyList<YieldFactor> YieldFactors { get; init; } = [];

    /// <summary>Shifts of bins; they add.</summary>
    public IReadOnlyList<BinShift> Shifts { get; init; } = [];

    /// <summary>Factors of single bins; they multiply.</summary>
    public IReadOnlyList<BinFactors> BinFactors { get; init; } = [];
}

/// <summary>Adds Δ(α) to every bin, with nominal + Δ = up at α = +1 and down at α = −1.</summary>
/// <param name="Parameter">Name of α, in standard deviations.</param>
/// <param name="Down">Yields at α = −1; one per bin.</param>
/// <param name="Up">Yields at α = +1; one per bin.</param>
/// <param name="Law">How Δ runs between and beyond; a law that is linear in up and down, codes 0, 2 and 4p.</param>
public sealed record BinShift(
    string Parameter, IReadOnlyList<double> Down, IReadOnlyList<double> Up, InterpolationLaw Law = InterpolationLaw.PolynomialLinear);

/// <summary>Multiplies each bin by a parameter of its own.</summary>
/// <param name="Parameters">Name of each bin's parameter; null for a bin that is left as it is.</param>
public sealed record BinFactors(IReadOnlyList<string?> Parameters);
