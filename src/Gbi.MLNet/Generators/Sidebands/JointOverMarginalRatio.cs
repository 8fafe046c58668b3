using Gbi.Numerics;
using Gbi.Ratios.Parametric;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;

namespace Gbi.Generators.Sidebands;

/// <summary>Events of the sidebands in folds.</summary>
/// <param name="Data">Their features.</param>
/// <param name="Parameter">t, one per event.</param>
/// <param name="Weights">One per event.</param>
/// <param name="FoldOf">The fold whose models do not see the event.</param>
internal sealed record FoldedSideband(BinnedEvents Data, float[] Parameter, double[] Weights, int[] FoldOf);

/// <summary>
/// r(x,t), the mean over members of exp(Δ₀(x) + t Δ₁(x) + t² Δ₂(x)) / n(t), models for each fold of the sidebands; n(t) is the mean of the
/// exponential over the events that the fold's models did not see, so that the mean of r is 1 at every t.
/// </summary>
internal sealed class JointOverMarginalRatio
{
    /// <summary>Points of t at which ln n is kept: it is close to 0 and smooth, and straight lines miss it by less than 0.1 %.</summary>
    internal const int GridSize = 61;

    /// <summary>Coefficients Δ of one member.</summary>
    public const int CoefficientCount = 3;

    /// <summary>Events whose loss a member follows, if there are as many.</summary>
    private const int LeastHeldOut = 20_000;

    private const double GridLow = -StandardisedMass.Limit;
    private const double GridStep = 2 * StandardisedMass.Limit / (GridSize - 1);

    /// <summary>A ratio from its parts.</summary>
    public JointOverMarginalRatio(TreeEnsemble[][] folds, double[][][] logMeans)
    {
        Folds = folds;
        LogMeans = logMeans;
    }

    /// <summary>The models, [folds][members].</summary>
    public TreeEnsemble[][] Folds { get; }

    /// <summary>ln n on the grid of t, [folds][members][grid].</summary>
    public double[][][] LogMeans { get; }

    /// <summary>Trees in each model; 0 where the events held out show no dependence on the mass, so that r is 1.</summary>
    public int TreeCount => Folds[0][0].TreeCount;

    /// <summary>Models in each fold.</summary>
    public int MemberCount => Folds[0].Length;

    /// <summary>
    /// Trains the models. Members of a fold see bootstrap samples of its events, where there are several: the same number of times each
    /// event in every fold, so that member k of all folds is one alternative generator. The loss of the events held out decides how many
    /// trees of all models are kept (<see cref="TreeCountChoice"/>): none where features do not depend on the mass.
    /// </summary>
    /// <param name="events">Events of the sidebands.</param>
    /// <param name="options">How to train.</param>
    /// <param name="seed">For pairs and bootstrap samples.</param>
    /// <param name="nodes">Masses of the signal region.</param>
    /// <param name="outOfFold">Mean of r over these masses of each event, by each member that did not see it: [members][events].</param>
    /// <param name="progress">Told the finished fraction.</param>
    /// <param name="cancellation">Stops between trees.</param>
    public static JointOverMarginalRatio Train(
        FoldedSideband events,
        SidebandGeneratorOptions options,
        Seed seed,
        MassNodes nodes,
        out float[][] outOfFold,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        int members = options.MemberCount;
        var grown = new (TreeEnsemble Trees, IReadOnlyList<double> HeldOutLosses)[options.FoldCount * members];
        int finished = 0;
        EventBlocks.ForEachIndex(grown.Length, task =>
        {
            (int fold, int member) = Math.DivRem(task, members);
            double[] training = TrainingWeights(events, fold, members > 1, seed.Child("bootstrap").Child(member));
            HeldOutEvents? heldOut = options.ChoosesTreeCount
                ? new(HeldOutWeights(events, fold, member, (options.FoldCount, members)), TreeCountChoice.TimesForDrift)
                : null;
            grown[task] = ParametricTrees.TrainJointOverMarginal(
                events.Data, events.Parameter, training, options.Trees, seed.Child(fold).Child(member), heldOut, cancellation);
            progress?.Report((double)Interlocked.Increment(ref finished) / grown.Length);
        }, cancellation);
        int trees = options.ChoosesTreeCount
            ? TreeCountChoice.Of([.. grown.Select(model => model.HeldOutLosses)], TreeCountChoice.TimesForDrift)
            : options.Trees.TreeCount;
        TreeEnsemble[][] folds = [.. grown.Select(model => model.Trees.Take(trees)).Chunk(members)];
        return Normalise(events, folds, nodes, out outOfFold);
    }

    private static JointOverMarginalRatio Normalise(
        FoldedSideband events, TreeEnsemble[][] folds, MassNodes nodes, out float[][] outOfFold)
    {
        (BinnedEvents data, _, double[] weights, int[] foldOf) = events;
        int members = folds[0].Length;
        var ratio = new JointOverMarginalRatio(folds, [.. folds.Select(_ => new double[members][])]);
        int[][] heldOut = [.. folds.Select((_, fold) => Enumerable.Range(0, data.Count).Where(row => foldOf[row] == fold).ToArray())];
        float[][] ratios = [.. Enumerable.Range(0, members).Select(_ => new float[data.Count])];
        EventBlocks.ForEachIndex(folds.Length * members, task =>
        {
            (int fold, int member) = Math.DivRem(task, members);
            int[] held = heldOut[fold];
            float[] ofHeld = folds[fold][member].Predict(data, held);
            ratio.LogMeans[fold][member] = LogMeansOf(ofHeld, [.. held.Select(row => weights[row])]);
            for (int i = 0; i < held.Length; i++)
            {
                ratios[member][held[i]] = (float)ratio.MeanRatio(
                    fold, member, ofHeld.AsSpan(CoefficientCount * i, CoefficientCount), nodes);
            }
        });
        outOfFold = ratios;
        return ratio;
    }

    /// <summary>r of an event with the coefficients that a fold's models gave it, [members × 3].</summary>
    public double Ratio(int fold, ReadOnlySpan<float> coefficients, float t)
    {
        double sum = 0;
        for (int member = 0; member < MemberCount; member++)
        {
            sum += Ratio(fold, member, coefficients.Slice(CoefficientCount * member, CoefficientCount), t);
        }

        return sum / MemberCount;
    }

    /// <summary>r of an event by one member alone, with the coefficients that it gave the event.</summary>
    public double Ratio(int fold, int member, ReadOnlySpan<float> delta, float t) =>
        Math.Exp(delta[0] + (t * (delta[1] + (t * delta[2]))) - LogMean(LogMeans[fold][member], t));

    /// <summary>The mean of the same over masses.</summary>
    public double MeanRatio(int fold, int member, ReadOnlySpan<float> delta, MassNodes nodes)
    {
        double sum = 0;
        for (int node = 0; node < nodes.Weights.Length; node++)
        {
            sum += nodes.Weights[node] * Ratio(fold, member, delta, nodes.Parameters[node]);
        }

        return sum;
    }

    /// <summary>ln n at a t, the mean over all models.</summary>
    public double MeanLogNormalisation(float t) => LogMeans.Average(members => members.Average(logMeans => LogMean(logMeans, t)));

    private static double[] TrainingWeights(FoldedSideband events, int fold, bool bootstrap, Seed seed) =>
        [.. events.Weights.Select((weight, row) => events.FoldOf[row] == fold ? 0 : weight * (bootstrap ? seed.PoissonOne(row) : 1))];

    /// <summary>
    /// Weights of the events whose loss is followed: of a large fold a part of its own for each member, so that the members together
    /// follow all events at the cost of one.
    /// </summary>
    private static double[] HeldOutWeights(FoldedSideband events, int fold, int member, (int Folds, int Members) count)
    {
        (int folds, int members) = count;
        double share = Math.Max(1.0 / members, (double)LeastHeldOut * folds / events.FoldOf.Length);
        int parts = Math.Max(1, (int)(1 / share));
        return [.. events.Weights.Select((weight, row) => events.FoldOf[row] == fold && (row + member) % parts == 0 ? weight : 0)];
    }

    private static double LogMean(double[] logMeans, float t)
    {
        double position = Math.Clamp((t - GridLow) / GridStep, 0, GridSize - 1);
        int cell = Math.Min((int)position, GridSize - 2);
        double fraction = position - cell;
        return ((1 - fraction) * logMeans[cell]) + (fraction * logMeans[cell + 1]);
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
                ReadOnlySpan<float> delta = coefficients.AsSpan(CoefficientCount * i, CoefficientCount);
                sum += weights[i] * MathF.Exp(delta[0] + (t * (delta[1] + (t * delta[2]))));
            }

            // A fold whose weights do not sum to more than 0 cannot be normalised; its model is left as it is.
            logMeans[point] = sum > 0 && sumOfWeights > 0 ? Math.Log(sum / sumOfWeights) : 0;
        });
        return logMeans;
    }
}
