using Gbi.Numerics;

namespace Gbi.Ratios;

/// <summary>
/// Passes over events that ask every model of an ensemble about one block before the next, so that memory does not grow with members
/// times events.
/// </summary>
internal static class EnsembleScoring
{
    /// <summary>Events in a block: the trees' own, so that a block is scored without splitting it again.</summary>
    public const int BlockSize = 1024;

    /// <summary>Averages the models' answers of every event.</summary>
    /// <param name="model">Calibration, normalisation, confidence shift and clipping.</param>
    /// <param name="count">Number of events.</param>
    /// <param name="predict">Log ratios of the events (start, length), one array a model, fold by fold.</param>
    /// <param name="set">Takes the average of one event; called from several threads.</param>
    public static void Average(
        RatioModel model, int count, Func<int, int, float[][]> predict, Action<int, EventRatio> set) =>
        EventBlocks.ForEach(count, (start, length) =>
        {
            float[][] logRatios = predict(start, length);
            float[] ofEvent = new float[logRatios.Length];
            var average = model.Average(new double[EnsembleAverage.ScratchOf(model.MemberCount)]);
            for (int i = 0; i < length; i++)
            {
                for (int k = 0; k < ofEvent.Length; k++)
                {
                    ofEvent[k] = logRatios[k][i];
                }

                set(start + i, average.Of(ofEvent));
            }
        }, BlockSize);
}
