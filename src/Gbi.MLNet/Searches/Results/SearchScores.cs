using Gbi.Searches.Background;

namespace Gbi.Searches.Results;

/// <summary>Columns of a search, one value for each event that it was given, in their order.</summary>
public sealed class SearchScores
{
    /// <param name="count">Events of the search.</param>
    /// <param name="samples">The samples with their scores.</param>
    /// <param name="rows">Rows of their events in the signal region and in the sidebands.</param>
    internal SearchScores(int count, SearchSamples samples, (int[] Region, int[] Sideband) rows)
    {
        Region = new int[count];
        Array.Fill(Region, -1);
        BackgroundWeight = new double[count];
        Array.ForEach(rows.Region, row => Region[row] = 1);
        Array.ForEach(rows.Sideband, row => Region[row] = 0);
        LogRatio = Column(score => score.LogRatio, samples.Score);
        LogRatioSpread = Column(score => score.Spread, samples.Score);
        AnomalyLogRatio = Column(score => score.LogRatio, samples.Anomaly);
        for (int i = 0; samples.Template.IsSideband && i < rows.Sideband.Length; i++)
        {
            BackgroundWeight[rows.Sideband[i]] = samples.Template.Events.Weight(i);
        }

        float[] Column(Func<EventScores, float[]> of, LearntScore? score)
        {
            float[] column = new float[count];
            Array.Fill(column, float.NaN);
            if (score is not null)
            {
                Scatter(of(score.Region), rows.Region, column);
                Scatter(of(score.Sideband), rows.Sideband, column);
            }

            return column;
        }
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

    private static void Scatter(float[] values, int[] rows, float[] column)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            column[rows[i]] = values[i];
        }
    }
}
