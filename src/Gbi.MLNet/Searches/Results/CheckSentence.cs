using System.Globalization;
using Gbi.Diagnostics.Closure;

namespace Gbi.Searches.Results;

/// <summary>The sentences of checks that failed or were inconclusive.</summary>
internal static class CheckSentence
{
    public static IReadOnlyList<string> OfFailed(IReadOnlyList<ClosureCheck> checks) =>
        [.. checks.Where(check => check.Failed).Select(check => $"{Found(check)} {check.Remedy}")];

    /// <summary>One line each: why the check says nothing.</summary>
    public static IReadOnlyList<string> OfInconclusive(IReadOnlyList<ClosureCheck> checks) =>
    [
        .. checks.Where(check => check.IsInconclusive).Select(check => double.IsNaN(check.Value)
            ? $"{check.Name}: not tested. {check.Remedy}"
            : $"{check.Name}: {check.Caveat}"),
    ];

    private static string Found(ClosureCheck check)
    {
        FormattableString found = (double.IsFinite(check.LowestAllowed), double.IsFinite(check.HighestAllowed)) switch
        {
            (true, true) => $"{check.Name}: {check.Value:G3}, allowed {check.LowestAllowed:G3} to {check.HighestAllowed:G3}.",
            (true, false) => $"{check.Name}: {check.Value:G3}, allowed {check.LowestAllowed:G3} or more.",
            _ => $"{check.Name}: {check.Value:G3}, allowed {check.HighestAllowed:G3} or less.",
        };
        return found.ToString(CultureInfo.InvariantCulture);
    }
}
