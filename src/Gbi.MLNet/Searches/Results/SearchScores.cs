using Gbi.Ratios;

namespace Gbi.Searches.Results;

/// <summary>Columns of a search, one value for each event that it was given, in their order.</summary>
public sealed class SearchScores
{
    internal SearchScores(int count)
    {
        Region = new int[count];
        Array.Fill(Region, -1);
        LogRatio = Missing(count);
        LogRatioSpread = Missing(count);
        AnomalyLogRatio = Missing(count);
        BackgroundWeight = new double[count];
    }

    /// <summary>1 in the signal region, 0 in a sideband, −1 outside both.</summary>
    public int[] Region { get; }

    /// <summary>
    /// ln p_S/p_B where a signal sample was given, for a family that at the fitted parameters, else the anomaly score; by models that did
    /// not see the event. NaN outside.
    /// </summary>
    public float[] LogRatio { get; }

    /// <summary>Relative spread of the ensemble's ratios; NaN outside, and everywhere for a signal family.</summary>
    public float[] LogRatioSpread { get; }

    /// <summary>The anomaly score, ln p_data/p_background, by models that did not see the event. NaN outside.</summary>
    public float[] AnomalyLogRatio { get; }

    /// <summary>
    /// Weight with which an event of the sidebands stands for background in the signal region; 0 elsewhere, and everywhere where the
    /// background was generated.
    /// </summary>
    public double[] BackgroundWeight { get; }

    /// <summary>Enters the region of rows: 1, 0 or −1.</summary>
    internal void Mark(int[] rows, int region)
    {
        foreach (int row in rows)
        {
            Region[row] = region;
        }
    }

    /// <summary>Enters ln r and its spread of rows, from a place of the scores on.</summary>
    internal void Set(int[] rows, RatioScores scores, int first = 0)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            LogRatio[rows[i]] = scores.LogRatio[first + i];
            LogRatioSpread[rows[i]] = scores.Spread[first + i];
        }
    }

    /// <summary>Enters ln r of rows, without a spread.</summary>
    internal void Set(int[] rows, float[] logRatios)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            LogRatio[rows[i]] = logRatios[i];
            LogRatioSpread[rows[i]] = float.NaN;
        }
    }

    private static float[] Missing(int count)
    {
        float[] values = new float[count];
        Array.Fill(values, float.NaN);
        return values;
    }
}
