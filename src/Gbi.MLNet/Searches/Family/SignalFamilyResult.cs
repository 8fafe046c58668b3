using Gbi.Inference.Fits;
using Gbi.Inference.GlobalProbability;
using Gbi.Searches.Family.Fits;

namespace Gbi.Searches.Family;

/// <summary>Signal fraction μ and parameters θ of a family as a search found them together.</summary>
public sealed record SignalFamilyResult
{
    /// <summary>Global p-value from which data show no signal.</summary>
    internal const double NoSignal = 0.05;

    /// <summary>μ and then the parameters. μ is corrected for signal in the template where the search's settings say so.</summary>
    public required IReadOnlyList<FamilyParameter> Parameters { get; init; }

    /// <summary>Contours of 1, 2 and 3 standard deviations of each two of them, all others at their best; empty where there are no
    /// errors, or no signal.</summary>
    public required IReadOnlyList<FamilyContour> Contours { get; init; }

    /// <summary>The minima of −2 ln L that fits from several starts ended at, each once, the lowest first.</summary>
    public required IReadOnlyList<FamilyMinimumFound> Minima { get; init; }

    /// <summary>The fit from exchanged parameters; null where their order means nothing, or there are not two.</summary>
    public required FamilySwapFound? LabelSwap { get; init; }

    /// <summary>By how much −2 ln L without signal is above the lowest minimum; in units of one event of the same error where data are
    /// weighted.</summary>
    public required double Gain { get; init; }

    /// <summary>Fitted numbers: μ and the parameters.</summary>
    public int DegreesOfFreedom => Parameters.Count;

    /// <summary>
    /// The local significance, ½ P(χ²_k ≥ gain) as a one-sided normal's, k being <see cref="DegreesOfFreedom"/> and the half for a fraction
    /// above 0. That θ means nothing without a signal, and was looked for over its whole range, is in <see cref="Global"/>.
    /// </summary>
    public double Significance => Inference.Tests.Significance.OfDiscovery(Gain, DegreesOfFreedom);

    /// <summary>
    /// How often data without signal, drawn from the background, gain as much anywhere in the family, by the best points of a grid; null
    /// without toys.
    /// </summary>
    public required ToyGlobalProbability? Global { get; init; }

    /// <summary>Whether data without signal gain as much with a probability of more than 5 %: then θ means nothing.</summary>
    public bool ShowsNoSignal => Global is { Value: > NoSignal };

    /// <summary>Whether samples put values and errors right, see <see cref="SignalFamilyFit.IsCalibrated"/>.</summary>
    public required bool IsCalibrated { get; init; }

    /// <summary>Whether the spread of the background generator's members is part of errors, intervals and contours.</summary>
    public required bool HasGeneratorSpread { get; init; }

    /// <summary>Signal events within a half-width of the fitted parameters, by which values and errors are put right.</summary>
    public required int SignalEventsNear { get; init; }

    /// <summary>The factor that μ, its error and its contours were multiplied with for signal in the template; 1 where they were
    /// not.</summary>
    public required double Correction { get; init; }

    /// <summary>What a reader of values and errors must know; empty where there is nothing.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>Why fits failed, one sentence for each that did.</summary>
    public required IReadOnlyList<string> Failures { get; init; }
}

/// <summary>A fitted number of a family.</summary>
/// <param name="Name">"mu" or the parameter's name.</param>
/// <param name="Value">The estimate; that of μ can be negative.</param>
/// <param name="Error">Its standard error; NaN where there is none.</param>
/// <param name="Interval68">68.27 % interval; null where there is none. That of μ is extended to 0 where data without signal gain as much
/// with a higher probability than it leaves out.</param>
/// <param name="Interval95">95 % interval, the same.</param>
/// <param name="Lowest">Lowest value that the family knows.</param>
/// <param name="Highest">Highest value that the family knows.</param>
public sealed record FamilyParameter(
    string Name, double Value, double Error, ConfidenceInterval? Interval68, ConfidenceInterval? Interval95, double Lowest, double Highest);

/// <summary>A closed line that holds the true values of two numbers with some probability.</summary>
/// <param name="First">Name of the first.</param>
/// <param name="Second">Name of the second.</param>
/// <param name="ConfidenceLevel">The probability.</param>
/// <param name="Points">Points of the line, counter-clockwise.</param>
public sealed record FamilyContour(
    string First, string Second, double ConfidenceLevel, IReadOnlyList<(double First, double Second)> Points);

/// <summary>A minimum of −2 ln L of the learnt ratio.</summary>
/// <param name="Theta">The parameters there.</param>
/// <param name="Fraction">μ there, corrected as that of the result.</param>
/// <param name="Rise">−2 ln L there less that of the lowest.</param>
public sealed record FamilyMinimumFound(IReadOnlyList<double> Theta, double Fraction, double Rise);

/// <summary>What the fit with both parameters exchanged says.</summary>
/// <param name="Theta">Where it ended.</param>
/// <param name="Rise">−2 ln L there less that of the order before; negative where the exchanged order is the better one, which is then the
/// result.</param>
/// <param name="IsSame">Whether both fits ended at one point.</param>
/// <param name="IsSeparated">Whether the data tell the orders apart by two standard deviations.</param>
public sealed record FamilySwapFound(IReadOnlyList<double> Theta, double Rise, bool IsSame, bool IsSeparated);
