using Gbi.Diagnostics.Posteriors;
using Gbi.Infer;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.EventSets;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Ratios;
using Gbi.Posteriors.Sampling;
using Gbi.Posteriors.Truncation;
using Gbi.Simulators;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Html.Posteriors;

/// <summary>What terminal and page say of a posterior in the same words.</summary>
internal static class PosteriorText
{
    private const int MostRegions = 10;

    /// <summary>Columns of the table of one observation's parameters.</summary>
    public static readonly string[] Columns = ["Parameter", "Mean", "Deviation", "Median", "68 % interval", "95 % interval", "Mode"];

    /// <summary>Names of the features, of a single event where the posterior is one of several.</summary>
    public static string Features(IPosteriorModel model) =>
        string.Join(", ", model is EventSetPosterior sets ? sets.OfOneEvent.Features : model.Features);

    /// <summary>What the posterior comes from.</summary>
    public static string Origin(IPosteriorModel model) => model switch
    {
        TreePosterior trees => Text($"learnt from {Counted(trees.SimulationCount, "simulation")}"),
        TruncatedPosterior local => Text($"learnt from {Counted(local.SimulationCount, "simulation")} near one observation, for it alone"),
        RatioPosterior { Uncorrected: { } trees } =>
            Text($"learnt from {Counted(trees.SimulationCount, "simulation")}, corrected by a classifier"),
        RatioPosterior => "learnt by a classifier",
        EventSetPosterior sets => $"of {Events(sets.EventCounts)} by the sum of their log-densities, {Origin(sets.OfOneEvent)}",
        LikelihoodPosterior => "the posterior of a likelihood, by a sampler",
        _ => "learnt outside",
    };

    /// <summary>Failures in a sentence.</summary>
    public static string Failures(SimulationFailures failures, bool areTechnical) => failures.FailedCount == 0 ? failures.Sentence
        : areTechnical ? $"{failures.Sentence} Simulations that did not fail stand for them, by weights."
        : $"{failures.Sentence} They are left out.";

    /// <summary>Columns of the table of <see cref="FailureRows"/>.</summary>
    public static readonly string[] FailureColumns = ["Failed most where", "from", "to", "Simulations", "Failed"];

    /// <summary>The regions with the largest shares of failures.</summary>
    public static IEnumerable<string[]> FailureRows(SimulationFailures failures) => failures.Regions
        .Where(region => region.FailedCount > 0)
        .OrderByDescending(region => (double)region.FailedCount / region.Count)
        .Take(MostRegions)
        .Select(region => (string[])
        [
            region.Parameter, Text($"{region.Low:G6}"), Text($"{region.High:G6}"), Text($"{region.Count:N0}"),
            Text($"{region.FailedCount:N0}"),
        ]);

    /// <summary>What weights of simulations do to their numbers.</summary>
    public static string Weights(WeightedCounts counts) =>
        Text($"By their weights they are worth {counts.EffectiveTrainingCount:N0}; of {counts.HeldOutCount:N0} held out, ")
        + Text($"{counts.TestedCount:N0} are tested with, in proportion to their weights.");

    /// <summary>The head of the tests.</summary>
    public static string Tests(PosteriorReport report) =>
        Text($"Tests on {Counted(report.PairCount, "pair")}, {Counted(report.DrawCount, "draw")} each:");

    /// <summary>The head of one posterior.</summary>
    public static string PosteriorOf(string observed, int draws) => $"Posterior of {observed}, from {Text($"{draws:N0}")} draws:";

    /// <summary>The head of several.</summary>
    public static string PosteriorsOf(string observed, int count, int draws) =>
        $"Posteriors of {Text($"{count:N0}")} observations in {observed}, from {Text($"{draws:N0}")} draws each, mean ± deviation:";

    /// <summary>A row of the table with these <see cref="Columns"/>.</summary>
    public static string[] Row(ParameterSummary parameter) =>
    [
        parameter.Name, Number(parameter.Mean), Number(parameter.StandardDeviation), Number(parameter.Median), Range(parameter.Central[0]),
        Range(parameter.Central[1]), Number(parameter.Mode),
    ];

    /// <summary>Mean and deviation.</summary>
    public static string Value(ParameterSummary parameter) => $"{Number(parameter.Mean)} ± {Number(parameter.StandardDeviation)}";

    private static string Events(IReadOnlyList<int> counts) => (counts.Count, counts.Min(), counts.Max()) switch
    {
        (1, int events, _) => Counted(events, "event"),
        (int sets, int few, int most) when few == most => Text($"{Counted(sets, "set")} of {Counted(few, "event")} each"),
        (int sets, int few, int most) => Text($"{Counted(sets, "set")} of {few:N0} to {most:N0} events"),
    };

    private static string Range(CredibleInterval interval) => $"{Number(interval.Low)} to {Number(interval.High)}";

    private static string Number(double value) => Text($"{value:G5}");
}
