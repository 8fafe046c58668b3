using Gbi.Trees;

namespace Gbi.Ratios.Families;

/// <summary>A feature that measures a parameter: jet mass and particle mass.</summary>
/// <param name="Feature">Name of the feature.</param>
/// <param name="Parameter">Name of the parameter.</param>
public sealed record AlignedFeature(string Feature, string Parameter)
{
    internal string Name => $"{Feature}|{Parameter}";
}

/// <summary>Options of the ratio of a signal family.</summary>
public sealed record SignalFamilyOptions
{
    /// <summary>
    /// Pairs whose quotient (difference, where <see cref="IsLogarithmic"/> is off) is a further feature of the trees: the position of a
    /// peak that follows its parameter is constant in it, so that all points of the family contribute to it. Empty for none.
    /// </summary>
    public IReadOnlyList<AlignedFeature> Aligned { get; init; } = [];

    /// <summary>Whether ln θ is the coordinate of a parameter, as suits masses, in place of θ.</summary>
    public bool IsLogarithmic { get; init; } = true;

    /// <summary>
    /// Whether the two parameters are interchangeable, as for two particles of one kind: points are then ordered, the larger parameter
    /// first.
    /// </summary>
    public bool IsInterchangeable { get; init; }

    /// <summary>
    /// Half-width of the range of a parameter over which ln r is one polynomial, as a share of the whole range: the width of the narrowest
    /// peak is a good choice. Range: (0, 0.5]; 0.5 is one polynomial for the whole family.
    /// </summary>
    public double HalfWidth
    {
        get;
        init => field = value is > 0 and <= 0.5 ? value : throw new ArgumentOutOfRangeException(
            nameof(HalfWidth), value, "HalfWidth must be in (0, 0.5]: it is a share of a parameter's whole range.");
    } = 0.025;

    /// <summary>How often each event is used, with another centre each time. Range: 1 or more.</summary>
    public int Copies
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(Copies), value, "Copies must be 1 or more: every event is used.");
    } = 1;

    /// <summary>Parts K of the samples; an event is scored by models that were trained on the other parts. Range: 2 or more.</summary>
    public int FoldCount
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(
            nameof(FoldCount), value, "FoldCount must be 2 or more: an event is never scored by a model that saw it.");
    } = 2;

    /// <summary>
    /// Models in each fold, each trained on a bootstrap sample (Poisson weights) where there are several; their coefficients are averaged.
    /// Range: 1 or more.
    /// </summary>
    public int MemberCount
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MemberCount), value, "MemberCount must be 1 or more.");
    } = 1;

    /// <summary>How each model's trees are grown.</summary>
    public TreeOptions Trees { get; init; } = new() { TreeCount = 200, LeafCount = 32, MinLeafHessian = 20, L2 = 10 };
}
