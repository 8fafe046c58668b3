using Gbi.Events;
using Gbi.Ratios.Parametric;
using Gbi.Trees.Model;

namespace Gbi.Ratios.Families;

/// <summary>
/// The ratio r(x;θ) = p_S(x|θ)/p_B(x) of a signal family to the background, amortised over θ. Around a centre c its logarithm is a
/// polynomial of second order, ln r = Δ₀(x;c) + Σ_A t_A Δ_A(x;c), in the local coordinates t = (u(θ) − u(c))/h with the half-width h of the
/// range of validity, u = ln θ or θ: smooth in θ, although its coefficients are boosted trees in the event's features and c.
/// </summary>
/// <remarks>
/// The mean of r over the background is 1 only approximately; a fit normalises it at every θ on a reference sample. Amortised ratio:
/// Cranmer, Pavez and Louppe, arXiv:1506.02169; exponents by trees: Schöfbeck, arXiv:2406.19076; the family in (m_X, m_Y):
/// arXiv:2506.00119.
/// </remarks>
public sealed partial class SignalFamily
{
    /// <summary>Name of the coefficient Δ₀ of a row of coefficients.</summary>
    public const string ConstantColumn = ParametricRatio.ColumnPrefix + "0";

    private readonly TreeEnsemble[][] _folds;
    private readonly FamilyFeatures _columns;

    internal SignalFamily(FamilyCoordinates coordinates, FamilyFeatures columns, TreeEnsemble[][] folds)
    {
        (Coordinates, _columns, _folds) = (coordinates, columns, folds);
        Monomials = Monomial.UpToSecondOrder(coordinates.Names);
    }

    /// <summary>Names of the parameters θ.</summary>
    public IReadOnlyList<string> Parameters => Coordinates.Names;

    /// <summary>Names of the features that an event needs.</summary>
    public IReadOnlyList<string> Features => _columns.Features;

    /// <summary>The terms t_A of first and second order, in the order of the coefficients behind Δ₀.</summary>
    public IReadOnlyList<Monomial> Monomials { get; }

    /// <summary>Lowest value of each parameter among the signal events that the family was learnt from.</summary>
    public IReadOnlyList<double> Lowest => [.. Coordinates.Low.Select(Coordinates.Theta)];

    /// <summary>Highest value of each parameter among the signal events that the family was learnt from.</summary>
    public IReadOnlyList<double> Highest => [.. Coordinates.High.Select(Coordinates.Theta)];

    /// <summary>Whether the two parameters are interchangeable.</summary>
    public bool IsInterchangeable => Coordinates.IsInterchangeable;

    /// <summary>Folds of the background.</summary>
    public int FoldCount => _folds.Length;

    /// <summary>Members of each fold's ensemble.</summary>
    public int MemberCount => _folds[0].Length;

    internal FamilyCoordinates Coordinates { get; }

    /// <summary>Columns from which everything that the trees see is made.</summary>
    internal string[] Needed => [.. _columns.Features.Union(_columns.Aligned.Select(pair => pair.Feature))];

    /// <summary>The local coordinate t of each parameter relative to a centre; the polynomial is valid from −1 to 1.</summary>
    public IReadOnlyList<double> LocalCoordinates(IReadOnlyList<double> theta, IReadOnlyList<double> centre) =>
        Coordinates.Local(theta, centre);

    /// <summary>Δ₀ and Δ_A around a centre, the mean over all models; shape [events × (1 + monomials)].</summary>
    /// <param name="events">Events that took no part in the training.</param>
    /// <param name="centre">One value per parameter. Ignored if one polynomial covers the family.</param>
    /// <exception cref="DataException">A feature is not a column of the table.</exception>
    public float[] Coefficients(EventTable events, IReadOnlyList<double> centre)
    {
        ArgumentNullException.ThrowIfNull(events);
        return Around(RequirePoint(centre)).Coefficients(events);
    }

    /// <summary>ln r(x;θ), as it is before normalisation.</summary>
    /// <param name="events">Events that took no part in the training.</param>
    /// <param name="theta">One value a parameter.</param>
    /// <exception cref="DataException">A feature is not a column of the table.</exception>
    public float[] LogRatios(EventTable events, IReadOnlyList<double> theta)
    {
        double[] point = Coordinates.Ordered(RequirePoint(theta));
        double[] centre = Coordinates.IsWhole ? Middle : point;
        float[] coefficients = Coefficients(events, centre);
        return LocalPolynomial.Values(coefficients, Coordinates.Local(point, centre));
    }

    /// <summary>The centre of the whole range.</summary>
    internal double[] Middle => [.. Coordinates.Low.Select((low, p) => Coordinates.Theta(0.5 * (low + Coordinates.High[p])))];

    /// <summary>The models around a centre.</summary>
    internal CentredFamily Around(IReadOnlyList<double> centre) => new(_columns, _folds, [.. centre]);

    private IReadOnlyList<double> RequirePoint(IReadOnlyList<double> theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        return theta.Count == Parameters.Count ? theta : throw new ArgumentException(
            $"The point has {theta.Count} values, expected {Parameters.Count}: {string.Join(", ", Parameters)}.", nameof(theta));
    }
}

/// <summary>A learnt family together with its samples, of which each event can be scored by models that did not see it.</summary>
public sealed class CrossFittedFamily
{
    private readonly Lazy<double[][]> _signalTheta;

    internal CrossFittedFamily(SignalFamily model, EventTable signal, int[] signalFoldOf, EventTable background, int[] foldOf)
    {
        (Model, Signal, SignalFoldOf, Background, FoldOf) = (model, signal, signalFoldOf, background, foldOf);
        _signalTheta = new(() => model.Coordinates.Ordered(signal));
    }

    /// <summary>The family.</summary>
    public SignalFamily Model { get; }

    /// <summary>The signal events that it was learnt from, with their parameters.</summary>
    public EventTable Signal { get; }

    /// <summary>The background that it was learnt against.</summary>
    public EventTable Background { get; }

    /// <summary>θ of each signal event, in the order that the family was learnt in.</summary>
    internal double[][] SignalTheta => _signalTheta.Value;

    /// <summary>The fold whose models did not see the signal event.</summary>
    internal int[] SignalFoldOf { get; }

    /// <summary>The fold whose models did not see the background event.</summary>
    internal int[] FoldOf { get; }
}
