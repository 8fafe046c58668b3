namespace Gbi.Posteriors;

/// <summary>Points with weights that stand for a posterior.</summary>
public sealed class ImportanceSample
{
    private readonly double[] _points;
    private readonly double[] _weights;

    /// <summary>Points and the logarithms of their weights, posterior over proposal.</summary>
    /// <exception cref="ArgumentException">No point has a weight above 0.</exception>
    internal ImportanceSample(int parameterCount, double[] points, double[] logWeights)
    {
        double largest = logWeights.Max();
        if (!double.IsFinite(largest))
        {
            throw new ArgumentException(
                "The posterior is 0 at every point that was drawn; give its mode, and a covariance of its size.");
        }

        ParameterCount = parameterCount;
        _points = points;
        double[] relative = Array.ConvertAll(logWeights, value => Math.Exp(value - largest));
        double sum = relative.Sum();
        double squares = relative.Sum(value => value * value);
        int count = relative.Length;
        EffectiveSize = sum * sum / squares;
        LogEvidence = largest + Math.Log(sum / count);
        LogEvidenceError = Math.Sqrt(Math.Max(0, (count / EffectiveSize) - 1) / (count - 1));
        _weights = Array.ConvertAll(relative, value => value / sum);
    }

    /// <summary>Number of parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>Number of points.</summary>
    public int Count => _weights.Length;

    /// <summary>(Σw)²/Σw²: independent draws that would be worth as much.</summary>
    public double EffectiveSize { get; }

    /// <summary><see cref="EffectiveSize"/> over <see cref="Count"/>; range (0, 1]. Below 0.1 the proposal fits the posterior
    /// badly.</summary>
    public double Efficiency => EffectiveSize / Count;

    /// <summary>ln Z, Z the mean weight.</summary>
    public double LogEvidence { get; }

    /// <summary>Statistical error of ln Z: the standard deviation of the mean weight over its value.</summary>
    public double LogEvidenceError { get; }

    /// <summary>Weights of the points; they sum to 1.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The parameters of a point.</summary>
    public ReadOnlySpan<double> Point(int index) => _points.AsSpan(index * ParameterCount, ParameterCount);

    /// <summary>Mean of a parameter.</summary>
    public double Mean(int parameter)
    {
        double mean = 0;
        for (int i = 0; i < Count; i++)
        {
            mean += _weights[i] * _points[(i * ParameterCount) + parameter];
        }

        return mean;
    }

    /// <summary>Standard deviation of a parameter.</summary>
    public double StandardDeviation(int parameter)
    {
        double mean = Mean(parameter);
        double variance = 0;
        for (int i = 0; i < Count; i++)
        {
            double away = _points[(i * ParameterCount) + parameter] - mean;
            variance += _weights[i] * away * away;
        }

        return Math.Sqrt(variance);
    }
}
