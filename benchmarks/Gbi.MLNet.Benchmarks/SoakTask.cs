using System.Diagnostics;
using Gbi.Tests.Soak;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks;

/// <summary>The managed heap and the open handles while analyses are repeated, as a Markdown table: flat, unless something leaks.</summary>
internal static class SoakTask
{
    private const int Rows = 10;

    /// <summary>Runs fits of an unbinned likelihood, then searches.</summary>
    public static void Run(int fits, int searches)
    {
        Console.WriteLine("| rounds | of | managed heap, kB | handles | resident, MB | s |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Repeat("fits", fits, round => SoakRounds.Fit(round));
        Repeat("searches", searches, round => SoakRounds.Search(round));
    }

    private static void Repeat(string what, int rounds, Action<int> work)
    {
        var clock = Stopwatch.StartNew();
        for (int round = 0; round < rounds; round++)
        {
            work(round);
            if ((round + 1) % Math.Max(1, rounds / Rows) == 0)
            {
                ProcessLevel level = ProcessLevel.Now();
                Console.WriteLine(
                    Text($"| {round + 1} | {what} | {level.HeapBytes / 1000.0:N0} | {level.Handles} ")
                        + Text($"| {Environment.WorkingSet / 1e6:N0} | {clock.Elapsed.TotalSeconds:F1} |"));
            }
        }
    }
}
