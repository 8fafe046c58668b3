using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Gbi.Diagnostics;
using Gbi.Events;
using Gbi.Inference;
using Gbi.IO;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Trees;

namespace Gbi.Benchmarks;

/// <summary>
/// Real simulated events of the LHC Olympics: sr_signal.parquet against the background of sr_events.parquet, and the fraction of
/// the signal events hidden in the latter. Peers solve the first half too (benchmarks/peers/lhco).
/// </summary>
internal static class SupervisedSearch
{
    private const int Seeds = 3;

    private static readonly string[] Columns = ["mjj", "mj1", "delta_mj", "tau21_j1", "tau21_j2"];

    private static readonly RatioOptions Options = new()
    {
        FoldCount = 5,
        MemberCount = 5,
        Trees = new TreeOptions { TreeCount = 200, LeafCount = 16, L2 = 10, MinLeafHessian = 10 },
    };

    /// <summary>Prints rows of a Markdown table: each feature set with each of a few seeds.</summary>
    public static void Run(string folder)
    {
        (EventTable signal, EventTable background, EventTable hidden) = Read(folder);
        foreach (string[] features in new[] { Columns[1..], Columns })
        {
            for (ulong seed = 1; seed <= Seeds; seed++)
            {
                Console.WriteLine(Row(signal, background, hidden, features, new Seed(seed)));
            }
        }
    }

    /// <summary>Writes the events as raw little-endian floats, row by row, for programs that read no Parquet.</summary>
    public static void Export(string folder, string target)
    {
        (EventTable signal, EventTable background, EventTable hidden) = Read(folder);
        Directory.CreateDirectory(target);
        foreach ((string name, EventTable events) in new[] { ("signal", signal), ("background", background), ("hidden", hidden) })
        {
            float[] rows = new float[events.Count * Columns.Length];
            for (int column = 0; column < Columns.Length; column++)
            {
                for (int row = 0; row < events.Count; row++)
                {
                    rows[(row * Columns.Length) + column] = events[Columns[column]][row];
                }
            }

            File.WriteAllBytes(Path.Combine(target, $"{name}.f32"), MemoryMarshal.AsBytes(rows.AsSpan()));
        }
    }

    private static string Row(EventTable signal, EventTable background, EventTable hidden, string[] features, Seed seed)
    {
        long start = Stopwatch.GetTimestamp();
        CrossFittedRatio fitted = RatioTrainer.CrossFit(signal, background, features, Options, seed);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        ReadOnlySpan<float> ofSignal = fitted.OutOfFold.LogRatio[..signal.Count];
        ReadOnlySpan<float> ofBackground = fitted.OutOfFold.LogRatio[signal.Count..];
        var improvement = new SignificanceImprovement(ofSignal, [], ofBackground, []);
        double area = RocCurve.Area(ofSignal, [], ofBackground, []);

        // The hidden events took no part in the training; one fold's models score each, as they do the background.
        int[] foldOf = seed.Child("hidden").Folds(hidden.Count, Options.FoldCount);
        SignalFractionResult fraction = SignalFractionFit.Fit([.. ofBackground, .. fitted.Model.ScoreByFold(hidden, foldOf).LogRatio]);
        return string.Create(CultureInfo.InvariantCulture,
            $"| Gbi.MLNet {typeof(RatioModel).Assembly.GetName().Version!.ToString(3)} | {features.Length} | {seed.Value} | {improvement.At(1e-3).Improvement:F2} | {improvement.Maximum().Improvement:F2} | {area:F4} | {seconds:F1} | {fraction.Value:F5} ± {fraction.StatisticalError:F5} | {fitted.MeanRatio:F3} ± {fitted.MeanRatioError:F3} |");
    }

    private static (EventTable Signal, EventTable Background, EventTable Hidden) Read(string folder)
    {
        EventTable events = new ParquetEventReader(Path.Combine(folder, "sr_events.parquet")).Read([.. Columns, "label"]);
        return (
            new ParquetEventReader(Path.Combine(folder, "sr_signal.parquet")).Read(Columns),
            WithLabel(events, 0),
            WithLabel(events, 1));
    }

    private static EventTable WithLabel(EventTable events, float label)
    {
        float[] labels = events["label"].ToArray();
        return events.Select([.. Enumerable.Range(0, labels.Length).Where(row => labels[row] == label)]);
    }
}
