using Gbi.Inference.MixtureFraction;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Results;

/// <summary>What a search's numbers mean and what they do not, in sentences.</summary>
internal static class SearchStatements
{
    /// <summary>With a signal sample: what the fitted fraction assumes.</summary>
    public static IReadOnlyList<string> WithSignal { get; } =
    [
        "The signal fraction assumes a signal distributed as in the simulation; if the real signal differs, the fraction is biased by an "
            + "unknown amount.",
    ];

    /// <summary>Without one: the limit from the features, the largest excess, and what neither measures.</summary>
    /// <param name="bound">The limit.</param>
    /// <param name="excess">The counts.</param>
    /// <param name="hasSpectrum">Whether the expected background is that of a mass spectrum.</param>
    public static IReadOnlyList<string> WithoutSignal(MixtureBound bound, IReadOnlyList<ExcessAfterCut> excess, bool hasSpectrum) =>
        [FromFeatures(bound), FromCuts(excess), FromCount(excess[0], hasSpectrum ? "the mass spectrum" : "the background that was given")];

    private static string FromFeatures(MixtureBound bound) => bound.Lower > 0
        ? Text(
            $"At {100 * bound.ConfidenceLevel:G3} % CL the features alone require a signal fraction of {bound.Lower:G2} or more, if the "
                + $"background template is right within its error: the lowest scores, which hold {100 * bound.BackgroundShare:G3} % of "
                + $"the template, hold only {100 * bound.DataShare:G4} % of the events.")
        : Text($"At {100 * bound.ConfidenceLevel:G3} % CL the features alone do not require any signal.");

    private static string FromCuts(IReadOnlyList<ExcessAfterCut> excess)
    {
        if (excess.Count == 1)
        {
            return "No cut on the score leaves background events to compare with.";
        }

        ExcessAfterCut best = excess.MaxBy(row => row.Significance)!;
        string which = best.BackgroundEfficiency < 1
            ? Text($"keeps {100 * best.BackgroundEfficiency:G2} % of the background")
            : "is no cut on the score";
        return Text(
            $"The most significant of {excess.Count} counts {which}: {best.Observed:N0} events are observed and {best.Expected.Value:N1} ± "
                + $"{best.Expected.Error:N1} expected, {best.Significance:F1} σ local, not corrected for trying {excess.Count} counts.");
    }

    private static string FromCount(ExcessAfterCut all, string expectation) => Text(
        $"Without a signal model the features give neither an estimate nor an upper limit of the signal fraction, since a signal "
            + $"distributed like the background would not change them. The fraction {all.Excess / all.Observed:G2} above is the excess "
            + $"of the number of events over {expectation}; the signal efficiency of the cuts is unknown.");
}
