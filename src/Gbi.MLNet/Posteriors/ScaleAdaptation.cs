namespace Gbi.Posteriors;

/// <summary>
/// Learns the standard deviation of every parameter from draws, in windows that double: each forgets the ones before it, which
/// were made with worse scales.
/// </summary>
internal sealed class ScaleAdaptation
{
    private const int FirstWindow = 25;

    // Before the first window a chain has to find the posterior, after the last one the step has to follow the scales.
    private readonly int _start;
    private readonly int _end;
    private readonly double[] _scales;
    private readonly double[] _means;
    private readonly double[] _squares;
    private int _count;
    private int _window = FirstWindow;

    public ScaleAdaptation(int size, int warmUp)
    {
        _start = warmUp * 15 / 100;
        _end = warmUp * 90 / 100;
        _scales = new double[size];
        Array.Fill(_scales, 1);
        _means = new double[size];
        _squares = new double[size];
    }

    /// <summary>The scale of a parameter.</summary>
    public double this[int parameter] => _scales[parameter];

    /// <summary>Takes in a draw; true where the scales have changed.</summary>
    public bool Update(int draw, double[] position)
    {
        if (draw < _start || draw >= _end)
        {
            return false;
        }

        _count++;
        for (int k = 0; k < position.Length; k++)
        {
            double away = position[k] - _means[k];
            _means[k] += away / _count;
            _squares[k] += away * (position[k] - _means[k]);
        }

        // What is left at the end and too short for a window of its own belongs to the one before it.
        bool isLast = draw + 1 == _end;
        bool isFull = _count >= _window && draw + 1 + (2 * _window) <= _end;
        if (isFull || isLast)
        {
            Close();
        }

        return isFull || isLast;
    }

    private void Close()
    {
        for (int k = 0; k < _scales.Length && _count > 1; k++)
        {
            // Drawn a little towards the present scale: a window of draws that never moved must not end the chain.
            double variance = _squares[k] / (_count - 1);
            double share = _count / (_count + 5.0);
            _scales[k] = Math.Sqrt((share * variance) + ((1 - share) * 1e-3 * _scales[k] * _scales[k]));
        }

        Array.Clear(_means);
        Array.Clear(_squares);
        _count = 0;
        _window *= 2;
    }
}
