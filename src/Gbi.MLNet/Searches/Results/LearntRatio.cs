using Gbi.Ratios;

namespace Gbi.Searches.Results;

/// <summary>What a search's summary and its tests of itself need of the ratio behind its score, whatever made it.</summary>
/// <param name="Numerator">ln r of the numerator's events, out of fold.</param>
/// <param name="Denominator">ln r of the template's events, out of fold.</param>
/// <param name="Mean">Mean of r over the template before normalisation.</param>
/// <param name="MeanError">Its statistical error.</param>
/// <param name="ClippedCount">Events whose log ratio was clipped.</param>
internal sealed record LearntRatio(float[] Numerator, float[] Denominator, double Mean, double MeanError, int ClippedCount)
{
    /// <summary>That of two tables.</summary>
    public static LearntRatio Of(CrossFittedRatio ratio, int denominatorCount)
    {
        int first = ratio.OutOfFold.LogRatio.Length - denominatorCount;
        return new LearntRatio(
            ratio.OutOfFold.LogRatio[..first].ToArray(), ratio.OutOfFold.LogRatio[first..].ToArray(),
            ratio.MeanRatio, ratio.MeanRatioError, ratio.OutOfFold.ClippedCount);
    }
}
