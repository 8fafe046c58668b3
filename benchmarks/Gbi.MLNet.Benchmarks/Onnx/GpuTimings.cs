using Gbi.Events;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;

namespace Gbi.Benchmarks.Onnx;

/// <summary>Throughput of two nets on a GPU at several block sizes; where there is none, the table says so and holds the
/// processor.</summary>
internal static class GpuTimings
{
    private const int Rounds = 5;
    private static readonly int[] BlockSizes = [4096, 16_384, 65_536, 262_144, 1_048_576];

    public static void Run(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, int[] hidden, int count) in new (string, int[], int)[]
        {
            ("3x128", [128, 128, 128], 8_388_608), ("4x1000", [1000, 1000, 1000, 1000], 2_097_152),
        })
        {
            string path = Path.Combine(folder, $"{name}.onnx");
            File.WriteAllBytes(path, OnnxTask.Net(1, hidden));
            OnnxTask task = OnnxTask.Of(count);
            foreach (int blockSize in BlockSizes)
            {
                foreach (bool allowsTf32 in new[] { false, true })
                {
                    Time(name, path, task, new OnnxOptions { BlockSize = blockSize, AllowTf32 = allowsTf32 });
                }
            }
        }
    }

    private static void Time(string name, string path, OnnxTask task, OnnxOptions options)
    {
        using var ratio = OnnxRatio.Open(path, new OnnxRatioOptions { Execution = options });
        if (ratio.Provider == "CPU" && (options.AllowTf32 || options.BlockSize > 16_384))
        {
            return;
        }

        // The processor takes a hundred times as long, and its row is there to say that there was no GPU.
        EventTable events = ratio.Provider == "CPU" ? task.Events.Slice(0, Math.Min(task.Count, options.BlockSize!.Value)) : task.Events;
        ratio.Score(events);
        double[] seconds = [.. Enumerable.Range(0, Rounds).Select(_ => PeerTimings.Seconds(() => ratio.Score(events))).Order()];
        string reason = ratio.ProviderReason is { } why ? $" (no GPU: {why})" : "";
        string precision = options.AllowTf32 ? "tf32" : "fp32";
        Console.WriteLine($"gbi,{name},{options.BlockSize},{precision},{ratio.Provider}{reason},{events.Count / seconds[Rounds / 2]:F0}");
    }
}
