using Gbi.Events;
using Gbi.Ratios;

namespace Gbi.Analysis;

/// <summary>Learns the ratio of a signal simulation over the background template.</summary>
/// <param name="Settings">The search's settings.</param>
/// <param name="Signal">The simulation's events of the signal region.</param>
/// <param name="Template">The background.</param>
/// <param name="Begin">Begins a step of the search by its name.</param>
internal sealed record SignalTraining(
    ResonanceSearchSettings Settings, EventTable Signal, BackgroundTemplate Template, Func<string, IProgress<double>> Begin)
{
    private IReadOnlyList<string> Features => Settings.Schema.Features;

    /// <summary>The ratio of the features, and of the mass where it takes part.</summary>
    public CrossFittedRatio Learn(CancellationToken cancellation) => Learn(
        Settings.Inference.UsesMass ? [.. Features, Settings.Schema.Mass!] : Features, "signal", "Learning signal over background", cancellation);

    /// <summary>
    /// The ratio of the features alone, where the mass takes part and the template took in signal that the likelihood subtracts: that signal has
    /// the template's masses. Null elsewhere.
    /// </summary>
    public CrossFittedRatio? LearnFeatures(CancellationToken cancellation) =>
        Settings.Inference is { UsesMass: true, CorrectsContamination: true } && Template.WeightOf is not null
            ? Learn(Features, "signal features", "Learning signal over background without the mass", cancellation)
            : null;

    /// <summary>A simulation's events of the signal region or of the sidebands.</summary>
    /// <exception cref="DataException">It has none in the signal region.</exception>
    public static EventTable EventsIn(MassRegion where, EventTable simulation, ResonanceSearchSettings settings)
    {
        int[] rows = settings.Window.Rows(simulation[settings.Schema.Mass!], where);
        if (rows.Length == 0 && where == MassRegion.SignalRegion)
        {
            throw new DataException(
                $"The signal sample has no events in the signal region {settings.Window}; check its mass column and unit.");
        }

        return simulation.Select(rows);
    }

    private CrossFittedRatio Learn(IReadOnlyList<string> columns, string child, string step, CancellationToken cancellation) => RatioTrainer.CrossFit(
        Signal.WithColumns(columns), Template.Events, columns, Settings.Signal, Settings.Seed.Child(child), Begin(step), cancellation);
}
