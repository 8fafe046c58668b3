using Gbi.Events;

namespace Gbi.Diagnostics.Power;

/// <summary>
/// What searches quote of a score: the area under its ROC curve, the largest improvement of S/√B, that at a background efficiency of
/// 1e-3, and the signal efficiency at a background efficiency of 10 %.
/// </summary>
/// <param name="Area">Area under the ROC curve, see <see cref="RocCurve.Area"/>.</param>
/// <param name="Best">
/// The cut of the largest improvement among those above which the background is known to 20 %, by 25 events of weight 1 or more.
/// </param>
/// <param name="AtThousandth">The cut of background efficiency 1e-3.</param>
/// <param name="AtTenth">The cut of background efficiency 0.1.</param>
public sealed record SelectionPower(double Area, SelectionPoint Best, SelectionPoint AtThousandth, SelectionPoint AtTenth)
{
    /// <summary>Measures a score.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="background">The background.</param>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    /// <exception cref="DataException">
    /// The weights of a sample do not sum to more than 0, or the background is too small for one of the cuts: 1e-3 needs a thousand events.
    /// </exception>
    public static SelectionPower Of(WeightedScores signal, WeightedScores background)
    {
        var improvement = new SignificanceImprovement(signal, background);
        return new SelectionPower(RocCurve.Area(signal, background), improvement.Maximum(), improvement.At(1e-3), improvement.At(0.1));
    }
}
