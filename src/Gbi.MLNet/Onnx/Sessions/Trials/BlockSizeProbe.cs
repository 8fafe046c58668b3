using System.Diagnostics;

namespace Gbi.Onnx.Sessions.Trials;

/// <summary>Tries block sizes on numbers that stand for events, and takes the fastest.</summary>
internal static class BlockSizeProbe
{
    private static readonly int[] CpuSizes = [512, 1024, 4096, 16_384, 65_536];
    private static readonly int[] GpuSizes = [4096, 16_384, 65_536, 262_144, 1_048_576];

    // A size that is not clearly faster than a smaller one is not worth its memory.
    private const double ClearlyFaster = 1.05;

    public static int Fastest(OnnxNetwork network)
    {
        int best = 0;
        double bestRate = 0;
        foreach (int size in network.UsesCuda ? GpuSizes : CpuSizes)
        {
            OnnxNetwork trial = network.WithBlocksOf(size);
            double rate = Rate(trial);
            trial.CloseLanes();
            if (rate > bestRate * ClearlyFaster)
            {
                (best, bestRate) = (size, rate);
            }
        }

        return best;
    }

    /// <summary>Events a second, the better of two rounds after one that warms up.</summary>
    private static double Rate(OnnxNetwork network)
    {
        int count = Math.Max(4 * network.BlockSize, 65_536);
        double best = double.PositiveInfinity;
        for (int round = 0; round < 3; round++)
        {
            long started = Stopwatch.GetTimestamp();
            network.ForEachBlock(count, (lane, _, length) => RunNumbers(lane, network.Inputs.Count, length));
            best = round == 0 ? best : Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return count / best;
    }

    private static void RunNumbers(OnnxLane lane, int inputs, int length)
    {
        for (int input = 0; input < inputs; input++)
        {
            Span<float> values = lane.Input(input);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (i % 17 * 0.25f) - 2;
            }
        }

        lane.Run(length);
    }
}
