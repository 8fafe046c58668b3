using Gbi.Inference.GlobalProbability;
using Gbi.Searches.Background;
using Gbi.Searches.Family;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Results;

/// <summary>What the numbers of a fitted signal family mean and what they do not, in sentences.</summary>
internal static class FamilyStatements
{
    /// <summary>The sentences.</summary>
    /// <param name="found">The fit.</param>
    /// <param name="template">The background: one that is not made of sidebands takes in no signal, and a given one has no
    /// generator.</param>
    public static IReadOnlyList<string> Of(SignalFamilyResult found, BackgroundTemplate template)
    {
        string parameters = Listed(found, "");
        return
        [
            $"{Listed(found, "Signal fraction")} assume a signal distributed as in the simulated family; if the real signal differs, they "
                + $"are biased by an unknown amount.",
            Text(
                $"−2 ln L falls by {found.Gain:F1} from no signal to the fit with {found.DegreesOfFreedom} parameters: "
                    + $"{found.Significance:F1} σ local, not corrected for the search over {parameters}. The excess after cuts is local "
                    + $"too."),
            Global(found, parameters),
            .. Contamination(found, template),
            (found.IsCalibrated
                ? "Errors and contours include the finite size of data, template and signal sample"
                    + (found.HasGeneratorSpread ? ", and the spread of the background generator" : NoSpread(", but not"))
                : "Errors and contours are those of the learnt likelihood, without the finite size of template and signal sample"
                    + NoSpread(" and without"))
                + "; the fit uses neither the number of events nor the expected background.",
            .. Swap(found) is { } swap ? (string[])[swap] : [],
            .. found.Remarks,
            .. found.Failures.Count == 0
                ? (string[])[]
                : [Text($"{found.Failures.Count} fits found no minimum. The first: {found.Failures[0]}")],
        ];

        string NoSpread(string words) => template.IsLearnt ? $"{words} the spread of the background generator" : "";
    }

    private static string[] Contamination(SignalFamilyResult found, BackgroundTemplate template) => (template.HoldsSidebands, found) switch
    {
        (false, _) => [],
        (_, { Correction: 1 }) => ["The signal fraction is not corrected for signal contamination of the sidebands."],
        _ =>
        [
            Text(
                $"Signal fraction, its error and its contours are multiplied by {found.Correction:F3}, to first order the correction "
                    + $"for signal contamination of the sidebands: the background template contains "
                    + $"{100 * (1 - (1 / found.Correction)):F1} % of the signal."),
        ],
    };

    private static string Global(SignalFamilyResult found, string parameters) => found.Global switch
    {
        null => $"Without a signal the fitted values of {parameters} have no meaning, and the interval of the signal fraction does not "
            + $"hold 0 as often as it says; toys without signal can tell.",
        { } global when found.ShowsNoSignal => Text(
            $"{Counted(global, parameters)}. So the data show no signal of this family: the fitted values of {parameters} have no meaning, "
                + $"and the signal fraction is that of the largest fluctuation."),
        { } global => Counted(global, parameters) + ".",
    };

    private static string Counted(ToyGlobalProbability global, string parameters) => Text(
        $"In {global.AtLeastAsExtreme:N0} of {global.ToyCount:N0} data sets without signal, drawn from the background, −2 ln L falls "
            + $"as far as in the data somewhere on a grid of {parameters}: global p-value {global.Value:G2}"
            + $"{(global.AtLeastAsExtreme == 0 ? " or less" : "")}");

    /// <summary>What the fit from exchanged parameters found; null where there was none.</summary>
    public static string? Swap(SignalFamilyResult found)
    {
        if (found.LabelSwap is not { } swap)
        {
            return null;
        }

        string parameters = Listed(found, "");
        string point = string.Join(
            ", ", found.Parameters.Skip(1).Zip(swap.Theta, (parameter, value) => Text($"{parameter.Name} = {value:G4}")));
        return swap switch
        {
            { IsSame: true } => $"With {parameters} exchanged the fit returned to the same point.",
            { IsSeparated: true } =>
                Text(
                    $"With {parameters} exchanged the fit ended at {point}, where −2 ln L is {swap.Rise:F1} "
                        + $"{(swap.Rise < 0 ? "lower, and that is the result" : "higher")}: the data determine the order."),
            _ =>
                Text(
                    $"With {parameters} exchanged the fit ended at {point}, where −2 ln L is only {Math.Abs(swap.Rise):F1} "
                        + $"{(swap.Rise < 0 ? "lower" : "higher")}: the data do not determine the order at 2 σ."),
        };
    }

    private static string Listed(SignalFamilyResult found, string before)
    {
        string[] words = [.. before.Length > 0 ? (string[])[before] : [], .. found.Parameters.Skip(1).Select(parameter => parameter.Name)];
        return words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} and {words[^1]}";
    }
}
