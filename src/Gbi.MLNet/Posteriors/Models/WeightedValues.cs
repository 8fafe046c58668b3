namespace Gbi.Posteriors.Models;

/// <summary>Values with weights that sum to 1, in ascending order: moments, quantiles, shortest intervals.</summary>
internal sealed class WeightedValues
{
    private readonly double[] _values;
    private readonly double[] _upTo;

    /// <summary>Sorts values.</summary>
    /// <param name="values">Two or more.</param>
    /// <param name="shares">Weight of each, above 0; they sum to 1.</param>
    public WeightedValues(double[] values, double[] shares)
    {
        _values = [.. values];
        _upTo = [.. shares];
        Array.Sort(_values, _upTo);
        double squares = 0;
        for (int i = 0; i < _values.Length; i++)
        {
            Mean += _upTo[i] * _values[i];
            squares += _upTo[i] * _upTo[i];
        }

        double sum = 0;
        for (int i = 0; i < _values.Length; i++)
        {
            Variance += _upTo[i] * (_values[i] - Mean) * (_values[i] - Mean);
            sum += _upTo[i];
            _upTo[i] = sum;
        }

        // Of equal weights this is the sum over n − 1.
        Variance /= 1 - squares;
    }

    public double Mean { get; }

    public double Variance { get; }

    /// <summary>
    /// The value below which a share of the weight lies, straight lines between the values: each stands at the middle of its weight, and
    /// the first and the last one at 0 and 1.
    /// </summary>
    public double Quantile(double probability)
    {
        double first = Middle(0);
        double position = first + (probability * (Middle(_values.Length - 1) - first));
        int above = Array.BinarySearch(_upTo, position);
        above = above < 0 ? ~above : above;

        // The middle of the value that holds the position may lie on either side of it.
        int below = above < _values.Length && Middle(above) <= position ? above : above - 1;
        below = Math.Clamp(below, 0, _values.Length - 2);
        double part = (position - Middle(below)) / (Middle(below + 1) - Middle(below));
        return _values[below] + (part * (_values[below + 1] - _values[below]));
    }

    /// <summary>The weight of the values above another.</summary>
    public double ShareAbove(double value)
    {
        (int from, int to) = (0, _values.Length);
        while (from < to)
        {
            int middle = (from + to) / 2;
            (from, to) = _values[middle] > value ? (from, middle) : (middle + 1, to);
        }

        return from == 0 ? 1 : from == _values.Length ? 0 : 1 - _upTo[from - 1];
    }

    /// <summary>The shortest interval from a value to another that holds a probability.</summary>
    public CredibleInterval Shortest(double probability)
    {
        (int Low, int High) best = (0, _values.Length - 1);
        for (int low = 0, high = 1; low < _values.Length - 1; low++)
        {
            high = Math.Max(high, low + 1);
            while (high < _values.Length - 1 && _upTo[high] - _upTo[low] < probability)
            {
                high++;
            }

            if (_upTo[high] - _upTo[low] < probability)
            {
                break;
            }

            best = _values[high] - _values[low] < _values[best.High] - _values[best.Low] ? (low, high) : best;
        }

        return new CredibleInterval(probability, _values[best.Low], _values[best.High]);
    }

    private double Middle(int at) => at == 0 ? _upTo[0] / 2 : (_upTo[at - 1] + _upTo[at]) / 2;
}
