namespace Gbi.Ratios;

/// <summary>Log ratios of a set of events.</summary>
public sealed class RatioScores
{
    private readonly float[] _logRatio;
    private readonly float[] _spread;

    internal RatioScores(int count)
    {
        _logRatio = new float[count];
        _spread = new float[count];
    }

    /// <summary>ln r, one an event.</summary>
    public ReadOnlySpan<float> LogRatio => _logRatio;

    /// <summary>
    /// Standard deviation of r over the members, divided by their mean: the spread of ln r for small spreads; 0 for one member.
    /// </summary>
    public ReadOnlySpan<float> Spread => _spread;

    /// <summary>Number of events whose log ratio was clipped.</summary>
    public int ClippedCount { get; private set; }

    internal void Set(int row, double logRatio, double maxAbs, double sum, double squares, int members)
    {
        _logRatio[row] = LikelihoodRatio.Clip(logRatio, maxAbs);
        ClippedCount += Math.Abs(logRatio) > maxAbs ? 1 : 0;
        double mean = sum / members;
        double variance = members > 1 ? Math.Max(0, (squares - (sum * mean)) / (members - 1)) : 0;
        _spread[row] = (float)(Math.Sqrt(variance) / mean);
    }
}
