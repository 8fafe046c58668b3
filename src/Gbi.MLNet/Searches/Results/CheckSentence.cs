using System.Globalization;
using Gbi.Diagnostics.Closure;

namespace Gbi.Searches.Results;

/// <summary>The sentence of a check that failed.</summary>
internal static class CheckSentence
{
    public static IReadOnlyList<string> OfFailed(IReadOnlyList<ClosureCheck> checks) =>
        [.. checks.Where(check => !check.Passed).Select(Of)];

    private static string Of(ClosureCheck check)
    {
        FormattableString found = (double.IsFinite(check.LowestAllowed), double.IsFinite(check.HighestAllowed)) switch
        {
            (true, true) => $"{check.Name}: {check.Value:G3}, allowed {check.LowestAllowed:G3} to {check.HighestAllowed:G3}.",
            (true, false) => $"{check.Name}: {check.Value:G3}, allowed {check.LowestAllowed:G3} or more.",
            _ => $"{check.Name}: {check.Value:G3}, allowed {check.HighestAllowed:G3} or less.",
        };
        return (double.IsNaN(check.Value) ? $"{check.Name} is not known." : found.ToString(CultureInfo.InvariantCulture)) + " "
            + check.Remedy;
    }
}
