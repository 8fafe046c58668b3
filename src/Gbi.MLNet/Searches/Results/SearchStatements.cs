using Gbi.Inference.MixtureFraction;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Results;

/// <summary>What a search's numbers say and cannot say, in sentences.</summary>
internal static class SearchStatements
{
    /// <summary>With a signal sample: what the fitted fraction is the fraction of.</summary>
    public static IReadOnlyList<string> WithSignal { get; } =
    [
        "The signal fraction is that of a signal distributed as the simulation; for another one it is wrong by an amount that these data "
            + "do not tell.",
    ];

    /// <summary>Without one: the limit from the features, the largest excess, and what neither tells.</summary>
    public static IReadOnlyList<string> WithoutSignal(MixtureBound bound, IReadOnlyList<ExcessAfterCut> excess) =>
        [FromFeatures(bound), FromCuts(excess), FromCount(excess[0])];

    private static string FromFeatures(MixtureBound bound) => bound.Lower > 0
        ? Text(
            $"The features show that at least {bound.Lower:G2} of the events in the signal region are not background "
                + $"({100 * bound.ConfidenceLevel:G3} % confidence, if the background template is right): the "
                + $"{100 * bound.BackgroundShare:G3} % of the template that look least like an excess hold only "
                + $"{100 * bound.DataShare:G4} % of the events.")
        : Text(
            $"The features show no lower limit above 0 of the signal fraction at {100 * bound.ConfidenceLevel:G3} % confidence: no part "
                + $"of the background is missing among the events by more than chance allows.");

    private static string FromCuts(IReadOnlyList<ExcessAfterCut> excess)
    {
        ExcessAfterCut[] cuts = [.. excess.Skip(1)];
        return cuts.Length == 0
            ? "No cut on the score leaves background to compare with."
            : Of(cuts.MaxBy(cut => cut.Significance)!, cuts.Length);

        static string Of(ExcessAfterCut best, int count) => Text(
            $"The most significant of {count} cuts on the score keeps {100 * best.BackgroundEfficiency:G2} % of the background: "
                + $"{best.Observed:N0} events are observed and {best.Expected.Value:N1} ± {best.Expected.Error:N1} expected, "
                + $"{best.Significance:F1} σ before the choice among the cuts is paid for.");
    }

    private static string FromCount(ExcessAfterCut all) => Text(
        $"Without a signal model the features give neither an estimate nor an upper limit of the signal fraction: a signal that looks "
            + $"like background leaves no trace in them. The fraction {all.Excess / all.Observed:G2} above is the count's excess over the "
            + $"mass spectrum alone, and an excess after a cut has an unknown signal efficiency.");
}
