using Gbi.Inference.Fits;
using Gbi.Reports.Figures;
using Gbi.Reports.Plots;
using Gbi.Searches.Family;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Html;

/// <summary>The part of a search's report about a signal family: values, contours, minima and the interchanged parameters.</summary>
internal static class FamilySection
{
    public static void Add(ReportPage page, SearchRun run)
    {
        if (run.Search.Result.Family is not { } found)
        {
            return;
        }

        page.Heading("Signal fraction and parameters of the family");
        page.Table(
            "Parameters of the joint fit. Each interval is of one parameter, with all others profiled.",
            ["parameter", "value", "error", "68 %", "95 %", "range of the family"],
            found.Parameters.Select(Row));
        string[] names = [.. found.Parameters.Skip(1).Select(parameter => parameter.Name)];
        if (found.Contours.Count > 0)
        {
            page.Figures(
            [
                .. Pairs(names).Select(pair => FamilyFigure.Contours(found, pair.First, pair.Second)),
                .. Pairs(names).Select(pair => FamilyFigure.Minima(found, pair.First, pair.Second)).OfType<PlotFigure>(),
                .. names.Select(name => FamilyFigure.Contours(found, name, FamilySearchOptions.Fraction)),
            ]);
        }
        else
        {
            page.Paragraph("There are no contours: the fit has no errors.", "warning");
        }

        page.Table(
            "Local minima of the learnt likelihood, from several starts. The values above are those of the lowest, calibrated "
                + "with samples.",
            [.. names, "signal fraction", "−2 ln L above the lowest"],
            found.Minima.Select(minimum => (string[])
            [
                .. minimum.Theta.Select((value, p) => RoundedNumber.Like(value, found.Parameters[p + 1].Error)),
                RoundedNumber.Like(minimum.Fraction, found.Parameters[0].Error),
                RoundedNumber.Like(minimum.Rise, 1),
            ]));
        page.Paragraph(Exchanged(run, found, names));
    }

    private static string Exchanged(SearchRun run, SignalFamilyResult found, string[] names)
    {
        if (run.Search.Options.Family is { Training.IsInterchangeable: true })
        {
            return $"{names[0]} and {names[1]} are interchangeable: {names[0]} is the larger one.";
        }

        return FamilyStatements.Swap(found) ?? (names.Length == 2
            ? "The fit with interchanged parameters found no minimum."
            : "There are no two parameters to interchange.");
    }

    private static string[] Row(FamilyParameter parameter) =>
    [
        parameter.Name == FamilySearchOptions.Fraction ? "signal fraction" : parameter.Name,
        RoundedNumber.Like(parameter.Value, parameter.Error),
        double.IsFinite(parameter.Error) ? RoundedNumber.Like(parameter.Error, parameter.Error) : "none",
        Range(parameter.Interval68, parameter.Error),
        Range(parameter.Interval95, parameter.Error),
        Text($"{parameter.Lowest:G3} to {parameter.Highest:G3}").Replace('-', '−'),
    ];

    private static string Range(ConfidenceInterval? interval, double error) => interval is { } known
        ? $"{RoundedNumber.Like(known.Lower, error)} to {RoundedNumber.Like(known.Upper, error)}"
        : "none";

    private static IEnumerable<(string First, string Second)> Pairs(string[] names) =>
        names.SelectMany((first, at) => names.Skip(at + 1).Select(second => (first, second)));
}
