using Gbi.Searches.Family;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Results;

/// <summary>What the numbers of a fitted signal family say and cannot say, in sentences.</summary>
internal static class FamilyStatements
{
    public static IReadOnlyList<string> Of(SignalFamilyResult found)
    {
        string parameters = Listed(found, "");
        return
        [
            $"{Listed(found, "Signal fraction")} are those of a signal distributed as the simulated family; for another one they are "
                + $"wrong by an amount that these data do not tell.",
            Text(
                $"With {found.DegreesOfFreedom} fitted numbers −2 ln L is {found.Gain:F1} below that of no signal, "
                    + $"{found.Significance:F1} σ. This is local: {parameters} were looked for over the whole family and mean nothing "
                    + $"without a signal, and what that choice costs only searches of simulated data without signal (toys) can tell. The "
                    + $"excess after cuts has the same flaw."),
            found.Correction == 1
                ? "The signal fraction is not corrected for signal that the background template took in from the sidebands."
                : Text(
                    $"Signal fraction, its error and its contours are {found.Correction:F3} times what the fit gives, as signal in the "
                        + $"sidebands did to the template what {100 * (1 - (1 / found.Correction)):F1} % of the signal would, which is "
                        + $"right to first order."),
            (found.IsCalibrated
                ? $"Errors and contours hold the finite size of data, template and signal sample, "
                    + $"{(found.HasGeneratorSpread ? "and" : "but not")} the spread of the background generator"
                : "Errors and contours are those of the learnt likelihood: neither the finite size of template and signal sample nor the "
                    + "spread of the background generator is in them")
                + "; the number of events and the expected background take no part in the fit.",
            .. Swap(found) is { } swap ? (string[])[swap] : [],
            .. found.Remarks,
            .. found.Failures.Count == 0
                ? (string[])[]
                : [Text($"{found.Failures.Count} fits found no minimum; the first said: {found.Failures[0]}")],
        ];
    }

    /// <summary>What the fit from exchanged parameters says; null where there was none.</summary>
    public static string? Swap(SignalFamilyResult found)
    {
        if (found.LabelSwap is not { } swap)
        {
            return null;
        }

        string parameters = Listed(found, "");
        string place = string.Join(
            ", ", found.Parameters.Skip(1).Zip(swap.Theta, (parameter, value) => Text($"{parameter.Name} = {value:G4}")));
        return swap switch
        {
            { IsSame: true } => $"With {parameters} exchanged the fit came back to the same place.",
            { IsSeparated: true } =>
                Text(
                    $"With {parameters} exchanged the fit ended at {place}, where −2 ln L is {swap.Rise:F1} "
                        + $"{(swap.Rise < 0 ? "lower, and that is the result" : "higher")}: the data tell the orders apart."),
            _ =>
                Text(
                    $"With {parameters} exchanged the fit ended at {place}, where −2 ln L is only {Math.Abs(swap.Rise):F1} "
                        + $"{(swap.Rise < 0 ? "lower" : "higher")}: the data do not tell the orders apart by two standard deviations."),
        };
    }

    private static string Listed(SignalFamilyResult found, string before)
    {
        string[] words = [.. before.Length > 0 ? (string[])[before] : [], .. found.Parameters.Skip(1).Select(parameter => parameter.Name)];
        return words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} and {words[^1]}";
    }
}
