using System.Diagnostics;
using Gbi.Events.IO;
using Gbi.Numerics;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Pipeline;
using Gbi.Pipeline.Estimators;
using Gbi.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Gbi.Benchmarks.Onnx;

/// <summary>Networks on the processor: this package's scorer and pipeline beside ONNX Runtime alone, in the same run.</summary>
internal static class OnnxTimings
{
    private const int Rounds = 5;
    private const int RowsOneByOne = 20_000;
    private static readonly int[] Hidden = [128, 128, 128];

    /// <summary>Prints a table of medians over rounds in which everything is timed once, in turn.</summary>
    public static void Run(int count)
    {
        OnnxTask task = OnnxTask.Of(count);
        byte[] net = OnnxTask.Net(1, Hidden);
        string folder = Directory.CreateTempSubdirectory("gbi-onnx-").FullName;
        try
        {
            using var ours = OnnxRatio.Open(net);
            using var largeBlocks = OnnxRatio.Open(
                net, new OnnxRatioOptions { Execution = new OnnxOptions { BlockSize = OnnxOptions.GpuBlockSize } });
            using OnnxRatio ensemble = Ensemble(folder, 10);
            string input = Path.Combine(folder, "in.parquet");
            ParquetEventWriter.Write(input, task.Events);
            ParquetEventWriter.Write(Path.Combine(folder, "few.parquet"), task.Events.Slice(0, RowsOneByOne));
            File.WriteAllBytes(Path.Combine(folder, "net.onnx"), net);
            int threads = EventBlocks.MaxThreads;
            var timings = new (string Name, int Events, Func<double> Seconds)[]
            {
                (
                    $"bare loop, blocks of {OnnxOptions.GpuBlockSize:N0}", count,
                    () => BareSession.Blocks(net, task.Rows, OnnxTask.Width, OnnxOptions.GpuBlockSize, threads)),
                (
                    $"bare loop, blocks of {OnnxOptions.CpuBlockSize:N0}", count,
                    () => BareSession.Blocks(net, task.Rows, OnnxTask.Width, OnnxOptions.CpuBlockSize, threads)),
                ("OnnxRatio.Score", count, () => PeerTimings.Seconds(() => ours.Score(task.Events))),
                (
                    $"OnnxRatio.Score, blocks of {OnnxOptions.GpuBlockSize:N0}", count,
                    () => PeerTimings.Seconds(() => largeBlocks.Score(task.Events))),
                ("gbi score, Parquet to Parquet", count, () => PeerTimings.Seconds(() => ScoreFile(folder))),
                ("ML.NET, Parquet to Parquet", count, () => PeerTimings.Seconds(() => Pipeline(folder, net, joins: false))),
                ("ML.NET with Concatenate, Parquet to Parquet", count, () => PeerTimings.Seconds(() => Pipeline(folder, net, joins: true))),
                ("ML.NET, one Run a row, Parquet to Parquet", RowsOneByOne, () => PeerTimings.Seconds(() => RowPipeline(folder, net))),
                ("one Run a row", RowsOneByOne, () => BareSession.RowByRow(net, task.Rows, OnnxTask.Width, RowsOneByOne)),
                ("ensemble of 10, one read", count, () => PeerTimings.Seconds(() => ensemble.Score(task.Events))),
            };
            double[][] seconds = [.. timings.Select(_ => new double[Rounds])];
            for (int round = -1; round < Rounds; round++)
            {
                for (int timing = 0; timing < timings.Length; timing++)
                {
                    double found = timings[timing].Seconds();
                    seconds[timing][Math.Max(round, 0)] = found;
                }
            }

            double[] rates = [.. timings.Select((timing, i) => timing.Events / Median(seconds[i]))];
            double bare = Math.Max(rates[0], rates[1]);
            Console.WriteLine(
                $"{count:N0} events of {OnnxTask.Width} features, 3 x 128 net, {threads} threads, medians of {Rounds} rounds");
            for (int timing = 0; timing < timings.Length; timing++)
            {
                Console.WriteLine(
                    $"{timings[timing].Name,-48} {rates[timing],14:N0} events/s  {100 * rates[timing] / bare,7:F1} % of the faster bare "
                        + $"loop");
            }

            Console.WriteLine(
                $"ensemble of 10 takes {rates[2] / rates[9]:F2} x one net; the ML.NET pipeline is {rates[5] / rates[7]:F1} x one with one "
                    + $"Run a row");
            Console.WriteLine($"allocated beside the results: {Allocated(ours, task):F4} bytes an event");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Peak memory of the tool on files of three sizes, each in a process of its own.</summary>
    public static void Memory(string tool)
    {
        string folder = Directory.CreateTempSubdirectory("gbi-onnx-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "net.onnx"), OnnxTask.Net(1, Hidden));
            OnnxTask million = OnnxTask.Of(1_000_000);
            foreach (int millions in (int[])[1, 5, 20])
            {
                string input = Path.Combine(folder, $"{millions}.parquet");
                using (var writer = new ParquetEventWriter(input, million.Events.ColumnNames, hasWeights: false))
                {
                    for (int part = 0; part < millions; part++)
                    {
                        writer.Append(million.Events);
                    }

                    writer.Complete();
                }

                string output = Path.Combine(folder, "out.parquet");
                double seconds = 0;
                long peak = 0;
                seconds = PeerTimings.Seconds(
                    () =>
                        peak = PeakOf(
                            "dotnet", tool, "score", input, "--model", Path.Combine(folder, "net.onnx"), "--out", output,
                            "--force"));
                Console.WriteLine(
                    $"gbi score on {millions,2} M events: peak {peak / 1048576.0:F0} MiB, {seconds:F1} s, {millions * 1e6 / seconds:N0} "
                        + $"events/s with the start of the process");
                File.Delete(input);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static OnnxRatio Ensemble(string folder, int members)
    {
        string[] paths = [.. Enumerable.Range(0, members).Select(member => Path.Combine(folder, $"member{member}.onnx"))];
        for (int member = 0; member < members; member++)
        {
            File.WriteAllBytes(paths[member], OnnxTask.Net(member, Hidden));
        }

        return OnnxRatio.Open(paths);
    }

    private static void ScoreFile(string folder)
    {
        using ScoringModel model = ScoringModel.Load(Path.Combine(folder, "net.onnx"));
        new FileScoring([model], new FileScoringOptions { Overwrite = true }).Run(
            [new ScoringTask(Path.Combine(folder, "in.parquet"), Path.Combine(folder, "scored.parquet"))]);
    }

    private static void Pipeline(string folder, byte[] net, bool joins)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView view = mlContext.Gbi.LoadParquet(Path.Combine(folder, "in.parquet"));
        if (joins)
        {
            view = mlContext.Transforms.Concatenate("Features", [.. view.Schema.Select(column => column.Name)]).Fit(view).Transform(view);
        }

        string[] columns = [.. view.Schema.Where(column => column.Name != "Features").Select(column => column.Name), "LogRatio"];
        IDataView scored = mlContext.Gbi.OnnxRatio(net, new OnnxRatioColumns { FeatureColumn = joins ? "Features" : null })
            .Fit(view)
            .Transform(view);
        mlContext.Gbi.SaveParquet(scored, Path.Combine(folder, "pipeline.parquet"), columns, new ParquetWriteOptions { Overwrite = true });
    }

    /// <summary>A pipeline that runs its session once a row through named values, as ML.NET's OnnxTransformer does.</summary>
    private static void RowPipeline(string folder, byte[] net)
    {
        using var session = new InferenceSession(net);
        var mlContext = new MLContext(seed: 1);
        IDataView view = mlContext.Gbi.LoadParquet(Path.Combine(folder, "few.parquet"));
        string[] names = [.. view.Schema.Select(column => column.Name)];
        IDataView joined = mlContext.Transforms.Concatenate("Features", names).Fit(view).Transform(view);
        IDataView scored = mlContext.Transforms.CustomMapping<RowInput, RowOutput>(
            (input, output) =>
            {
                float[] row = new float[OnnxTask.Width];
                input.Features.CopyTo(row);
                using var results = session.Run(
                    [NamedOnnxValue.CreateFromTensor("features", new DenseTensor<float>(row, [1, OnnxTask.Width]))]);
                output.LogRatio = results[0].AsTensor<float>().First();
            },
            contractName: null).Fit(joined).Transform(joined);
        mlContext.Gbi.SaveParquet(
            scored, Path.Combine(folder, "rows.parquet"), [.. names, "LogRatio"], new ParquetWriteOptions { Overwrite = true });
    }

    private static double Allocated(OnnxRatio ratio, OnnxTask task)
    {
        ratio.Score(task.Events);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        ratio.Score(task.Events);
        return ((double)(GC.GetTotalAllocatedBytes(precise: true) - before) / task.Count) - 12;
    }

    private static long PeakOf(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        long peak = 0;
        while (!process.WaitForExit(20))
        {
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It ended in between.
            }
        }

        return process.ExitCode == 0 ? peak : throw new InvalidOperationException($"{program} failed: {output.Result}");
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private sealed class RowInput
    {
        public VBuffer<float> Features { get; set; }
    }

    private sealed class RowOutput
    {
        public float LogRatio { get; set; }
    }
}
