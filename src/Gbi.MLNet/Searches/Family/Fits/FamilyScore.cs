using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios.Families;

namespace Gbi.Searches.Family.Fits;

/// <summary>
/// The score g = ∂ ln p/∂(μ, t) of p = μ r(x;t)/κ(t) + 1 − μ at one point, as a fixed function of events: g_μ = (r/κ − 1)/p and
/// g_t = μ (r/κ) (∂ ln r − ∂ ln κ)/p, with κ the mean of r over the whole reference.
/// </summary>
internal sealed class FamilyScore
{
    private readonly double[] _local;
    private readonly double _fraction;
    private readonly double _logMean;
    private readonly double[] _logMeanSlopes;

    /// <param name="reference">Coefficients of the reference events.</param>
    /// <param name="events">The reference events.</param>
    /// <param name="fraction">μ.</param>
    /// <param name="local">t.</param>
    public FamilyScore(float[] reference, EventTable events, double fraction, double[] local)
    {
        (_fraction, _local) = (fraction, local);
        int width = reference.Length / events.Count;
        double[] means = FamilyMoments.Of(events.Count, local.Length + 1, events.Weight, (row, values) =>
        {
            Span<float> moved = stackalloc float[width];
            reference.AsSpan(row * width, width).CopyTo(moved);
            LocalPolynomial.Shift(moved, _local);
            values[0] = Math.Exp(moved[0]);
            for (int p = 0; p < local.Length; p++)
            {
                values[p + 1] = values[0] * moved[p + 1];
            }
        }).Mean;
        _logMean = Math.Log(means[0]);
        _logMeanSlopes = [.. means.Skip(1).Select(mean => mean / means[0])];
    }

    /// <summary>Numbers of a score: μ and each t.</summary>
    public int Size => _local.Length + 1;

    /// <summary>g of one event.</summary>
    public void Fill(ReadOnlySpan<float> coefficients, Span<double> score)
    {
        Span<float> moved = stackalloc float[coefficients.Length];
        coefficients.CopyTo(moved);
        LocalPolynomial.Shift(moved, _local);
        double ratio = Math.Exp(moved[0] - _logMean);
        double density = 1 + (_fraction * (ratio - 1));
        score[0] = (ratio - 1) / density;
        for (int p = 0; p < _local.Length; p++)
        {
            score[p + 1] = _fraction * ratio * (moved[p + 1] - _logMeanSlopes[p]) / density;
        }
    }

    /// <summary>
    /// The same of the reference, of which bootstrap members say that its density may be another: Σ (m_b − m̄)(m_b − m̄)ᵀ/(members − 1),
    /// with the means m_b of g over the events with each member's weights, is added to the covariance.
    /// </summary>
    /// <param name="coefficients">Coefficients of the events.</param>
    /// <param name="events">The events.</param>
    /// <param name="members">ln of each member's density over that of the events, [members][events].</param>
    public FamilyMoments Of(float[] coefficients, EventTable events, IReadOnlyList<float[]> members)
    {
        FamilyMoments moments = Of(coefficients, events);
        if (members.Count < 2)
        {
            return moments;
        }

        // Scores are dearer than sums of them, and the same for all members.
        double[] scores = Scores(coefficients, events.Count);
        double[][] means = [.. members.Select(member => FamilyMoments.Of(
            events.Count, Size, row => events.Weight(row) * Math.Exp(member[row]),
            (row, score) => scores.AsSpan(row * Size, Size).CopyTo(score)).Mean)];
        double[] centre = [.. Enumerable.Range(0, Size).Select(i => means.Average(mean => mean[i]))];
        return moments with
        {
            Covariance = [.. moments.Covariance.Select((value, at) => value
                + (
                    means.Sum(
                        mean => (mean[at / Size] - centre[at / Size]) * (mean[at % Size] - centre[at % Size])) / (members.Count - 1)))],
        };
    }

    /// <summary>The mean of g over events and its covariance.</summary>
    public FamilyMoments Of(float[] coefficients, EventTable events)
    {
        int width = coefficients.Length / events.Count;
        return FamilyMoments.Of(events.Count, Size, events.Weight, (row, score) => Fill(coefficients.AsSpan(row * width, width), score));
    }

    /// <summary>g of each event; shape [events × size].</summary>
    private double[] Scores(float[] coefficients, int count)
    {
        double[] scores = new double[count * Size];
        int width = coefficients.Length / count;
        EventBlocks.ForEach(count, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                Fill(coefficients.AsSpan(row * width, width), scores.AsSpan(row * Size, Size));
            }
        });
        return scores;
    }
}
