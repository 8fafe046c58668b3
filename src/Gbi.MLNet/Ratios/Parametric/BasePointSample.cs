using Gbi.Events;
using Gbi.Trees.Binning;

namespace Gbi.Ratios.Parametric;

/// <summary>Which events of a data set take part in the training of a parametric ratio.</summary>
/// <param name="basePoints">Points and monomials.</param>
/// <param name="basePointOf">Number of the base point of each event.</param>
/// <param name="weights">One per event; 0 leaves it out.</param>
internal readonly ref struct BasePointSample(BasePoints basePoints, ReadOnlySpan<int> basePointOf, ReadOnlySpan<double> weights)
{
    private readonly ReadOnlySpan<int> _basePointOf = basePointOf;
    private readonly ReadOnlySpan<double> _weights = weights;

    public BasePoints BasePoints => basePoints;

    public bool IsEmpty => _weights.IsEmpty;

    /// <summary>The same events with other weights.</summary>
    public BasePointSample WithWeights(ReadOnlySpan<double> others) => new(basePoints, _basePointOf, others);

    /// <summary>The events that take part and their loss; weights have mean 1.</summary>
    /// <exception cref="DataException">The weights of a base point do not sum to more than 0.</exception>
    public (BinnedEvents Events, BasePointObjective Objective) Select(BinnedEvents data, ParametricRatioOptions options)
    {
        if (_basePointOf.Length != data.Count || _weights.Length != data.Count)
        {
            throw new ArgumentException(
                $"There are {_basePointOf.Length} numbers of base points and {_weights.Length} weights for {data.Count} events; give one "
                    + "an event.");
        }

        RequirePositive(SumsOfWeights());
        int[] rows = EventWeights.RowsWithWeight(_weights);
        float[] scaled = EventWeights.ScaleToMeanOne(_weights, rows);
        int[] indices = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            indices[i] = basePoints.IndexOf(_basePointOf[rows[i]]);
        }

        BinnedEvents events = rows.Length == data.Count ? data : data.Select(rows);
        return (events, new BasePointObjective(events, basePoints, indices, scaled, options));
    }

    /// <summary>The coefficients of ln σ(ν)/σ(0), σ the sums of weights.</summary>
    /// <exception cref="DataException">The weights of a base point do not sum to more than 0.</exception>
    public float[] LogInclusiveCoefficients()
    {
        double[] sums = SumsOfWeights();
        RequirePositive(sums);
        int varied = sums.Length - 1;
        float[] coefficients = new float[basePoints.Monomials.Count];
        for (int a = 0; a < coefficients.Length; a++)
        {
            double sum = 0;
            for (int i = 0; i < varied; i++)
            {
                sum += basePoints.Solution[(a * varied) + i] * Math.Log(sums[i + 1] / sums[0]);
            }

            coefficients[a] = (float)sum;
        }

        return coefficients;
    }

    private double[] SumsOfWeights()
    {
        double[] sums = new double[basePoints.Points.Count];
        for (int row = 0; row < _weights.Length; row++)
        {
            sums[basePoints.IndexOf(_basePointOf[row])] += _weights[row];
        }

        return sums;
    }

    private void RequirePositive(double[] sums)
    {
        int empty = Array.FindIndex(sums, sum => !(sum > 0));
        if (empty >= 0)
        {
            throw new DataException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"The weights of base point {basePoints.TextOf(empty)} sum to {sums[empty]:G4}, expected more than 0; check the weights, "
                    + $"or leave the point out."));
        }
    }
}
