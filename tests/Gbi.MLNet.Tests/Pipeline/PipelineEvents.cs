using System.Globalization;
using Gbi.Events;
using Gbi.Generators;
using Gbi.Numerics;
using Microsoft.ML.Data;

namespace Gbi.Tests.Pipeline;

/// <summary>A simulated dijet event as ML.NET reads it.</summary>
internal sealed class PipelineEvent
{
    public bool Label { get; set; }

    public float Weight { get; set; }

    public float Mass { get; set; }

    [VectorType(4)]
    public float[] Features { get; set; } = [];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(Label ? 1 : 0)} {Weight:R} {Mass:R} {string.Join(' ', Features.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}");
}

/// <summary>What the estimators append.</summary>
internal sealed class PipelineScore
{
    public float LogRatio { get; set; }

    public float BackgroundWeight { get; set; }
}

internal static class PipelineEvents
{
    /// <summary>Signal (label true) and background events of the dijet simulation, with weights of 0.5 and 1.5.</summary>
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
            Features = [.. simulator.Features.Select(name => table[name][row])],
        })];
    }
}
