using Gbi.Events;
using Gbi.Inference.Tests;

namespace Gbi.Diagnostics.Power;

/// <summary>
/// By which factor a cut on a score raises the significance S/√B of a signal: ε_S/√ε_B over all cuts, with the efficiencies
/// ε = Σ w above the cut / Σ w.
/// </summary>
/// <remarks>
/// Events at a cut pass it, so that equal scores are never divided. Known as SIC, the significance improvement characteristic
/// (Gallicchio and others, arXiv:1009.3015).
/// </remarks>
public sealed class SignificanceImprovement
{
    private readonly SelectionPoint[] _points;

    /// <summary>The cuts at every score that occurs.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="background">The background.</param>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    /// <exception cref="DataException">The weights of a sample do not sum to more than 0.</exception>
    public SignificanceImprovement(WeightedScores signal, WeightedScores background)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(background);
        _points = PointsOf(signal.Checked("signal").Sorted(), background.Checked("background").Sorted());
    }

    /// <summary>Every cut, from the highest threshold to the lowest, where all events pass.</summary>
    public IReadOnlyList<SelectionPoint> Points => _points;

    /// <summary>The lowest cut whose background efficiency, and that of every cut above it, is at most the one given.</summary>
    /// <param name="backgroundEfficiency">ε_B; range (0, 1].</param>
    /// <exception cref="DataException">No background event passes such a cut, so that the efficiency cannot be measured.</exception>
    public SelectionPoint At(double backgroundEfficiency)
    {
        if (!(backgroundEfficiency is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(backgroundEfficiency), backgroundEfficiency,
                "The background efficiency must be in (0, 1]: it is a share of the background.");
        }

        int above = Array.FindIndex(_points, point => point.BackgroundEfficiency > backgroundEfficiency);
        int last = above < 0 ? _points.Length - 1 : above - 1;
        return last >= 0 && _points[last].BackgroundEfficiency > 0
            ? _points[last]
            : throw new DataException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"No background event passes a cut of efficiency {backgroundEfficiency:G4}; give more background or a larger efficiency."));
    }

    /// <summary>The cut of the largest improvement among those whose background is known well enough.</summary>
    /// <param name="maxRelativeError">Largest √Σw²/Σw of the background above the cut; 0.2 asks for 25 events of weight 1. Range: (0,
    /// ∞).</param>
    /// <exception cref="DataException">The background is too small for any such cut.</exception>
    public SelectionPoint Maximum(double maxRelativeError = 0.2)
    {
        if (!(maxRelativeError > 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(maxRelativeError), maxRelativeError, "The largest relative error must be above 0: no background is known exactly.");
        }

        SelectionPoint[] known =
            [.. _points.Where(point => point.BackgroundEfficiency > 0 && point.BackgroundRelativeError <= maxRelativeError)];
        return known.Length > 0
            ? known.MaxBy(point => point.Improvement)
            : throw new DataException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"No cut leaves background with a relative error of {maxRelativeError:G4} or less; give more background or allow a larger "
                    + $"error."));
    }

    private static SelectionPoint[] PointsOf(WeightedScores signal, WeightedScores background)
    {
        var points = new List<SelectionPoint>();
        var passedSignal = new Passed(signal);
        var passedBackground = new Passed(background);
        while (!(passedSignal.IsComplete && passedBackground.IsComplete))
        {
            float cut = Math.Max(passedSignal.NextScore, passedBackground.NextScore);
            passedSignal.LowerTo(cut);
            passedBackground.LowerTo(cut);
            points.Add(new SelectionPoint(
                cut, passedSignal.Efficiency, passedBackground.Efficiency, passedBackground.RelativeError));
        }

        return [.. points];
    }

    /// <summary>Sums over the events that pass a falling cut.</summary>
    private sealed class Passed(WeightedScores events)
    {
        // In the order in which the events pass, so that all of them have the efficiency 1 to the last digit.
        private readonly double _sumOfAll = events.Weights.ToArray().Reverse().Sum();
        private int _left = events.Count;
        private double _sum;
        private double _squares;

        public bool IsComplete => _left == 0;

        public float NextScore => IsComplete ? float.NegativeInfinity : events.Scores[_left - 1];

        public double Efficiency => _sum / _sumOfAll;

        public double RelativeError => Math.Sqrt(_squares) / _sum;

        public void LowerTo(float cut)
        {
            while (!IsComplete && events.Scores[_left - 1] >= cut)
            {
                double weight = events.Weights[--_left];
                _sum += weight;
                _squares += weight * weight;
            }
        }
    }
}

/// <summary>A cut on a score, and what passes it.</summary>
/// <param name="Threshold">The lowest score that passes.</param>
/// <param name="SignalEfficiency">ε_S, the share of the signal's weight that passes.</param>
/// <param name="BackgroundEfficiency">ε_B, the share of the background's weight that passes.</param>
/// <param name="BackgroundRelativeError">Statistical error of ε_B over ε_B: √Σw²/Σw of the background that passes.</param>
public readonly record struct SelectionPoint(
    float Threshold, double SignalEfficiency, double BackgroundEfficiency, double BackgroundRelativeError)
{
    /// <summary>Whether the background that passes is known to 20 %, so that the improvement means something.</summary>
    internal bool IsWellKnown => BackgroundEfficiency > 0 && BackgroundRelativeError <= 0.2;

    /// <summary>ε_S/√ε_B; NaN or infinite where no background passes.</summary>
    public double Improvement => SignalEfficiency / Math.Sqrt(BackgroundEfficiency);

    /// <summary>
    /// Significance expected after the cut: <see cref="Significance.OfExcess"/> of n = ε_S S + ε_B B events over b = ε_B B, with the error
    /// b √(δ² + σ²), δ that of ε_B and σ a relative systematic error.
    /// </summary>
    /// <param name="signal">S, signal events before the cut; 0 or more.</param>
    /// <param name="background">B, background events before the cut; above 0.</param>
    /// <param name="relativeError">σ; 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or no background passes the cut.</exception>
    public double ExpectedSignificance(double signal, double background, double relativeError = 0)
    {
        double expected = BackgroundEfficiency * background;
        double error = expected * double.Hypot(BackgroundRelativeError, relativeError);
        return Significance.OfExcess(expected + (SignalEfficiency * signal), expected, error);
    }
}
