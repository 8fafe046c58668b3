using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Onnx.Models;
using Gbi.Posteriors.Autoregressive;

namespace Gbi.Onnx.Export.Posteriors;

/// <summary>How far an exported posterior is from the model that it was made of, both run on the same numbers.</summary>
/// <param name="EventCount">Events that were run.</param>
/// <param name="MaxDifference">
/// Largest |Δ ln q|, of itself where ln q is beyond ±1; infinite where one of both gives no number and the other does.
/// </param>
/// <param name="MovedCount">Draws of which a parameter differs by more than 1e-5 of the width of its prior, or of all draws.</param>
internal sealed record PosteriorParity(int EventCount, double MaxDifference, int MovedCount)
{
    /// <summary>Largest difference of ln q with which an exported posterior is accepted.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Largest difference of a draw, in widths of the prior, that is none.</summary>
    public const double DrawTolerance = 1e-5;

    /// <summary>Largest share of draws that may differ: a number that differs in its last digit may fall into another leaf.</summary>
    public const double MostMoved = 1e-4;

    /// <summary>Whether the exported posterior may stand in for the model.</summary>
    public bool IsAccepted => MaxDifference <= Tolerance && MovedCount <= MostMoved * EventCount;

    /// <summary>Compares the draws of an exported posterior, and their densities, with those of its model.</summary>
    /// <param name="posterior">The model.</param>
    /// <param name="exported">Bytes that <see cref="OnnxExport.Write(TreePosterior, Stream)"/> wrote.</param>
    /// <param name="observations">Observations with the model's features, NaN for missing; one draw of each.</param>
    /// <param name="threads">Threads of the runtime. Range: 1 or more; 0 for its own choice.</param>
    /// <exception cref="DataException">ONNX Runtime's native library is not there, or it refuses the model.</exception>
    public static PosteriorParity OfDraws(TreePosterior posterior, byte[] exported, EventTable observations, int threads = 0)
    {
        float[] noise = Noise(observations.Count * posterior.NoiseCount);
        using ExportedGraph graph = ExportedGraph.Open(exported, threads);
        float[][] outputs = graph.Run(
            observations.Count,
            [
                (OnnxContract.NoiseInput, noise),
                (OnnxExport.FeaturesInput, ExportedGraph.Rows(observations, posterior.Features)),
            ],
            [OnnxContract.ThetaInput, OnnxContract.LogDensityOutput]);
        float[] drawn = outputs[0];
        int width = posterior.Parameters.Count;
        EventTable theta = EventTable.FromColumns([.. posterior.Parameters.Select((name, k) =>
            (name, Enumerable.Range(0, observations.Count).Select(row => drawn[(row * width) + k]).ToArray()))]);
        return new PosteriorParity(
            observations.Count, Largest(outputs[1], posterior.LogDensity(theta, observations)),
            Moved(posterior, theta, posterior.DrawFrom(observations, noise)));
    }

    /// <summary>Compares an exported density with that of its model, on draws of the model and in the second half on points of the
    /// prior.</summary>
    /// <param name="posterior">The model.</param>
    /// <param name="exported">Bytes that <see cref="OnnxExport.WriteDensity"/> wrote.</param>
    /// <param name="observations">Observations with the model's features, NaN for missing; one point of each.</param>
    /// <param name="threads">Threads of the runtime. Range: 1 or more; 0 for its own choice.</param>
    /// <exception cref="DataException">ONNX Runtime's native library is not there, or it refuses the model.</exception>
    public static PosteriorParity OfDensity(TreePosterior posterior, byte[] exported, EventTable observations, int threads = 0)
    {
        int half = observations.Count / 2;
        EventTable theta = posterior.DrawFrom(observations.Slice(0, half), Noise(half * posterior.NoiseCount))
            .Append(posterior.Prior.Draw(observations.Count - half, new Seed(1)));
        using ExportedGraph graph = ExportedGraph.Open(exported, threads);
        float[] found = graph.Run(
            observations.Count,
            [
                (OnnxContract.ThetaInput, ExportedGraph.Rows(theta, posterior.Parameters)),
                (OnnxExport.FeaturesInput, ExportedGraph.Rows(observations, posterior.Features)),
            ],
            OnnxContract.LogDensityOutput);
        return new PosteriorParity(observations.Count, Largest(found, posterior.LogDensity(theta, observations)), 0);
    }

    private static double Largest(float[] found, double[] expected) => found.Zip(expected)
        .Select(pair =>
        {
            double difference = OnnxParity.Difference(pair.First, (float)pair.Second);
            return double.IsFinite(difference) && double.IsFinite(pair.Second)
                ? difference / Math.Max(1, Math.Abs(pair.Second))
                : difference;
        })
        .DefaultIfEmpty(0)
        .Max();

    private static int Moved(TreePosterior posterior, EventTable found, EventTable expected)
    {
        double[] widths = [.. posterior.Parameters.Select((name, k) => WidthOf(posterior.Prior.Range(k), expected[name].ToArray()))];
        return Enumerable.Range(0, found.Count).Count(row => posterior.Parameters.Select((name, k) =>
            Math.Abs((double)found[name][row] - expected[name][row]) <= DrawTolerance * widths[k]).Contains(false));
    }

    private static double WidthOf((double Low, double High) range, float[] draws) =>
        double.IsFinite(range.High - range.Low) ? range.High - range.Low : (double)draws.Max() - draws.Min();

    private static float[] Noise(int count)
    {
        var seed = new Seed(1);
        return [.. Enumerable.Range(0, count).Select(k => (float)TailProbability.NormalQuantile(Math.Max(seed.Uniform(k), 1e-12)))];
    }
}
