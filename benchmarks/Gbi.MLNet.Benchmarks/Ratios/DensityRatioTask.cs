using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;

namespace Gbi.Benchmarks.Ratios;

/// <summary>
/// The density ratio of N(0.3, I) over N(0, I) in ten features with event weights, where ln p₁/p₀ = 0.3 Σx − 0.45 exactly: the
/// task "t1" that peers solve too (benchmarks/peers/t1).
/// </summary>
internal sealed class DensityRatioTask
{
    private const int Width = 10;
    private const double Shift = 0.3;

    public static readonly string[] Features = [.. Enumerable.Range(0, Width).Select(feature => $"x{feature}")];

    /// <summary>
    /// The task's settings: 100 trees, 31 leaves, learning rate 0.1, 255 bins, λ = 1. The least leaf Hessian, for which the task has no
    /// value, is 0.03 % of the events.
    /// </summary>
    public static readonly TreeOptions Options = new()
    {
        TreeCount = 100,
        LeafCount = 31,
        LearningRate = 0.1,
        L2 = 1,
        MinLeafHessian = 300
    };


    private DensityRatioTask(EventTable training, bool[] isNumerator, double[] weights, EventTable test)
    {
        Training = training;
        Test = test;
        IsNumerator = isNumerator;
        Weights = weights;
    }

    public EventTable Training { get; }

    public bool[] IsNumerator { get; }

    public double[] Weights { get; }

    public EventTable Test { get; }

    /// <summary>Events drawn here.</summary>
    public static DensityRatioTask Generate(int count, int testCount)
    {
        var seed = new Seed(20260101);
        Seed ofWeights = seed.Child("weights");
        return new DensityRatioTask(
            Draw(count, seed.Child("training")),
            [.. Enumerable.Range(0, count).Select(row => row % 2 == 1)],
            [.. Enumerable.Range(0, count).Select(row => 0.5 + ofWeights.Uniform(row))],
            Draw(testCount, seed.Child("test")));
    }

    /// <summary>Events in the files that gen.py wrote: raw, little-endian, row-major.</summary>
    public static DensityRatioTask Read(string folder)
    {
        byte[] labels = File.ReadAllBytes(Path.Combine(folder, "y.u8"));
        return new DensityRatioTask(
            RawFiles.Columns(folder, "x.f32", Features),
            Array.ConvertAll(labels, label => label == 1),
            Array.ConvertAll(RawFiles.Floats(folder, "w.f32"), weight => (double)weight),
            RawFiles.Columns(folder, "xtest.f32", Features));
    }

    /// <summary>Bins the features and trains the trees.</summary>
    public TreeEnsemble Fit() => LogisticTrees.Train(FeatureBins.Learn(Training, Features).Apply(Training), IsNumerator, Weights, Options);

    /// <summary>The same task with other training events.</summary>
    public DensityRatioTask With(EventTable training, bool[] isNumerator, double[] weights) => new(training, isNumerator, weights, Test);

    /// <summary>Root mean square of the trees' log ratio less the true one over the test events.</summary>
    public double RootMeanSquareError(TreeEnsemble trees)
    {
        float[] found = trees.Predict(Test);
        double sum = 0;
        for (int row = 0; row < found.Length; row++)
        {
            double truth = -Width * Shift * Shift / 2;
            foreach (string feature in Features)
            {
                truth += Shift * Test[feature][row];
            }

            sum += (found[row] - truth) * (found[row] - truth);
        }

        return Math.Sqrt(sum / found.Length);
    }

    private static EventTable Draw(int count, Seed seed)
    {
        Random random = seed.CreateRandom();
        float[] rows = new float[count * Width];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = (float)random.NextNormal(i / Width % 2 == 1 ? Shift : 0, 1);
        }

        return RawFiles.Columns(rows, Features);
    }
}
