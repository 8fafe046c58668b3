using Gbi.Calibration;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Trees;

namespace Gbi.Ratios;

/// <summary>
/// A learnt density ratio r(x) = p₁(x)/p₀(x) of a named numerator and denominator:
/// r(x) = κ · mean over folds of c( mean over members of exp F(x) ), with the trees' log ratio F, the calibration c and the
/// normalisation κ that makes the mean of r over the denominator 1.
/// </summary>
public sealed partial class RatioModel
{
    private readonly TreeEnsemble[][] _folds;

    internal RatioModel(
        string numerator, string denominator, TreeEnsemble[][] folds, IsotonicCalibration? calibration, double maxAbsLogRatio)
    {
        Numerator = numerator;
        Denominator = denominator;
        _folds = folds;
        Calibration = calibration;
        MaxAbsLogRatio = maxAbsLogRatio;
    }

    /// <summary>Name of p₁.</summary>
    public string Numerator { get; }

    /// <summary>Name of p₀.</summary>
    public string Denominator { get; }

    /// <summary>Names of the features, in the order in which an event's values are given.</summary>
    public IReadOnlyList<string> Features => _folds[0][0].Features;

    /// <summary>Folds K of the cross-fit.</summary>
    public int FoldCount => _folds.Length;

    /// <summary>Members of each fold's ensemble.</summary>
    public int MemberCount => _folds[0].Length;

    /// <summary>The calibration, or null.</summary>
    public IsotonicCalibration? Calibration { get; }

    /// <summary>ln κ.</summary>
    public double LogNormalisation { get; internal init; }

    /// <summary>Largest |log r| that the model gives.</summary>
    public double MaxAbsLogRatio { get; }

    /// <summary>The trees, [folds][members].</summary>
    internal IReadOnlyList<IReadOnlyList<TreeEnsemble>> Folds => _folds;

    /// <summary>ln r of one event that took no part in the training.</summary>
    /// <param name="values">One value a feature, NaN for missing.</param>
    public float LogRatio(ReadOnlySpan<float> values)
    {
        Span<float> output = stackalloc float[1];
        double sum = 0;
        foreach (TreeEnsemble[] members in _folds)
        {
            double ratio = 0;
            foreach (TreeEnsemble member in members)
            {
                member.Predict(values, output);
                ratio += Math.Exp(output[0]);
            }

            sum += Math.Exp(CalibratedLogRatio((float)Math.Log(ratio / members.Length)));
        }

        return LikelihoodRatio.Clip(Math.Log(sum / _folds.Length), MaxAbsLogRatio);
    }

    /// <summary>ln r of events that took no part in the training, and the spread of the members.</summary>
    /// <exception cref="DataException">A feature is not a column of the table.</exception>
    public RatioScores Score(EventTable events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var scores = new RatioScores(events.Count);
        double[] sum = new double[events.Count];
        double[] squares = new double[events.Count];
        double[] calibrated = new double[events.Count];
        foreach (TreeEnsemble[] members in _folds)
        {
            double[] ofFold = new double[events.Count];
            foreach (TreeEnsemble member in members)
            {
                AddRatios(member.Predict(events), ofFold, sum, squares);
            }

            EventBlocks.ForEach(events.Count, (start, length) =>
            {
                for (int row = start; row < start + length; row++)
                {
                    calibrated[row] += Math.Exp(CalibratedLogRatio((float)Math.Log(ofFold[row] / members.Length)));
                }
            });
        }

        for (int row = 0; row < events.Count; row++)
        {
            scores.Set(row, Math.Log(calibrated[row] / FoldCount), MaxAbsLogRatio, sum[row], squares[row], FoldCount * MemberCount);
        }

        return scores;
    }

    /// <summary>
    /// ln r of events that took no part in the training, each by the models of one fold alone. Scores then have the very
    /// distribution of out-of-fold scores of training events, which the mean over all folds, being smoother, has not: use this
    /// where both are compared, as in a template fit.
    /// </summary>
    /// <param name="events">Events that took no part in the training.</param>
    /// <param name="foldOf">The fold that scores each event, in [0, <see cref="FoldCount"/>).</param>
    /// <exception cref="DataException">A feature is not a column of the table.</exception>
    public RatioScores ScoreByFold(EventTable events, IReadOnlyList<int> foldOf)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(foldOf);
        var scores = new RatioScores(events.Count);
        for (int fold = 0; fold < FoldCount; fold++)
        {
            int[] rows = [.. Enumerable.Range(0, events.Count).Where(row => foldOf[row] == fold)];
            EventTable ofFold = events.Select(rows);
            double[] ratios = new double[rows.Length];
            double[] sum = new double[rows.Length];
            double[] squares = new double[rows.Length];
            foreach (TreeEnsemble member in _folds[fold])
            {
                AddRatios(member.Predict(ofFold), ratios, sum, squares);
            }

            for (int i = 0; i < rows.Length; i++)
            {
                double logRatio = CalibratedLogRatio((float)Math.Log(ratios[i] / MemberCount));
                scores.Set(rows[i], logRatio, MaxAbsLogRatio, sum[i], squares[i], MemberCount);
            }
        }

        return scores;
    }

    /// <summary>ln κ c(s) of a fold's log ratio s.</summary>
    internal double CalibratedLogRatio(float score) => LogNormalisation + (Calibration?.LogRatio(score) ?? score);

    internal static void AddRatios(float[] logRatios, double[] ratios, double[] sum, double[] squares) =>
        EventBlocks.ForEach(logRatios.Length, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                double ratio = Math.Exp(logRatios[row]);
                ratios[row] += ratio;
                sum[row] += ratio;
                squares[row] += ratio * ratio;
            }
        });
}
