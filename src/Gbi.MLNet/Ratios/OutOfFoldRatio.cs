using Gbi.Calibration;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Trees.Binning;
using Gbi.Trees.Model;

namespace Gbi.Ratios;

/// <summary>
/// From trained folds to a ratio: the training events are scored by the models that did not see them, and these scores
/// calibrate and normalise the model.
/// </summary>
internal static class OutOfFoldRatio
{
    /// <summary>
    /// Most log ratios of members that are remembered until the calibration is known, 64 MiB of them; beyond, members are asked a
    /// second time, so that memory does not grow with members × events.
    /// </summary>
    private const long MostRemembered = 1L << 24;

    /// <summary>Calibrates and normalises.</summary>
    /// <param name="sample">The training events, their weights and the fold whose models did not see each.</param>
    /// <param name="folds">The models, [folds][members].</param>
    /// <param name="leftOut">Events of other folds that a member saw in no fold's training, one array a member; empty for none.</param>
    /// <param name="options">Calibration, clipping and confidence shift.</param>
    /// <param name="couldCut">Whether a feature could be cut.</param>
    /// <exception cref="DataException">The events do not determine the calibration, or its mean ratio is not above 0.</exception>
    public static CrossFittedRatio Finish(
        FoldedSample sample, TreeEnsemble[][] folds, bool[][] leftOut, RatioOptions options, bool couldCut)
    {
        (BinnedEvents data, bool[] isNumerator, double[] weights, int[] foldOf) = sample;
        var missing = MissingFeatures.Of(sample);
        double[] comparable = missing.Comparable(weights);
        int[][] rowsOf = RowsByFold(foldOf, folds.Length);
        float[]?[][] remembered = [.. folds.Select(members => new float[]?[members.Length])];
        float[] raw = RawLogRatios(data, rowsOf, folds, remembered);
        IRatioCalibration[] calibrations = options switch
        {
            { Calibration: { } how } =>
            [
                .. CalibrateFolds(raw, isNumerator, comparable, foldOf, folds.Length, how),
                Calibrate(UnseenAverage.Of(data, foldOf, folds, leftOut, raw), isNumerator, comparable, how),
            ],
            { SignalFraction: { } fraction } => [.. Enumerable.Repeat(new MixtureCalibration(fraction), folds.Length + 1)],
            _ => [],
        };
        var unnormalised = new RatioModel("numerator", "denominator", folds, calibrations.LastOrDefault(), options.MaxAbsLogRatio)
        {
            FoldCalibrations = calibrations.Length > 0 ? calibrations[..^1] : [],
            ConfidenceShift = options.ConfidenceShift,
        };
        double expected = 1 - missing.NumeratorAlone;
        (double all, _) = MeanOverDenominator(_ => unnormalised, raw, isNumerator, weights);
        RatioModel[] ofFolds = [.. Enumerable.Range(0, folds.Length).Select(unnormalised.OfFold)];
        (double mean, double error) = MeanOverDenominator(row => ofFolds[foldOf[row]], raw, isNumerator, weights);
        if (!(mean > 0 && double.IsFinite(mean)))
        {
            throw new DataException(
                $"The mean ratio over the denominator is {mean:G4}, expected a number above 0 to divide by; the denominator's weights are "
                    + "too often negative.");
        }

        var model = new RatioModel("numerator", "denominator", folds, unnormalised.Calibration, options.MaxAbsLogRatio)
        {
            LogNormalisation = Math.Log(expected / all),
            FoldCalibrations = unnormalised.FoldCalibrations,
            FoldLogNormalisation = Math.Log(expected / mean),
            NormalisationError = error / mean,
            ConfidenceShift = options.ConfidenceShift,
            SometimesMissing = missing.Features,
        };
        return new CrossFittedRatio(model, Score(model, data, rowsOf, remembered), new Estimate(mean, error)) { CouldCut = couldCut };
    }

    /// <summary>For each fold the calibration that the events of the others give.</summary>
    private static IRatioCalibration[] CalibrateFolds(
        float[] raw, bool[] isNumerator, double[] weights, int[] foldOf, int folds, CalibrationOptions how)
    {
        var calibrations = new IRatioCalibration[folds];
        EventBlocks.ForEachIndex(calibrations.Length, fold => calibrations[fold] = Calibrate(
            raw, isNumerator, [.. weights.Select((weight, row) => foldOf[row] == fold ? 0 : weight)], how));
        return calibrations;
    }

    private static IRatioCalibration Calibrate(float[] raw, bool[] isNumerator, double[] weights, CalibrationOptions how) =>
        RatioCalibration.Fit(raw, isNumerator, weights, how) ?? throw new DataException(
            $"The {isNumerator.Count(first => first):N0} events of the numerator and {isNumerator.Count(first => !first):N0} of the "
                + $"denominator do not determine a {how.Method} calibration: it needs {RatioCalibration.Requirement(how)}; give more "
                + "events, a lower MinEventsInCell, or no Calibration.");

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
    private static float[] RawLogRatios(BinnedEvents data, int[][] rowsOf, TreeEnsemble[][] folds, float[]?[][] remembered)
    {
        float[] raw = new float[data.Count];
        for (int fold = 0; fold < folds.Length; fold++)
        {
            int[] rows = rowsOf[fold];
            TreeEnsemble[] members = folds[fold];
            bool remembers = (long)data.Count * members.Length <= MostRemembered;
            double[] sum = new double[rows.Length];
            for (int member = 0; member < members.Length; member++)
            {
                float[] logRatios = members[member].Predict(data, rows);
                remembered[fold][member] = remembers ? logRatios : null;
                EventBlocks.ForEach(rows.Length, (start, length) =>
                {
                    for (int i = start; i < start + length; i++)
                    {
                        sum[i] += Math.Exp(logRatios[i]);
                    }
                });
            }

            for (int i = 0; i < rows.Length; i++)
            {
                raw[rows[i]] = (float)Math.Log(sum[i] / members.Length);
            }
        }

        return raw;
    }

    /// <summary>The training events' final scores.</summary>
    private static RatioScores Score(RatioModel model, BinnedEvents data, int[][] rowsOf, float[]?[][] remembered)
    {
        var scores = new RatioScores(data.Count);
        for (int fold = 0; fold < rowsOf.Length; fold++)
        {
            int[] rows = rowsOf[fold];
            float[]?[] known = remembered[fold];
            IReadOnlyList<TreeEnsemble> members = model.Folds[fold];
            EnsembleScoring.Average(
                model.OfFold(fold),
                rows.Length,
                (start, length) => [.. members.Select((member, k) => known[k] is { } logRatios
                    ? logRatios[start..(start + length)]
                    : member.Predict(data, rows[start..(start + length)]))],
                (i, ratio) => scores.Set(rows[i], ratio, model.MaxAbsLogRatio));
        }

        return scores;
    }

    private static (double Mean, double Error) MeanOverDenominator(
        Func<int, RatioModel> modelOf, float[] raw, bool[] isNumerator, double[] weights)
    {
        double[] ratios = new double[raw.Length];
        EventBlocks.ForEach(raw.Length, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                ratios[row] = isNumerator[row] ? 0 : Math.Exp(modelOf(row).CalibratedLogRatio(raw[row]));
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

/// <summary>
/// ln of the mean ratio over all models that did not see an event: those of its own fold, and of the other folds those members whose
/// bootstrap sample left it out.
/// </summary>
/// <remarks>
/// The average over all folds has less noise than the models of one fold. A calibration that is learnt from scores of single folds would
/// take the average for as noisy as those and shrink it too much: for a log ratio of variance v within a sample and a score with noise of
/// variance w, the slope is v/(v+w).
/// </remarks>
internal static class UnseenAverage
{
    /// <summary>One number per event.</summary>
    /// <param name="data">The training events.</param>
    /// <param name="foldOf">The fold whose models did not see the event.</param>
    /// <param name="folds">The models, [folds][members].</param>
    /// <param name="leftOut">True for events that a member saw in no fold's training, one array a member; empty for none.</param>
    /// <param name="ofFold">The same by the models of the event's own fold.</param>
    public static float[] Of(BinnedEvents data, int[] foldOf, TreeEnsemble[][] folds, bool[][] leftOut, float[] ofFold)
    {
        if (leftOut.Length == 0)
        {
            return ofFold;
        }

        double[] sum = Array.ConvertAll(ofFold, logRatio => folds[0].Length * Math.Exp(logRatio));
        int[] count = new int[ofFold.Length];
        Array.Fill(count, folds[0].Length);
        for (int fold = 0; fold < folds.Length; fold++)
        {
            for (int member = 0; member < leftOut.Length; member++)
            {
                int[] rows = [.. Enumerable.Range(0, ofFold.Length).Where(row => leftOut[member][row] && foldOf[row] != fold)];
                float[] logRatios = folds[fold][member].Predict(data, rows);
                EventBlocks.ForEach(rows.Length, (start, length) =>
                {
                    for (int i = start; i < start + length; i++)
                    {
                        sum[rows[i]] += Math.Exp(logRatios[i]);
                        count[rows[i]]++;
                    }
                });
            }
        }

        return [.. sum.Select((total, row) => (float)Math.Log(total / count[row]))];
    }
}
