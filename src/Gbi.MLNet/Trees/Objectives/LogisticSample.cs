using Gbi.Events;
using Gbi.Trees.Binning;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Trees.Objectives;

/// <summary>Which events of a data set take part in the training of a logistic ratio, and how.</summary>
/// <param name="isNumerator">True where an event belongs to p₁.</param>
/// <param name="weights">One per event; 0 leaves it out.</param>
/// <param name="jointLogRatio">ln r(x,z) of each event where the simulator gives it (soft labels); empty for hard labels.</param>
/// <param name="offsets">What the trees add to, one per event; empty for 0.</param>
internal readonly ref struct LogisticSample(
    ReadOnlySpan<bool> isNumerator, ReadOnlySpan<double> weights, ReadOnlySpan<float> jointLogRatio = default,
    ReadOnlySpan<float> offsets = default)
{
    private readonly ReadOnlySpan<bool> _isNumerator = isNumerator;
    private readonly ReadOnlySpan<double> _weights = weights;
    private readonly ReadOnlySpan<float> _jointLogRatio = jointLogRatio;
    private readonly ReadOnlySpan<float> _offsets = offsets;

    public bool IsEmpty => _weights.IsEmpty;

    /// <summary>What the trees add to, of the events that take part; null for 0.</summary>
    public float[]? SelectOffsets()
    {
        if (_offsets.IsEmpty)
        {
            return null;
        }

        int[] rows = EventWeights.RowsWithWeight(_weights);
        float[] selected = new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            selected[i] = _offsets[rows[i]];
        }

        return selected;
    }

    /// <summary>The events that take part and their loss; weights have mean 1, each sample half of their sum.</summary>
    public (BinnedEvents Events, LogisticObjective Objective) Select(BinnedEvents data, TreeOptions options, LossVariant variant)
    {
        if (_isNumerator.Length != data.Count || _weights.Length != data.Count)
        {
            throw new ArgumentException(
                $"There are {_isNumerator.Length} labels and {_weights.Length} weights for {data.Count} events; give one per event.");
        }

        (double numerator, double denominator) = Sums();
        int[] rows = EventWeights.RowsWithWeight(_weights);
        float[] scaled = new float[rows.Length];
        float[] targets = new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            scaled[i] = (float)(_weights[row] * rows.Length / (2 * (_isNumerator[row] ? numerator : denominator)));
            targets[i] = _jointLogRatio.IsEmpty ? (_isNumerator[row] ? 1 : 0) : 1 / (1 + MathF.Exp(-_jointLogRatio[row]));
        }

        BinnedEvents events = rows.Length == data.Count ? data : data.Select(rows);
        return (events, new LogisticObjective(events, scaled, targets, options, variant));
    }

    private (double Numerator, double Denominator) Sums()
    {
        double numerator = 0;
        double denominator = 0;
        for (int row = 0; row < _weights.Length; row++)
        {
            numerator += _isNumerator[row] ? _weights[row] : 0;
            denominator += _isNumerator[row] ? 0 : _weights[row];
        }

        Require(numerator, "numerator");
        Require(denominator, "denominator");
        return (numerator, denominator);
    }

    private static void Require(double sum, string sample)
    {
        if (!(sum > 0))
        {
            throw new DataException(
                Text($"The weights of the {sample} sum to {sum:G4}, expected more than 0; check the weight column or the selection."));
        }
    }
}
