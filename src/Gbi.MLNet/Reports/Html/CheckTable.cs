using System.Globalization;
using Gbi.Diagnostics.Closure;

namespace Gbi.Reports.Html;

/// <summary>A search's tests of itself as a table.</summary>
internal static class CheckTable
{
    public static void Add(ReportPage page, IReadOnlyList<ClosureCheck> checks)
    {
        page.Table(
            "Checks of the search. Remedies for failed checks are at the top of the page.",
            ["check", "found", "allowed", "result"],
            checks.Select(check => (string[])[check.Name, Found(check), Allowed(check), Verdict(check)]),
            isWords: true);
        foreach (ClosureCheck check in checks.Where(check => !check.Failed && check.Caveat is not null))
        {
            page.Paragraph($"{check.Name}: {check.Caveat}");
        }
    }

    private static string Found(ClosureCheck check) => check switch
    {
        { Value: double.NaN } => "not known",
        { Error: { } error } => RoundedNumber.WithError(check.Value, error),
        _ => Number(check.Value),
    };

    private static string Allowed(ClosureCheck check) =>
        (double.IsFinite(check.LowestAllowed), double.IsFinite(check.HighestAllowed)) switch
        {
            (true, true) => $"{Number(check.LowestAllowed)} to {Number(check.HighestAllowed)}",
            (true, false) => $"{Number(check.LowestAllowed)} or more",
            (false, true) => $"{Number(check.HighestAllowed)} or less",
            _ => "",
        };

    private static string Verdict(ClosureCheck check) => check switch
    {
        { Value: double.NaN } => "not tested",
        { Failed: true } => "failed",
        { IsInconclusive: true } => "inconclusive",
        _ => "passed",
    };

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture).Replace('-', '−');
}
