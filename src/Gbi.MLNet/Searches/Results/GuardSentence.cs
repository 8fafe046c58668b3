using Gbi.Diagnostics.Closure;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Results;

/// <summary>What a guard that failed tells the user.</summary>
internal static class GuardSentence
{
    public static IReadOnlyList<string> OfFailed(IReadOnlyList<ClosureCheck> guards) =>
        [.. guards.Where(guard => !guard.Passed).Select(Of)];

    private static string Of(ClosureCheck guard)
    {
        string found = (double.IsFinite(guard.LowestAllowed), double.IsFinite(guard.HighestAllowed)) switch
        {
            (true, true) => Text($"{guard.Name}: {guard.Value:G3}, allowed {guard.LowestAllowed:G3} to {guard.HighestAllowed:G3}."),
            (true, false) => Text($"{guard.Name}: {guard.Value:G3}, allowed {guard.LowestAllowed:G3} or more."),
            _ => Text($"{guard.Name}: {guard.Value:G3}, allowed {guard.HighestAllowed:G3} or less."),
        };
        return (double.IsNaN(guard.Value) ? $"{guard.Name} is not known." : found) + " " + guard.Remedy;
    }
}
