namespace Gbi.Ratios;

/// <summary>Log ratios of a set of events.</summary>
public sealed class RatioScores
{
    private readonly float[] _logRatio;
    private readonly float[] _spread;
    private readonly float[] _uncertainty;
    private int _clippedCount;

    internal RatioScores(int count)
    {
        _logRatio = new float[count];
        _spread = new float[count];
        _uncertainty = new float[count];
    }

    /// <summary>ln r, one per event.</summary>
    public ReadOnlySpan<float> LogRatio => _logRatio;

    /// <summary>
    /// Standard deviation of r over the models before calibration, divided by their mean: the spread of ln r for small spreads; 0 for
    /// one model. Members are trained on bootstrap samples, so this is the size of a single model's error from the finite training
    /// samples.
    /// </summary>
    public ReadOnlySpan<float> Spread => _spread;

    /// <summary>
    /// Standard error of ln r from the finite number of members: the jackknife over members, through calibration and
    /// normalisation, without clipping. About spread/√members where the map is the identity. NaN for one member, for which it is not
    /// defined. It falls to 0 with more members; the error from the finite training samples is in <see cref="Spread"/>.
    /// </summary>
    public ReadOnlySpan<float> Uncertainty => _uncertainty;

    /// <summary>Number of events whose log ratio was clipped.</summary>
    public int ClippedCount => _clippedCount;

    /// <summary>Log ratio, spread and uncertainty, one array each, not copied.</summary>
    internal float[][] Columns => [_logRatio, _spread, _uncertainty];

    /// <summary>Sets one event; different events may be set from several threads at once.</summary>
    internal void Set(int row, in EventRatio ratio, double maxAbs)
    {
        _logRatio[row] = LikelihoodRatio.Clip(ratio.LogRatio, maxAbs);
        _spread[row] = (float)ratio.Spread;
        _uncertainty[row] = (float)ratio.Uncertainty;
        if (Math.Abs(ratio.LogRatio) > maxAbs)
        {
            Interlocked.Increment(ref _clippedCount);
        }
    }
}
