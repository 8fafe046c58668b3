using Gbi.Calibration;

namespace Gbi.Ratios;

/// <summary>What an ensemble says about one event.</summary>
/// <param name="LogRatio">ln r, lowered by the confidence shift, not clipped.</param>
/// <param name="Spread">Standard deviation of r over all models, divided by their mean; 0 for one model.</param>
/// <param name="Uncertainty">Jackknife standard error of ln r; NaN for one member.</param>
internal readonly record struct EventRatio(double LogRatio, double Spread, double Uncertainty);

/// <summary>
/// The average ratio of an ensemble of folds and members for one event after another,
/// ln r = ln [κ · mean over folds of c( mean over members of r_fm )] − z σ, and how far it can be trusted.
/// </summary>
/// <remarks>
/// <para>The jackknife leaves out member j of every fold: θ₍₋ⱼ₎ is ln r of the remaining members, through calibration and
/// normalisation, and σ² = (M−1)/M Σⱼ (θ₍₋ⱼ₎ − mean θ)². Members of the same number share their bootstrap weights over all folds, which
/// is why they go together. Efron, The Jackknife, the Bootstrap and Other Resampling Plans (1982), chapter 3.</para>
/// <para>Sums over all members but one are added up, never subtracted from the total: one member that dwarfs the others would leave
/// nothing but rounding.</para>
/// </remarks>
internal readonly ref struct EnsembleAverage
{
    private readonly int _members;
    private readonly IRatioCalibration? _calibration;
    private readonly double _logNormalisation;
    private readonly double _confidenceShift;
    private readonly Span<double> _ratios;
    private readonly Span<double> _others;
    private readonly Span<double> _leftOut;

    /// <summary>An average whose settings hold for all events.</summary>
    /// <param name="members">Members M of a fold; 1 or more.</param>
    /// <param name="calibration">The map c from a fold's log ratio; null for the identity.</param>
    /// <param name="logNormalisation">ln κ.</param>
    /// <param name="confidenceShift">z, 0 or more; with one member it must be 0, as there is no σ.</param>
    /// <param name="scratch">Overwritten; length <see cref="ScratchOf"/> or more.</param>
    /// <exception cref="ArgumentException">A number is out of its range or the scratch space is too short.</exception>
    public EnsembleAverage(
        int members, IRatioCalibration? calibration, double logNormalisation, double confidenceShift, Span<double> scratch)
    {
        if (members < 1 || scratch.Length < ScratchOf(members) || !(confidenceShift >= 0) || (members == 1 && confidenceShift > 0))
        {
            throw new ArgumentException(
                $"An average of {members} members with confidence shift {confidenceShift} and {scratch.Length} numbers of scratch space "
                    + "cannot be taken; give 1 member or more, a shift of 0 or more, 0 for one member, and the space that ScratchOf "
                    + "says.");
        }

        _members = members;
        _calibration = calibration;
        _logNormalisation = logNormalisation;
        _confidenceShift = confidenceShift;
        _ratios = scratch[..members];
        _others = scratch.Slice(members, members);
        _leftOut = scratch.Slice(2 * members, members);
    }

    /// <summary>Numbers of scratch space for an ensemble of that many members.</summary>
    public static int ScratchOf(int members) => 3 * members;

    /// <summary>The average of one event.</summary>
    /// <param name="logRatios">The models' log ratios ln r_fm, shape [folds × members].</param>
    public EventRatio Of(ReadOnlySpan<float> logRatios)
    {
        int folds = logRatios.Length / _members;
        double total = 0;
        double squares = 0;
        double calibrated = 0;
        _leftOut.Clear();
        for (int fold = 0; fold < folds; fold++)
        {
            double sum = ReadRatios(logRatios.Slice(fold * _members, _members), ref squares);
            total += sum;
            calibrated += CalibratedRatio((float)Math.Log(sum / _members));
            AddLeftOut();
        }

        double uncertainty = Jackknife(folds);
        double shift = _confidenceShift > 0 ? _confidenceShift * uncertainty : 0;
        return new EventRatio(Math.Log(calibrated / folds) - shift, Spread(total, squares, logRatios.Length), uncertainty);
    }

    /// <summary>κ c(s) as a ratio, of a fold's log ratio s.</summary>
    private double CalibratedRatio(double score) => Math.Exp(_logNormalisation + (_calibration?.LogRatio(score) ?? score));

    private double ReadRatios(ReadOnlySpan<float> logRatios, ref double squares)
    {
        double sum = 0;
        for (int member = 0; member < _members; member++)
        {
            double ratio = Math.Exp(logRatios[member]);
            _ratios[member] = ratio;
            sum += ratio;
            squares += ratio * ratio;
        }

        return sum;
    }

    /// <summary>Adds the calibrated ratio of one fold without each of its members.</summary>
    private void AddLeftOut()
    {
        if (_members == 1)
        {
            return;
        }

        double below = 0;
        for (int member = 0; member < _members; member++)
        {
            _others[member] = below;
            below += _ratios[member];
        }

        double above = 0;
        for (int member = _members - 1; member >= 0; member--)
        {
            double mean = (_others[member] + above) / (_members - 1);
            _leftOut[member] += CalibratedRatio(Math.Log(mean));
            above += _ratios[member];
        }
    }

    private double Jackknife(int folds)
    {
        if (_members == 1)
        {
            return double.NaN;
        }

        double mean = 0;
        for (int member = 0; member < _members; member++)
        {
            _leftOut[member] = Math.Log(_leftOut[member] / folds);
            mean += _leftOut[member] / _members;
        }

        double squares = 0;
        foreach (double theta in _leftOut)
        {
            squares += (theta - mean) * (theta - mean);
        }

        return Math.Sqrt(squares * (_members - 1) / _members);
    }

    private static double Spread(double sum, double squares, int count)
    {
        double mean = sum / count;
        double variance = count > 1 ? Math.Max(0, (squares - (sum * mean)) / (count - 1)) : 0;
        return Math.Sqrt(variance) / mean;
    }
}
