using Gbi.Ratios.Families;
using Gbi.Searches.Family.Scans;

namespace Gbi.Searches.Family.Fits;

/// <summary>
/// Solves <see cref="FamilyEquation"/> with the score of the maximum of the learnt likelihood, and again with that of the solution where it
/// is far from there: a score tells little of parameters far from its own.
/// </summary>
/// <param name="data">The data.</param>
/// <param name="family">The family.</param>
/// <param name="simulator">Simulates signal; null for the held-out signal events.</param>
/// <param name="members">Members of the background generator, see <see cref="SignalFamilyFitter.BackgroundMembers"/>.</param>
internal sealed class FamilyEstimator(
    FamilyData data, SignalFamily family, SignalSimulator? simulator, IReadOnlyList<float[]> members)
{
    private const int MostScores = 4;
    private const int MostSteps = 8;
    private const int MostHalvings = 4;

    // A step below this share of an error is the last: what it misses is of second order.
    private const double Enough = 0.1;

    // In half-widths.
    private const double LongestStep = 0.75;

    // In half-widths: a solution no further from the parameters of its score needs no other score.
    private const double Near = 0.75;

    // The part of the maximum's fraction that slopes are scaled with at least; at 0 no parameter would matter.
    private const double LeastShare = 0.1;

    private readonly FamilyGrid _grid = new(family.Coordinates);

    /// <summary>The solution, its t those around the centre of the maximum; null where there is none near, or the samples are too
    /// small.</summary>
    /// <param name="best">The maximum.</param>
    public FamilyEstimate? Solve(FamilyMinimum best)
    {
        double fraction = best.Fraction;
        double[] theta = [.. best.Theta];
        FamilyEstimate? estimate = null;
        for (int score = 0; score < MostScores; score++)
        {
            double[] centre = _grid.Nearest(theta);
            var samples = new Samples(data, centre, best.Fraction, family.Coordinates.Local(theta, centre), simulator, members);
            (FamilyEquation? last, bool isSolved) = Descend(samples, [fraction, .. samples.Start]);
            if (last is null)
            {
                return estimate;
            }

            double[] point = isSolved ? samples.Moved(last, 1) : last.Point;
            theta = samples.ThetaAt(point);
            fraction = Math.Max(point[0], LeastShare * best.Fraction);
            estimate = isSolved ? new FamilyEstimate([point[0], .. family.Coordinates.Local(theta, best.Centre)], last.Covariance) : null;
            if (isSolved && point.Skip(1).Zip(samples.Start, (coordinate, start) => Math.Abs(coordinate - start)).Max() <= Near)
            {
                return estimate;
            }
        }

        return estimate;
    }

    /// <summary>Newton's method, its steps made shorter while they lead away from the solution.</summary>
    private static (FamilyEquation? Last, bool IsSolved) Descend(Samples samples, double[] start)
    {
        FamilyEquation? at = samples.At(start);
        for (int step = 0; at is not null && step < MostSteps && !at.IsWithin(Enough); step++)
        {
            if (Next(samples, at) is not { } next)
            {
                return (at, false);
            }

            at = next;
        }

        return (at, at?.IsWithin(Enough) ?? false);
    }

    private static FamilyEquation? Next(Samples samples, FamilyEquation at)
    {
        double length = Math.Min(1, LongestStep / at.Change.Skip(1).Max(Math.Abs));
        for (int halving = 0; halving <= MostHalvings; halving++, length /= 2)
        {
            if (samples.At(samples.Moved(at, length)) is { } next && next.Distance < at.Distance)
            {
                return next;
            }
        }

        return null;
    }

    /// <summary>The equation of one score.</summary>
    private sealed class Samples
    {
        private readonly FamilyExpansion _expansion;
        private readonly FamilyScore _score;
        private readonly FamilyMoments _data;
        private readonly FamilyMoments _background;
        private readonly ISignalScores _signal;
        private readonly double _least;

        public Samples(
            FamilyData data, double[] centre, double fraction, double[] local, SignalSimulator? simulator,
            IReadOnlyList<float[]> members)
        {
            (_expansion, _, float[] coefficients) = data.At(centre);
            _score = new FamilyScore(_expansion.BackgroundCoefficients, _expansion.Background, fraction, local);
            _data = _score.Of(coefficients, data.Events);
            _background = _score.Of(_expansion.BackgroundCoefficients, _expansion.Background, members);
            _signal = simulator is null ? new SegmentScores(_expansion) : new SimulatedScores(_expansion, simulator);
            _least = LeastShare * fraction;
            Start = local;
        }

        /// <summary>t of the score.</summary>
        public double[] Start { get; }

        public double[] ThetaAt(double[] point) => _expansion.ThetaAt(point);

        public FamilyEquation? At(double[] point) =>
            FamilyEquation.At(point, _least, _data, _background, _signal.At(_score, point[1..]), _signal.Slopes(_score, point[1..]));

        public double[] Moved(FamilyEquation at, double length)
        {
            double[] moved = [.. at.Point.Select((value, i) => value + (length * at.Change[i]))];
            return [moved[0], .. _signal.Within(moved[1..])];
        }
    }
}
