using Gbi.Events;
using Gbi.Ratios.Parametric;
using Gbi.Trees;
using Gbi.Trees.Binning;

namespace Gbi.Benchmarks.Ratios;

/// <summary>
/// One parameter ν that shifts x ~ N(ν a, I), a = (0.2, −0.1, 0.05), and scales the rate by 1 + 0.02 ν: samples at ν = −2 … 2, where
/// ln r(x|ν) = ν a·x − ν² |a|²/2 + ln(1 + 0.02 ν) exactly. The task "t6" (benchmarks/peers/t6).
/// </summary>
internal sealed class ParametricRatioTask
{
    private static readonly double[] Shift = [0.2, -0.1, 0.05];
    private static readonly string[] Features = ["x0", "x1", "x2"];
    private static readonly double[] Points = [-2, -1, 0, 1, 2];

    /// <summary>As many trees as the peer, whose depth is 4, with at least as many events of each sample in a leaf.</summary>
    private static readonly ParametricRatioOptions Options = new()
    {
        Trees = new TreeOptions { TreeCount = 50, LeafCount = 8, LearningRate = 0.1 },
        MinLeafEvents = 50,
    };

    private readonly int[] _basePointOf;
    private readonly double[] _weights;
    private readonly EventTable _training;

    private ParametricRatioTask(EventTable training, int[] basePointOf, double[] weights, EventTable test)
    {
        _training = training;
        _basePointOf = basePointOf;
        _weights = weights;
        Test = test;
    }

    public EventTable Test { get; }

    /// <summary>Events in the files that gen.py wrote: raw, little-endian, row-major.</summary>
    public static ParametricRatioTask Read(string folder) => new(
        RawFiles.Columns(folder, "x.f32", Features),
        Array.ConvertAll(File.ReadAllBytes(Path.Combine(folder, "basepoint.u8")), point => (int)point),
        Array.ConvertAll(RawFiles.Floats(folder, "w.f32"), weight => (double)weight),
        RawFiles.Columns(folder, "xtest.f32", Features));

    /// <summary>A part of the training events, of which each sample has its share.</summary>
    public ParametricRatioTask Thinned(int step)
    {
        int[] rows = [.. Enumerable.Range(0, _training.Count / step).Select(row => row * step)];
        return new(
            _training.Select(rows), [.. rows.Select(row => _basePointOf[row])], [.. rows.Select(row => _weights[row])], Test);
    }

    /// <summary>Bins the features and trains the trees.</summary>
    public ParametricRatio Fit()
    {
        BinnedEvents data = FeatureBins.Learn(_training, Features).Apply(_training);
        var basePoints = new BasePoints(["nu"], [.. Points.Select(point => new[] { point })]);
        return ParametricTrees.Train(data, new BasePointSample(basePoints, _basePointOf, _weights), Options);
    }

    /// <summary>Root mean squares over the test events of the found ln r(x|ν) less the true one, and of the true one.</summary>
    public (double Error, double Truth) RootMeanSquares(ParametricRatio ratio, double nu)
    {
        float[] found = ratio.LogRatios(Test, [nu]);
        double error = 0;
        double sum = 0;
        for (int row = 0; row < found.Length; row++)
        {
            double truth = Math.Log(1 + (0.02 * nu));
            for (int feature = 0; feature < Features.Length; feature++)
            {
                double a = Shift[feature];
                truth += (nu * a * Test[Features[feature]][row]) - (nu * nu * a * a / 2);
            }

            error += (found[row] - truth) * (found[row] - truth);
            sum += truth * truth;
        }

        return (Math.Sqrt(error / found.Length), Math.Sqrt(sum / found.Length));
    }
}
