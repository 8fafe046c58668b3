using Gbi.Events;
using Gbi.Posteriors.Autoregressive.Cells;
using Gbi.Trees;
using Gbi.Trees.Binning;

namespace Gbi.Posteriors.Autoregressive.Means;

/// <summary>
/// The middle of a parameter's conditional density: E[θ|f], or what the mean would be without the parameter's bounds; the direction of the
/// mean sine and cosine for an angle, and 0 for a parameter of a few values.
/// </summary>
internal sealed class Location(ParameterScale scale, ConditionalMean[] means)
{
    // A location without bounds corrects the mean near them. One that is further off than this stands for a slope or for two peaks, about
    // which no shape is the same for all events.
    private const double MostWidening = 1.3;

    /// <summary>Means of the coordinates.</summary>
    public ConditionalMean[] Means => means;

    /// <summary>Fits the location.</summary>
    /// <returns>The fit, and the location of each event by what was fitted without it.</returns>
    public static (Location Location, float[] OutOfFold) Fit(
        ParameterScale scale, ParameterValues values, EventTable features, BinnedEvents binned, TrainingSet set, TreeOptions options)
    {
        if (!scale.IsContinuous)
        {
            return (new Location(scale, []), new float[set.Count]);
        }

        float[][] coordinates = scale.Coordinates(values.Values);
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

    /// <summary>The location as it would be without the bounds; null where they do not matter, or where it is no such location.</summary>
    /// <param name="values">Values of the parameter, and their bounds.</param>
    /// <param name="locations">This location at each event, by what was fitted without it.</param>
    /// <param name="features">The features f.</param>
    /// <param name="set">Weights and folds.</param>
    public (Location Location, float[] OutOfFold)? WithoutBounds(
        ParameterValues values, float[] locations, EventTable features, TrainingSet set)
    {
        if (!scale.IsContinuous || scale.IsPeriodic || !Residuals.About(scale, locations, values).AreBounded()
            || TruncatedPolynomial.Fit(means[0].Polynomial, features, values, set) is not { } polynomial)
        {
            return null;
        }

        (ConditionalMean straight, float[] ofStraight) = ConditionalMean.Of(polynomial, features, set);
        return SquareAbout(ofStraight) < MostWidening * MostWidening * SquareAbout(locations)
            ? (new Location(scale, [straight]), ofStraight)
            : null;

        double SquareAbout(float[] middles) => set.Mean(row => Math.Pow((double)values.Values[row] - middles[row], 2));
    }
}
