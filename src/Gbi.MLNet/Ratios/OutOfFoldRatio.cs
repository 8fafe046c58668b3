using Gbi.Calibration;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Trees;

namespace Gbi.Ratios;

/// <summary>
/// From trained folds to a ratio: the training events are scored by the models that did not see them, and these scores
/// calibrate and normalise the model.
/// </summary>
internal static class OutOfFoldRatio
{
    /// <summary>Calibrates and normalises.</summary>
    /// <param name="data">The training events.</param>
    /// <param name="isNumerator">True for events of p₁.</param>
    /// <param name="weights">Each sample's sum to 1.</param>
    /// <param name="foldOf">The fold whose models did not see the event.</param>
    /// <param name="folds">The models, [folds][members].</param>
    /// <param name="options">Calibration, clipping and confidence shift.</param>
    /// <exception cref="DataException">The events do not determine the calibration, or its mean ratio is not above 0.</exception>
    public static CrossFittedRatio Finish(
        BinnedEvents data, bool[] isNumerator, double[] weights, int[] foldOf, TreeEnsemble[][] folds, RatioOptions options)
    {
        int[][] rowsOf = RowsByFold(foldOf, folds.Length);
        float[] raw = RawLogRatios(data, rowsOf, folds);
        IRatioCalibration? calibration = options.Calibration is { } how ? Calibrate(raw, isNumerator, weights, how) : null;
        var unnormalised = new RatioModel("numerator", "denominator", folds, calibration, options.MaxAbsLogRatio);
        (double mean, double error) = MeanOverDenominator(unnormalised, raw, isNumerator, weights);
        if (!(mean > 0 && double.IsFinite(mean)))
        {
            throw new DataException(
                $"The mean ratio over the denominator is {mean:G4}, expected a number above 0 to divide by; the denominator's weights are too often negative.");
        }

        var model = new RatioModel("numerator", "denominator", folds, calibration, options.MaxAbsLogRatio)
        {
            LogNormalisation = -Math.Log(mean),
            ConfidenceShift = options.ConfidenceShift,
        };
        return new CrossFittedRatio(model, Score(model, data, rowsOf, raw), mean, error);
    }

    private static IRatioCalibration Calibrate(float[] raw, bool[] isNumerator, double[] weights, CalibrationOptions how) =>
        RatioCalibration.Fit(raw, isNumerator, weights, how) ?? throw new DataException(
            $"The {isNumerator.Count(first => first):N0} events of the numerator and {isNumerator.Count(first => !first):N0} of the denominator "
            + $"do not determine a {how.Method} calibration: it needs {RatioCalibration.Requirement(how)}; give more events, a lower "
            + "MinEventsInCell, or no Calibration.");

    private static int[][] RowsByFold(int[] foldOf, int folds)
    {
        var rows = new List<int>[folds];
        for (int fold = 0; fold < folds; fold++)
        {
            rows[fold] = [];
        }

        for (int row = 0; row < foldOf.Length; row++)
        {
            rows[foldOf[row]].Add(row);
        }

        return [.. rows.Select(ofFold => ofFold.ToArray())];
    }

    /// <summary>ln of the members' mean ratio, each event by the fold that did not see it.</summary>
    private static float[] RawLogRatios(BinnedEvents data, int[][] rowsOf, TreeEnsemble[][] folds)
    {
        float[] raw = new float[data.Count];
        double[] sum = new double[data.Count];
        for (int fold = 0; fold < folds.Length; fold++)
        {
            int[] rows = rowsOf[fold];
            foreach (TreeEnsemble member in folds[fold])
            {
                float[] logRatios = member.Predict(data, rows);
                for (int i = 0; i < rows.Length; i++)
                {
                    sum[rows[i]] += Math.Exp(logRatios[i]);
                }
            }

            foreach (int row in rows)
            {
                raw[row] = (float)Math.Log(sum[row] / folds[fold].Length);
            }
        }

        return raw;
    }

    /// <summary>
    /// The training events' final scores. Members are asked a second time rather than remembered until the calibration is
    /// known: remembering would take members × events numbers.
    /// </summary>
    private static RatioScores Score(RatioModel model, BinnedEvents data, int[][] rowsOf, float[] raw)
    {
        var scores = new RatioScores(data.Count);
        for (int fold = 0; fold < rowsOf.Length; fold++)
        {
            int[] rows = rowsOf[fold];
            IReadOnlyList<TreeEnsemble> members = model.Folds[fold];
            EnsembleScoring.Average(
                model,
                rows.Length,
                (start, length) => Predict(rows[start..(start + length)]),
                (i, ratio) => scores.Set(rows[i], ratio, model.MaxAbsLogRatio));

            float[][] Predict(int[] block) => members.Count == 1
                ? [[.. block.Select(row => raw[row])]]
                : [.. members.Select(member => member.Predict(data, block))];
        }

        return scores;
    }

    private static (double Mean, double Error) MeanOverDenominator(
        RatioModel model, float[] raw, bool[] isNumerator, double[] weights)
    {
        double[] ratios = new double[raw.Length];
        EventBlocks.ForEach(raw.Length, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                ratios[row] = isNumerator[row] ? 0 : Math.Exp(model.CalibratedLogRatio(raw[row]));
            }
        });
        double mean = 0;
        for (int row = 0; row < raw.Length; row++)
        {
            mean += isNumerator[row] ? 0 : weights[row] * ratios[row];
        }

        double variance = 0;
        for (int row = 0; row < raw.Length; row++)
        {
            double pull = isNumerator[row] ? 0 : weights[row] * (ratios[row] - mean);
            variance += pull * pull;
        }

        return (mean, Math.Sqrt(variance));
    }
}
