using System.Globalization;
using Gbi.Numerics.Minima;

namespace Gbi.Ratios.Parametric;

/// <summary>
/// The values of the parameters at which there are events, the nominal ones (all 0) among them, and the monomials ν_A that the
/// log ratio to nominal is expanded in. With V the monomials at the varied points, a leaf's coefficients are the least-squares
/// solution Δ_A = Σ_ν (C⁻¹ Vᵀ)_{A,ν} ln(σ_ν/σ₀), C = Vᵀ V; exact where there are as many varied points as monomials.
/// </summary>
/// <remarks>Schöfbeck, arXiv:2406.19076.</remarks>
public sealed class BasePoints
{
    // Points are kept in one order whatever the caller's, nominal first, so that no result depends on the latter.
    private readonly int[] _indices;
    private readonly ParameterPolynomial _polynomial;

    /// <summary>Base points of some parameters.</summary>
    /// <param name="parameters">Names of the parameters ν.</param>
    /// <param name="points">Points, each with one value a parameter, in standard deviations or another unit of order 1.</param>
    /// <param name="monomials">Terms of the log ratio; null for all up to second order.</param>
    /// <exception cref="ArgumentException">
    /// A point has another length, is not finite or occurs twice, none is nominal, or the points do not determine all monomials; the
    /// message names these.
    /// </exception>
    public BasePoints(
        IReadOnlyList<string> parameters, IReadOnlyList<IReadOnlyList<double>> points, IReadOnlyList<Monomial>? monomials = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(points);
        _polynomial = new ParameterPolynomial(parameters, monomials ?? Monomial.UpToSecondOrder(parameters));
        double[][] copies = [.. points.Select(point => point.ToArray())];
        Check(copies);
        Points = copies;
        Nominal = Array.FindIndex(copies, point => Array.TrueForAll(point, value => value == 0));
        if (Nominal < 0)
        {
            throw new ArgumentException(
                $"None of the base points {Listed(copies)} is nominal, expected one with all parameters 0; the ratio is taken to its "
                    + "events.",
                nameof(points));
        }

        int[] order = [.. Enumerable.Range(0, copies.Length)];
        Array.Sort(order, (a, b) => Compare(copies[a], copies[b]));
        _indices = new int[order.Length];
        for (int index = 0; index < order.Length; index++)
        {
            _indices[order[index]] = index;
        }

        Design = [.. order.Skip(1).SelectMany(point => _polynomial.At(copies[point]))];
        Solution = Solve();
    }

    /// <summary>Names of the parameters.</summary>
    public IReadOnlyList<string> Parameters => _polynomial.Parameters;

    /// <summary>The points, in the order in which events refer to them.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Points { get; }

    /// <summary>The number of the nominal point.</summary>
    public int Nominal { get; }

    /// <summary>Terms of the log ratio.</summary>
    public IReadOnlyList<Monomial> Monomials => _polynomial.Monomials;

    internal ParameterPolynomial Polynomial => _polynomial;

    /// <summary>V, shape [varied points × monomials].</summary>
    internal double[] Design { get; }

    /// <summary>C⁻¹ Vᵀ, shape [monomials × varied points].</summary>
    internal double[] Solution { get; }

    /// <summary>The index of a point in the order of the sums: 0 for nominal, a row of V and one more for the others.</summary>
    /// <exception cref="ArgumentException">There is no such point.</exception>
    internal int IndexOf(int point) => (uint)point < (uint)_indices.Length ? _indices[point] : throw new ArgumentException(
        $"An event belongs to base point {point}, expected a number from 0 to {_indices.Length - 1}.");

    /// <summary>The point at an index, as text.</summary>
    internal string TextOf(int index) => TextOfPoint(Array.IndexOf(_indices, index));

    /// <summary>The point of that number, as text.</summary>
    internal string TextOfPoint(int point) => Text(Points[point]);

    /// <summary>(ν₁, ν₂, …).</summary>
    private static string Text(IReadOnlyList<double> point) =>
        $"({string.Join(", ", point.Select(value => value.ToString("G4", CultureInfo.InvariantCulture)))})";

    private static string Listed(double[][] points) => points.Length == 0 ? "(none)" : string.Join(", ", points.Select(Text));

    private static int Compare(double[] a, double[] b)
    {
        int byNominal = Array.Exists(a, value => value != 0).CompareTo(Array.Exists(b, value => value != 0));
        int at = 0;
        while (at < a.Length - 1 && a[at] == b[at])
        {
            at++;
        }

        return byNominal != 0 ? byNominal : a[at].CompareTo(b[at]);
    }

    private void Check(double[][] points)
    {
        foreach (double[] point in points)
        {
            if (point.Length != Parameters.Count || !Array.TrueForAll(point, double.IsFinite))
            {
                throw new ArgumentException(
                    $"The base point {Text(point)} has {point.Length} values or some that are not finite, expected {Parameters.Count} "
                        + $"numbers: {ParameterPolynomial.Listed(Parameters)}.");
            }

            if (points.Count(other => other.SequenceEqual(point)) > 1)
            {
                throw new ArgumentException($"The base point {Text(point)} occurs twice; give its events one number.");
            }
        }
    }

    private double[] Solve()
    {
        int[] determined = [];
        List<Monomial> undetermined = [];
        for (int a = 0; a < Monomials.Count; a++)
        {
            int[] tried = [.. determined, a];
            if (LinearSystem.InverseOfPositiveDefinite(Normal(tried), tried.Length) is null)
            {
                undetermined.Add(Monomials[a]);
            }
            else
            {
                determined = tried;
            }
        }

        if (undetermined.Count > 0)
        {
            throw new ArgumentException(
                $"The {Points.Count} base points {Listed([.. Points.Select(point => point.ToArray())])} do not determine the monomials "
                    + $"{ParameterPolynomial.Listed(undetermined)} in addition to "
                    + $"{ParameterPolynomial.Listed([.. determined.Select(a => Monomials[a])])}; add base points or leave these monomials "
                    + "out.");
        }

        return MultiplyWithDesign(LinearSystem.InverseOfPositiveDefinite(Normal(determined), determined.Length)!);
    }

    /// <summary>VᵀV of some monomials.</summary>
    private double[] Normal(int[] chosen)
    {
        double[] normal = new double[chosen.Length * chosen.Length];
        for (int row = 0; row < Design.Length; row += Monomials.Count)
        {
            for (int i = 0; i < normal.Length; i++)
            {
                normal[i] += Design[row + chosen[i / chosen.Length]] * Design[row + chosen[i % chosen.Length]];
            }
        }

        return normal;
    }

    private double[] MultiplyWithDesign(double[] inverse)
    {
        int terms = Monomials.Count;
        int varied = Points.Count - 1;
        double[] solution = new double[terms * varied];
        for (int i = 0; i < solution.Length; i++)
        {
            for (int b = 0; b < terms; b++)
            {
                solution[i] += inverse[(i / varied * terms) + b] * Design[(i % varied * terms) + b];
            }
        }

        return solution;
    }
}
