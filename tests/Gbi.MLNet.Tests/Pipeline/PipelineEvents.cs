using System.Globalization;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators;
using Microsoft.ML.Data;

namespace Gbi.Tests.Pipeline;

/// <summary>A simulated dijet event as ML.NET reads it.</summary>
internal sealed class PipelineEvent
{
    public bool Label { get; set; }

    public float Weight { get; set; }

    public float Mass { get; set; }

    public float Nu { get; set; }

    public float Mu { get; set; }

    [VectorType(2)]
    public float[] Score { get; set; } = [];

    [VectorType(4)]
    public float[] Features { get; set; } = [];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Label ? 1 : 0)} {Weight:R} {Mass:R} "
            + $"{string.Join(' ', Features.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}");
}

/// <summary>What the estimators append.</summary>
internal sealed class PipelineScore
{
    public float LogRatio { get; set; }

    public float BackgroundWeight { get; set; }

    [ColumnName("Delta_Nu")]
    public float Coefficient { get; set; }

    [ColumnName("First")]
    public float Score { get; set; }

    public float[] PosteriorMean { get; set; } = [];

    public float[] PosteriorDraws { get; set; } = [];

    /// <summary>The output of that name, the first number of a vector.</summary>
    public float this[string output] => output switch
    {
        "LogRatio" => LogRatio,
        "BackgroundWeight" => BackgroundWeight,
        "Delta_Nu" => Coefficient,
        "First" => Score,
        "PosteriorMean" => PosteriorMean[0],
        "PosteriorDraws" => PosteriorDraws[0],
        _ => throw new ArgumentOutOfRangeException(nameof(output), output, "No such output."),
    };
}

internal static class PipelineEvents
{
    /// <summary>
    /// Signal (label true) and background events of the dijet simulation, with weights of 0.5 and 1.5, shared out over nine samples at
    /// parameters of −1, 0 and 1, and with two scores.
    /// </summary>
    public static PipelineEvent[] Simulate(int background, int signal)
    {
        var simulator = new DijetSimulator();
        EventTable table = DijetSimulator.Background(background, new Seed(5)).Append(DijetSimulator.Signal(signal, new Seed(6)));
        int[] order = new Seed(7).Permutation(table.Count);
        return [.. order.Select(row => new PipelineEvent
        {
            Label = row >= background,
            Weight = row % 2 == 0 ? 0.5f : 1.5f,
            Mass = table[DijetSimulator.Mass][row],
            Nu = (row % 3) - 1,
            Mu = (row / 3 % 3) - 1,
            Score = [table[DijetSimulator.Mass][row] - 3.5f, row >= background ? 1 : 0],
            Features = [.. simulator.Features.Select(name => table[name][row])],
        })];
    }
}
