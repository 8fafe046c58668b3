using System.Numerics.Tensors;

namespace Gbi.Ratios;

/// <summary>
/// What <see cref="EnsembleAverage"/> gives for one fold without calibration or confidence shift, for many events at once in vector
/// instructions: ln r = ln κ + ln mean over members of r_m, spread and jackknife error. Not for several threads at once.
/// </summary>
internal sealed class MemberAverage
{
    /// <summary>Most events of a tile: its ratios stay in the second cache.</summary>
    public const int TileSize = 512;

    private readonly int _members;
    private readonly double _shift;
    private readonly double[] _ratios;
    private readonly double[] _others;
    private readonly double[] _sum = new double[TileSize];
    private readonly double[] _squares = new double[TileSize];
    private readonly double[] _logMean = new double[TileSize];
    private readonly double[] _meanOfOthers = new double[TileSize];
    private readonly double[] _deviations = new double[TileSize];

    /// <summary>An average of two members or more.</summary>
    public MemberAverage(int members, double logNormalisation)
    {
        _members = members;
        _shift = logNormalisation - Math.Log(members);
        _ratios = new double[members * TileSize];
        _others = new double[members * TileSize];
    }

    /// <summary>Takes a member's log ratios of the events of a tile.</summary>
    public void Set(int member, ReadOnlySpan<float> logRatios)
    {
        Span<double> ratios = Ratios(member, logRatios.Length);
        TensorPrimitives.ConvertChecked(logRatios, ratios);
        TensorPrimitives.Exp(ratios, ratios);
    }

    /// <summary>Averages the members of so many events, which all were set.</summary>
    public void Compute(int count)
    {
        Span<double> sum = _sum.AsSpan(0, count);
        Span<double> squares = _squares.AsSpan(0, count);
        sum.Clear();
        squares.Clear();

        // Sums over all members but one are added up from both ends, never subtracted from the total.
        for (int member = 0; member < _members; member++)
        {
            sum.CopyTo(Others(member, count));
            Span<double> ratios = Ratios(member, count);
            TensorPrimitives.Add(sum, ratios, sum);
            TensorPrimitives.MultiplyAdd(ratios, ratios, squares, squares);
        }

        sum.Clear();
        Span<double> meanOfOthers = _meanOfOthers.AsSpan(0, count);
        meanOfOthers.Clear();
        for (int member = _members - 1; member >= 0; member--)
        {
            Span<double> others = Others(member, count);
            TensorPrimitives.Add(others, sum, others);
            TensorPrimitives.Log(others, others);
            TensorPrimitives.MultiplyAdd(others, 1.0 / _members, meanOfOthers, meanOfOthers);
            TensorPrimitives.Add(sum, Ratios(member, count), sum);
        }

        TensorPrimitives.Log(sum, _logMean);
        AddDeviations(count);
    }

    /// <summary>The average of one event of the tile, after <see cref="Compute"/>.</summary>
    public EventRatio this[int index]
    {
        get
        {
            double mean = _sum[index] / _members;
            double variance = Math.Max(0, (_squares[index] - (_sum[index] * mean)) / (_members - 1));
            return new EventRatio(
                _shift + _logMean[index], Math.Sqrt(variance) / mean, Math.Sqrt(_deviations[index] * (_members - 1) / _members));
        }
    }

    // The members' common factor and the normalisation shift all θ alike.
    private void AddDeviations(int count)
    {
        Span<double> deviations = _deviations.AsSpan(0, count);
        deviations.Clear();
        for (int member = 0; member < _members; member++)
        {
            Span<double> others = Others(member, count);
            TensorPrimitives.MultiplyAdd(_meanOfOthers.AsSpan(0, count), -1, others, others);
            TensorPrimitives.MultiplyAdd(others, others, deviations, deviations);
        }
    }

    private Span<double> Ratios(int member, int count) => _ratios.AsSpan(member * TileSize, count);

    private Span<double> Others(int member, int count) => _others.AsSpan(member * TileSize, count);
}
