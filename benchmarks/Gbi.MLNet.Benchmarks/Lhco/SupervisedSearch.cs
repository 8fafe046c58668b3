using System.Diagnostics;
using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Inference.MixtureFraction;
using Gbi.Numerics;
using Gbi.Ratios;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Lhco;

/// <summary>
/// Real simulated events of the LHC Olympics: sr_signal.parquet against the background of sr_events.parquet, and the fraction of
/// the signal events hidden in the latter. Peers solve the first half too (benchmarks/peers/lhco).
/// </summary>
internal static class SupervisedSearch
{
    private const int Seeds = 5;

    /// <summary>The default options, and the same with as many members as the peer has.</summary>
    private static readonly RatioOptions[] Trained = [new(), new() { MemberCount = 5 }];

    /// <summary>Prints rows of a Markdown table: each feature set with each of a few seeds.</summary>
    public static void Run(string folder)
    {
        (EventTable signal, EventTable background, EventTable hidden) = LhcoEvents.Read(folder);
        foreach (RatioOptions options in Trained)
        {
            foreach (string[] features in new[] { LhcoEvents.Columns[1..], LhcoEvents.Columns })
            {
                for (ulong seed = 1; seed <= Seeds; seed++)
                {
                    Console.WriteLine(Row((signal, background, hidden), features, options, new Seed(seed)));
                }
            }
        }
    }

    private static string Row(
        (EventTable Signal, EventTable Background, EventTable Hidden) events, string[] features, RatioOptions options, Seed seed)
    {
        (EventTable signal, EventTable background, EventTable hidden) = events;
        long start = Stopwatch.GetTimestamp();
        CrossFittedRatio fitted = RatioTrainer.CrossFit(signal, background, features, options, seed);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        ReadOnlySpan<float> ofSignal = fitted.OutOfFold.LogRatio[..signal.Count];
        ReadOnlySpan<float> ofBackground = fitted.OutOfFold.LogRatio[signal.Count..];
        var improvement = new SignificanceImprovement(new(ofSignal), new(ofBackground));
        double area = RocCurve.Area(new(ofSignal), new(ofBackground));

        // The hidden events took no part in the training; one fold's models score each, as they do the background.
        int[] foldOf = seed.Child("hidden").Folds(hidden.Count, options.FoldCount);
        SignalFractionResult fraction = SignalFractionFit.Fit([.. ofBackground, .. fitted.Model.ScoreByFold(hidden, foldOf).LogRatio]);
        return Text(
            $"| Gbi.MLNet {typeof(RatioModel).Assembly.GetName().Version!.ToString(3)}, {options.MemberCount} members | "
                + $"{features.Length} | {seed.Value} | "
                + $"{improvement.At(1e-3).Improvement:F2} | {improvement.Maximum().Improvement:F2} | {area:F4} | {seconds:F1} | "
                + $"{fraction.Value:F5} ± {fraction.StatisticalError:F5} | {fitted.MeanRatio.Value:F3} ± {fitted.MeanRatio.Error:F3} |");
    }
}
