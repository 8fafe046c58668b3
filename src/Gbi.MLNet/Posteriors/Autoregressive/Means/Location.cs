using Gbi.Events;
using Gbi.Trees;
using Gbi.Trees.Binning;

namespace Gbi.Posteriors.Autoregressive.Means;

/// <summary>
/// The middle of a parameter's conditional density: E[θ|f], the direction of the mean sine and cosine for an angle, and 0 for a parameter
/// of a few values.
/// </summary>
internal sealed class Location(ParameterScale scale, ConditionalMean[] means)
{
    /// <summary>Means of the coordinates.</summary>
    public ConditionalMean[] Means => means;

    /// <summary>Fits the location.</summary>
    /// <returns>The fit, and the location of each event by what was fitted without it.</returns>
    public static (Location Location, float[] OutOfFold) Fit(
        ParameterScale scale, float[] values, EventTable features, BinnedEvents binned, TrainingSet set, TreeOptions options)
    {
        if (!scale.IsContinuous)
        {
            return (new Location(scale, []), new float[values.Length]);
        }

        float[][] coordinates = scale.Coordinates(values);
        var means = new ConditionalMean[coordinates.Length];
        float[][] outOfFold = new float[coordinates.Length][];
        for (int k = 0; k < means.Length; k++)
        {
            (means[k], outOfFold[k]) = ConditionalMean.FitLocation(features, binned, coordinates[k], set, options);
        }

        return (new Location(scale, means), scale.FromCoordinates(outOfFold));
    }

    /// <summary>The location at each event.</summary>
    public float[] Predict(EventTable features) =>
        means.Length == 0 ? new float[features.Count] : scale.FromCoordinates([.. means.Select(mean => mean.Predict(features))]);
}
