using System.Numerics.Tensors;
using Gbi.Calibration;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Searches.Background;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;
using Gbi.Trees.Objectives;

namespace Gbi.Searches.Anomaly;

/// <summary>Learns data over background: for each fold of the data and each half of the template a classifier of several
/// members.</summary>
/// <param name="options">How each is trained.</param>
/// <param name="seed">For folds, bootstrap samples and random cuts.</param>
internal sealed class AnomalyTrainer(RatioOptions options, Seed seed)
{
    private readonly RatioOptions _options = options switch
    {
        { Calibration: not null } => throw new ArgumentException(
            "The anomaly score orders events and is not calibrated; set Calibration of Anomaly to null.", nameof(options)),
        { ConfidenceShift: > 0 } => throw new ArgumentException(
            "The anomaly score is not lowered by a confidence shift; set ConfidenceShift of Anomaly to 0.", nameof(options)),
        _ => options,
    };

    /// <summary>Trains the classifiers and scores the events.</summary>
    /// <param name="region">Data of the signal region.</param>
    /// <param name="template">The background.</param>
    /// <param name="features">Columns of both.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">The weights of a sample do not sum to more than 0.</exception>
    public AnomalyRatio Learn(
        EventTable region, BackgroundTemplate template, IReadOnlyList<string> features, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        EventTable events = region.WithColumns(features).Append(template.Events.WithColumns(features));
        var folds = new AnomalyFolds(region.Count, template, _options.FoldCount, seed);
        BinnedEvents data = FeatureBins.Learn(events, features, _options.Trees.MaxBins).Apply(events);
        double[] weights = [.. Enumerable.Range(0, events.Count).Select(events.Weight)];
        TreeEnsemble[][] classifiers = Train(data, weights, folds, progress, cancellation);
        return Score(data, weights, folds, classifiers);
    }

    private TreeEnsemble[][] Train(
        BinnedEvents data, double[] weights, AnomalyFolds folds, IProgress<double>? progress, CancellationToken cancellation)
    {
        int members = _options.MemberCount;
        bool stopsEarly = _options.Trees.EarlyStoppingRounds is not null;
        bool[] isData = [.. Enumerable.Range(0, folds.EventCount).Select(row => row < folds.DataCount)];
        var models = new TreeEnsemble[folds.Count * members];
        int finished = 0;
        EventBlocks.ForEachIndex(models.Length, task =>
        {
            (int classifier, int member) = Math.DivRem(task, members);
            Seed ofMember = seed.Child("members").Child(member);
            double[] training = new double[weights.Length];
            double[] heldOut = stopsEarly ? new double[weights.Length] : [];
            for (int row = 0; row < weights.Length; row++)
            {
                if (stopsEarly && folds.StopsAt(classifier, row))
                {
                    heldOut[row] = weights[row];
                }
                else if (folds.LearnsFrom(classifier, row))
                {
                    training[row] = weights[row] * (members > 1 ? ofMember.PoissonOne(row) : 1);
                }
            }

            models[task] = LogisticTrees.Train(
                data,
                new LogisticSample(isData, training),
                new LogisticSample(isData, heldOut),
                _options.Trees with { Seed = ofMember.Child("cuts").Child(classifier) },
                new LossVariant(_options.Balance, _options.SignalFraction),
                cancellation);
            progress?.Report((double)Interlocked.Increment(ref finished) / models.Length);
        }, cancellation);
        return [.. models.Chunk(members)];
    }

    private AnomalyRatio Score(BinnedEvents data, double[] weights, AnomalyFolds folds, TreeEnsemble[][] classifiers)
    {
        var calibration = _options.SignalFraction is { } fraction ? new MixtureCalibration(fraction) : null;
        var scores = new EventScores(new float[folds.EventCount], new float[folds.EventCount]);
        var counted = new CountedClassifier[folds.Count];
        EventBlocks.ForEachIndex(folds.Count, classifier =>
        {
            int[] ofData = folds.DataOf(classifier);
            int[] ofTemplate = folds.TemplateOf(classifier);
            EventScores scored = Average(data, classifiers[classifier], [.. ofData, .. ofTemplate]);
            for (int i = 0; i < scored.LogRatio.Length; i++)
            {
                int row = i < ofData.Length ? ofData[i] : ofTemplate[i - ofData.Length];
                double logRatio = calibration?.LogRatio(scored.LogRatio[i]) ?? scored.LogRatio[i];
                scored.LogRatio[i] = (float)logRatio;
                if (folds.ScorerOf(row) == classifier)
                {
                    (scores.LogRatio[row], scores.Spread[row]) = (scored.LogRatio[i], scored.Spread[i]);
                }
            }

            counted[classifier] = CountedClassifier.Of(
                Scored(ofData, scored.LogRatio.AsSpan(0, ofData.Length)),
                Scored(ofTemplate, scored.LogRatio.AsSpan(ofData.Length)),
                Array.ConvertAll(ofTemplate, row => row - folds.DataCount));
        });
        Estimate mean = MeanRatio(scores.LogRatio.AsSpan(folds.DataCount), weights.AsSpan(folds.DataCount));
        var model = new RatioModel("data", "background", classifiers, calibration, _options.MaxAbsLogRatio)
        {
            LogNormalisation = -Math.Log(mean.Value),
            FoldLogNormalisation = -Math.Log(mean.Value),
            NormalisationError = mean.Error / mean.Value,
        };
        return new AnomalyRatio(model, Normalised(scores, model, out int clipped), folds.DataCount, mean, clipped, counted);

        WeightedScores Scored(int[] rows, ReadOnlySpan<float> of) => new(of, Array.ConvertAll(rows, row => weights[row]));
    }

    /// <summary>ln of the members' mean ratio, and the ratios' relative spread.</summary>
    private static EventScores Average(BinnedEvents data, TreeEnsemble[] members, int[] rows)
    {
        float[] sum = new float[rows.Length];
        float[] squares = new float[rows.Length];
        foreach (TreeEnsemble member in members)
        {
            float[] ratios = member.Predict(data, rows);
            TensorPrimitives.Exp<float>(ratios, ratios);
            TensorPrimitives.Add<float>(sum, ratios, sum);
            TensorPrimitives.MultiplyAdd<float>(ratios, ratios, squares, squares);
        }

        int count = members.Length;
        for (int i = 0; i < sum.Length; i++)
        {
            double mean = sum[i] / (double)count;
            double variance = count > 1 ? Math.Max(0, (squares[i] / (double)count) - (mean * mean)) * count / (count - 1) : 0;
            (sum[i], squares[i]) = ((float)Math.Log(mean), (float)(Math.Sqrt(variance) / mean));
        }

        return new EventScores(sum, squares);
    }

    private static Estimate MeanRatio(ReadOnlySpan<float> logRatios, ReadOnlySpan<double> weights)
    {
        double[] ratios = new double[logRatios.Length];
        double sum = 0;
        for (int row = 0; row < ratios.Length; row++)
        {
            ratios[row] = Math.Exp(logRatios[row]);
            sum += weights[row];
        }

        double[] known = weights.ToArray();
        var mean = Estimate.OfMean(ratios, row => known[row], sum);
        return mean.Value > 0 ? mean : throw new DataException(
            $"The mean ratio over the background is {mean.Value:G4}, expected a number above 0 to divide by; the background's weights are "
                + "too often negative.");
    }

    private static EventScores Normalised(EventScores scores, RatioModel model, out int clipped)
    {
        clipped = 0;
        for (int row = 0; row < scores.LogRatio.Length; row++)
        {
            double logRatio = scores.LogRatio[row] + model.FoldLogNormalisation;
            clipped += Math.Abs(logRatio) > model.MaxAbsLogRatio ? 1 : 0;
            scores.LogRatio[row] = LikelihoodRatio.Clip(logRatio, model.MaxAbsLogRatio);
        }

        return scores;
    }
}
