using System.Diagnostics;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Numerics;
using Gbi.Simulators;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Simulators;

/// <summary>Events per second of the dijet simulator, with and without writing them to Parquet, as a Markdown table.</summary>
internal static class SimulationTimings
{
    private const int BlockSize = 8 * 65_536;

    public static void Run(int count)
    {
        Simulate(BlockSize, null);
        Console.WriteLine("| what | events | s | million events/s | processor time, µs an event |");
        Console.WriteLine("|---|---|---|---|---|");
        Tell("simulate", count, () => Simulate(count, null));
        string file = Path.Combine(Path.GetTempPath(), $"gbi-simulation-{Environment.ProcessId}.parquet");
        try
        {
            Tell("simulate and write", count, () =>
            {
                using var writer = new ParquetEventWriter(
                    file, DijetSimulator.ColumnsOf(new DijetSimulation()), hasWeights: false, new ParquetWriteOptions { Overwrite = true });
                Simulate(count, writer);
                writer.Complete();
            });
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Simulate(int count, ParquetEventWriter? writer)
    {
        foreach (EventTable block in DijetSimulator.DataInBlocks(count, 0.003, new Seed(1), BlockSize))
        {
            writer?.Append(block);
        }
    }

    private static void Tell(string what, int count, Action work)
    {
        // The best of three: the machine may do other work.
        var runs = new List<(double Seconds, double Processor)>();
        for (int run = 0; run < 3; run++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            var clock = Stopwatch.StartNew();
            work();
            runs.Add((clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds));
        }

        (double seconds, double processor) = runs.Min();
        Console.WriteLine(Text($"| {what} | {count:N0} | {seconds:F2} | {count / seconds / 1e6:F1} | {1e6 * processor / count:F2} |"));
    }
}
