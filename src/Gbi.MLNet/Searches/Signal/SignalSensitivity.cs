namespace Gbi.Searches.Signal;

/// <summary>
/// What a search expects of its model before the events of the signal region are compared with it, from Asimov data: with the template at
/// its nominal rate and shape in place of the data, of which only the number of events and the widths of the nuisance parameters are used.
/// </summary>
/// <param name="Error">Expected error of the signal fraction without a signal: half the 68.27 % interval.</param>
/// <param name="UpperLimit">Median upper limit without a signal, at 95 % by CLs.</param>
/// <param name="AtRootBackground">The signal S = √B.</param>
/// <param name="AtEstimate">The fitted signal; null where it is not above 0.</param>
/// <remarks>
/// Cowan et al., arXiv:1007.1727, section 3.2 and 4. The widths of the sample-size parameters are those at the fitted fraction.
/// </remarks>
public sealed record SignalSensitivity(
    double Error, double UpperLimit, ExpectedSignificance AtRootBackground, ExpectedSignificance? AtEstimate)
{
    /// <summary>That limit where the data fluctuate by −2, −1, 0, 1 and 2 standard deviations.</summary>
    public required IReadOnlyList<double> UpperLimitBand { get; init; }
}

/// <summary>The median discovery significance of a signal.</summary>
/// <param name="Fraction">The signal's share of the events in the region.</param>
/// <param name="Significance">In standard deviations.</param>
public sealed record ExpectedSignificance(double Fraction, double Significance);
