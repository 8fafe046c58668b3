using Gbi.Calibration;
using Gbi.Events;
using Gbi.Trees.Model;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Ratios;

/// <summary>
/// A learnt density ratio r(x) = p₁(x)/p₀(x) of a named numerator and denominator:
/// r(x) = κ · mean over folds of c( mean over members of exp F(x) ), with the trees' log ratio F, the calibration c and the
/// normalisation κ that makes the mean of r over the denominator 1. With a confidence shift z it gives ln r − z σ in place of ln r.
/// </summary>
public sealed partial class RatioModel : IDensityRatio
{
    private readonly TreeEnsemble[][] _folds;

    internal RatioModel(
        string numerator, string denominator, TreeEnsemble[][] folds, IRatioCalibration? calibration, double maxAbsLogRatio)
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
    public IRatioCalibration? Calibration { get; }

    /// <summary>ln κ.</summary>
    public double LogNormalisation { get; internal init; }

    /// <summary>
    /// The calibration of each fold's scores, learnt from the events of the other folds, so that an out-of-fold score depends on its event
    /// through neither trees nor calibration; empty where the ratio is not calibrated.
    /// </summary>
    internal IReadOnlyList<IRatioCalibration> FoldCalibrations { get; init; } = [];

    /// <summary>ln κ of the ratios by single folds.</summary>
    internal double FoldLogNormalisation { get; init; }

    /// <summary>
    /// Statistical error of ln κ: that of the mean ratio over the training denominator. The mean over any other denominator is off by
    /// as much.
    /// </summary>
    public double NormalisationError { get; internal init; }

    /// <summary>Largest |log r| that the model gives.</summary>
    public double MaxAbsLogRatio { get; }

    /// <summary>
    /// Number z of standard errors by which ln r is lowered, see <see cref="RatioOptions.ConfidenceShift"/>; 0 where it is not.
    /// </summary>
    public double ConfidenceShift { get; internal init; }

    /// <summary>
    /// The number that stands for a missing value in the files of the training, which holds for files that are scored; null for none.
    /// </summary>
    public double? MissingValue { get; internal init; }

    /// <summary>Features that were missing in an event of the training; null where that is not known.</summary>
    internal IReadOnlyList<string>? SometimesMissing { get; init; }

    /// <summary>The models, [folds][members].</summary>
    internal IReadOnlyList<IReadOnlyList<TreeEnsemble>> Folds => _folds;

    /// <summary>
    /// Importance of each feature, in the order of <see cref="Features"/>: the mean over the models of
    /// <see cref="TreeEnsemble.Importance"/>.
    /// </summary>
    public double[] Importance()
    {
        double[] mean = new double[Features.Count];
        foreach (TreeEnsemble member in _folds.SelectMany(members => members))
        {
            double[] shares = member.Importance();
            for (int feature = 0; feature < mean.Length; feature++)
            {
                mean[feature] += shares[feature] / (FoldCount * MemberCount);
            }
        }

        return mean;
    }

    /// <summary>
    /// ln r of one event that took no part in the training. A missing value is one of its own where the feature was missing in training.
    /// </summary>
    /// <param name="values">One value a feature, NaN for missing.</param>
    public float LogRatio(ReadOnlySpan<float> values)
    {
        const int MostOnStack = 256;
        for (int feature = 0; feature < values.Length; feature++)
        {
            if (float.IsNaN(values[feature]))
            {
                RequireSometimesMissing(Features[feature], 1, 0);
            }
        }

        int models = FoldCount * MemberCount;
        int scratch = EnsembleAverage.ScratchOf(MemberCount);
        Span<float> logRatios = models <= MostOnStack ? stackalloc float[models] : new float[models];
        Span<double> space = scratch <= MostOnStack ? stackalloc double[scratch] : new double[scratch];
        for (int model = 0; model < models; model++)
        {
            _folds[model / MemberCount][model % MemberCount].Predict(values, logRatios.Slice(model, 1));
        }

        return LikelihoodRatio.Clip(Average(space).Of(logRatios).LogRatio, MaxAbsLogRatio);
    }

    /// <summary>ln r of events that took no part in the training, the spread of the models and the error of their average.</summary>
    /// <exception cref="DataException">A feature is not a column of the table.</exception>
    public RatioScores Score(EventTable events)
    {
        ArgumentNullException.ThrowIfNull(events);
        RequireKnown(events);
        var scores = new RatioScores(events.Count);
        TreeEnsemble[] models = [.. _folds.SelectMany(members => members)];

        // A block is cut out of every column of a table, so that a table of the features alone is cut faster.
        EventTable features = new([.. Features.Select(name => KeyValuePair.Create(name, events.Memory(name)))], events.Count);
        EnsembleScoring.Average(
            this,
            events.Count,
            (start, length) =>
            {
                EventTable block = features.Slice(start, length);
                return [.. models.Select(model => model.Predict(block))];
            },
            (row, ratio) => scores.Set(row, ratio, MaxAbsLogRatio));
        return scores;
    }

    /// <summary>
    /// ln r of events that took no part in the training, each by the models of one fold alone. These scores have the same distribution as
    /// the out-of-fold scores of training events; the mean over all folds is smoother. Use them if both are compared, as in a template fit.
    /// </summary>
    /// <param name="events">Events that took no part in the training.</param>
    /// <param name="foldOf">The fold that scores each event, in [0, <see cref="FoldCount"/>).</param>
    /// <exception cref="DataException">A feature is not a column of the table.</exception>
    public RatioScores ScoreByFold(EventTable events, IReadOnlyList<int> foldOf)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(foldOf);
        RequireKnown(events);
        var scores = new RatioScores(events.Count);
        for (int fold = 0; fold < FoldCount; fold++)
        {
            RatioModel model = OfFold(fold);
            TreeEnsemble[] members = _folds[fold];
            int[] rows = [.. Enumerable.Range(0, events.Count).Where(row => foldOf[row] == fold)];
            EventTable ofFold = events.Select(rows);
            EnsembleScoring.Average(
                model,
                rows.Length,
                (start, length) =>
                {
                    EventTable block = ofFold.Slice(start, length);
                    return [.. members.Select(member => member.Predict(block))];
                },
                (i, ratio) => scores.Set(rows[i], ratio, MaxAbsLogRatio));
        }

        return scores;
    }

    /// <summary>The ratio by the models of one fold alone, with the calibration that the other folds' events gave.</summary>
    internal RatioModel OfFold(int fold) =>
        new(Numerator, Denominator, [_folds[fold]], FoldCalibrations.Count > 0 ? FoldCalibrations[fold] : Calibration, MaxAbsLogRatio)
        {
            LogNormalisation = FoldLogNormalisation,
            ConfidenceShift = ConfidenceShift,
            MissingValue = MissingValue,
            SometimesMissing = SometimesMissing,
        };

    /// <summary>Trees know nothing of a missing value that they never saw: they would take it for one beyond all others.</summary>
    private void RequireKnown(EventTable events)
    {
        foreach (string feature in SometimesMissing is null ? [] : Features)
        {
            ReadOnlySpan<float> values = events[feature];
            int first = -1;
            int count = 0;
            for (int row = 0; row < values.Length; row++)
            {
                if (float.IsNaN(values[row]))
                {
                    first = count++ == 0 ? row : first;
                }
            }

            if (count > 0)
            {
                RequireSometimesMissing(feature, count, first);
            }
        }
    }

    private void RequireSometimesMissing(string feature, int count, int first)
    {
        if (SometimesMissing?.Contains(feature) == false)
        {
            throw new DataException(Text(
                $"Feature '{feature}' is missing in {count:N0} events (first at row {first:N0}), and never was in the training: the ratio "
                    + $"of such events is unknown. Drop them, or train on events of which some miss it."));
        }
    }

    /// <summary>ln κ c(s) of a fold's log ratio s.</summary>
    internal double CalibratedLogRatio(double score) => LogNormalisation + (Calibration?.LogRatio(score) ?? score);

    /// <summary>The average with this model's options.</summary>
    internal EnsembleAverage Average(Span<double> scratch) =>
        new(MemberCount, Calibration, LogNormalisation, ConfidenceShift, scratch);
}
