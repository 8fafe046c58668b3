using Gbi.Numerics;
using Gbi.Trees;

namespace Gbi.Generators;

/// <summary>
/// r(x,t) = exp(Δ₀(x) + t Δ₁(x) + t² Δ₂(x)) / n(t), one model a fold of the sidebands; n(t) is the mean of the exponential over the
/// events that the fold's model did not see, so that the mean of r is 1 at every t.
/// </summary>
internal sealed class JointOverMarginalRatio
{
    // ln n is close to 0 and smooth; on this grid straight lines between its points miss it by less than 0.1 %.
    private const int GridSize = 61;
    private const double GridLow = -StandardisedMass.Limit;
    private const double GridStep = 2 * StandardisedMass.Limit / (GridSize - 1);

    /// <summary>A ratio from its parts.</summary>
    public JointOverMarginalRatio(TreeEnsemble[] folds, double[][] logMeans)
    {
        Folds = folds;
        LogMeans = logMeans;
    }

    /// <summary>The models, one a fold.</summary>
    public TreeEnsemble[] Folds { get; }

    /// <summary>ln n on the grid of t, for each fold.</summary>
    public double[][] LogMeans { get; }

    /// <summary>Trains one model a fold; <paramref name="outOfFold"/> receives each event's coefficients [events × 3].</summary>
    public static JointOverMarginalRatio Train(
        BinnedEvents data,
        float[] parameter,
        double[] weights,
        int[] foldOf,
        SidebandGeneratorOptions options,
        Seed seed,
        out float[] outOfFold,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        var folds = new TreeEnsemble[options.FoldCount];
        double[][] logMeans = new double[options.FoldCount][];
        float[] coefficients = new float[data.Count * 3];
        int finished = 0;
        EventBlocks.ForEachIndex(folds.Length, fold =>
        {
            double[] training = [.. weights.Select((weight, row) => foldOf[row] == fold ? 0 : weight)];
            folds[fold] = ParametricTrees.TrainJointOverMarginal(
                data, parameter, training, options.Trees, seed.Child(fold), cancellation);
            int[] held = [.. Enumerable.Range(0, data.Count).Where(row => foldOf[row] == fold)];
            float[] ofHeld = folds[fold].Predict(data, held);
            for (int i = 0; i < held.Length; i++)
            {
                ofHeld.AsSpan(3 * i, 3).CopyTo(coefficients.AsSpan(3 * held[i]));
            }

            logMeans[fold] = LogMeansOf(ofHeld, [.. held.Select(row => weights[row])]);
            progress?.Report((double)Interlocked.Increment(ref finished) / folds.Length);
        }, cancellation);
        outOfFold = coefficients;
        return new JointOverMarginalRatio(folds, logMeans);
    }

    /// <summary>r of an event with the coefficients that a fold's model gave it.</summary>
    public double Ratio(int fold, ReadOnlySpan<float> coefficients, float t) =>
        Math.Exp(coefficients[0] + (t * (coefficients[1] + (t * coefficients[2]))) - LogMean(fold, t));

    private double LogMean(int fold, float t)
    {
        double place = Math.Clamp((t - GridLow) / GridStep, 0, GridSize - 1);
        int cell = Math.Min((int)place, GridSize - 2);
        double fraction = place - cell;
        return ((1 - fraction) * LogMeans[fold][cell]) + (fraction * LogMeans[fold][cell + 1]);
    }

    private static double[] LogMeansOf(float[] coefficients, double[] weights)
    {
        double[] logMeans = new double[GridSize];
        double sumOfWeights = weights.Sum();
        EventBlocks.ForEachIndex(GridSize, point =>
        {
            float t = (float)(GridLow + (point * GridStep));
            double sum = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                ReadOnlySpan<float> delta = coefficients.AsSpan(3 * i, 3);
                sum += weights[i] * MathF.Exp(delta[0] + (t * (delta[1] + (t * delta[2]))));
            }

            // A fold whose weights do not sum to more than 0 cannot be normalised; its model is left as it is.
            logMeans[point] = sum > 0 && sumOfWeights > 0 ? Math.Log(sum / sumOfWeights) : 0;
        });
        return logMeans;
    }
}
