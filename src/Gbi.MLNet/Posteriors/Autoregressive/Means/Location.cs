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
    /// <returns>
    /// The fit, the location of each event by what was fitted without it, and whether the shape about it is one that bounds cut off.
    /// </returns>
    public static (Location Location, float[] OutOfFold, bool IsCut) Fit(
        ParameterScale scale, ParameterValues values, EventTable features, BinnedEvents binned, TrainingSet set, TreeOptions options)
    {
        if (!scale.IsContinuous)
        {
            return (new Location(scale, []), new float[set.Count], false);
        }

        float[][] coordinates = scale.Coordinates(values.Values);
        var means = new ConditionalMean[coordinates.Length];
        float[][] outOfFold = new float[coordinates.Length][];
        for (int k = 0; k < means.Length; k++)
        {
            (means[k], outOfFold[k]) = ConditionalMean.FitLocation(features, binned, coordinates[k], set, options);
        }

        var location = new Location(scale, means);
        float[] locations = scale.FromCoordinates(outOfFold);
        return scale.IsPeriodic || location.WithoutBounds(values, locations, features, set) is not { } better
            ? (location, locations, false)
            : better;
    }

    /// <summary>The location at each event.</summary>
    public float[] Predict(EventTable features) =>
        means.Length == 0 ? new float[features.Count] : scale.FromCoordinates([.. means.Select(mean => mean.Predict(features))]);

    /// <summary>The location without the bounds, where they matter and one shape cut off at them fits better about it.</summary>
    private (Location Location, float[] OutOfFold, bool IsCut)? WithoutBounds(
        ParameterValues values, float[] locations, EventTable features, TrainingSet set)
    {
        Residuals residuals = About(locations);
        if (!residuals.AreBounded() || TruncatedPolynomial.Fit(means[0].Polynomial, features, values, set) is not { } polynomial)
        {
            return null;
        }

        (ConditionalMean straight, float[] ofStraight) = ConditionalMean.Of(polynomial, features, set);
        Residuals further = About(ofStraight);
        bool isNear = SquareOf(further) < MostWidening * MostWidening * SquareOf(residuals);
        return isNear && ShapeEntropy.Of(further, set) < ShapeEntropy.Of(residuals, set)
            ? (new Location(scale, [straight]), ofStraight, true)
            : null;

        double SquareOf(Residuals about) => set.Mean(row => about.Values[row] * (double)about.Values[row]);

        Residuals About(float[] middles)
        {
            float[] ones = new float[middles.Length];
            Array.Fill(ones, 1);
            return Residuals.Of(scale, [.. values.Values.Zip(middles, scale.Difference)], middles, ones, values) with { AreCut = true };
        }
    }
}
