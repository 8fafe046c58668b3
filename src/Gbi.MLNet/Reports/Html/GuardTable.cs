using System.Globalization;
using Gbi.Diagnostics.Closure;

namespace Gbi.Reports.Html;

/// <summary>A search's tests of itself as a table.</summary>
internal static class GuardTable
{
    public static void Add(ReportPage page, IReadOnlyList<ClosureCheck> guards)
    {
        page.Table(
            "What may make these numbers wrong, and how much of it was found. What to do where a test fails stands at the top of the page.",
            ["test", "found", "allowed", "result"],
            guards.Select(guard => (string[])[guard.Name, Found(guard), Allowed(guard), Verdict(guard)]),
            isWords: true);
        foreach (ClosureCheck guard in guards.Where(guard => guard.Passed && guard.Caveat is not null))
        {
            page.Paragraph($"{guard.Name}: {guard.Caveat}");
        }
    }

    private static string Found(ClosureCheck guard) => guard switch
    {
        { Value: double.NaN } => "not known",
        { Error: { } error } => RoundedNumber.WithError(guard.Value, error),
        _ => Number(guard.Value),
    };

    private static string Allowed(ClosureCheck guard) =>
        (double.IsFinite(guard.LowestAllowed), double.IsFinite(guard.HighestAllowed)) switch
    {
        (true, true) => $"{Number(guard.LowestAllowed)} to {Number(guard.HighestAllowed)}",
        (true, false) => $"{Number(guard.LowestAllowed)} or more",
        (false, true) => $"{Number(guard.HighestAllowed)} or less",
        _ => "",
    };

    private static string Verdict(ClosureCheck guard) => guard switch
    {
        { Value: double.NaN } => "not tested",
        { Passed: false } => "failed",
        { Caveat: not null } => "passed, but see below",
        _ => "passed",
    };

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture).Replace('-', '−');
}
