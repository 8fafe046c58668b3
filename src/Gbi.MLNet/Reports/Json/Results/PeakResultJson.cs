using System.Text.Json;
using System.Text.Json.Nodes;
using Gbi.Events;
using Gbi.Peaks;

namespace Gbi.Reports.Json.Results;

/// <summary>The measurement of a peak as JSON: same measurement, same bytes, but for elapsedSeconds.</summary>
internal static class PeakResultJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The document, indented, with a line feed at its end.</summary>
    public static string Write(PeakRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        PeakMeasurement measurement = run.Measurement;
        return new JsonObject
        {
            ["massOnly"] = Of(measurement.MassOnly),
            ["withFeatures"] = Of(measurement.WithFeatures),
            ["generatorError"] = Finite(measurement.GeneratorError),
            ["gain"] = Finite(measurement.Gain),
            ["sidebandArea"] = Of(measurement.SidebandArea),
            ["nullTest"] = measurement.NullTest is not { } test ? null : new JsonObject
            {
                ["samples"] = test.WithFeatures.Count,
                ["meanYield"] = Of(test.MeanYield),
                ["meanPull"] = Finite(test.MeanPull),
                ["pullWidth"] = Finite(test.PullWidth),
            },
            ["settings"] = Settings(run.Events, measurement.Options),
            ["seed"] = measurement.Options.Seed.Value,
            ["packageVersion"] = SearchRun.PackageVersion,
            ["elapsedSeconds"] = Math.Round(run.Elapsed.TotalSeconds, 3),
        }.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Of(PeakFit fit) => new()
    {
        ["yield"] = Of(fit.Yield),
        ["significance"] = Finite(fit.Significance),
        ["mean"] = Finite(fit.Shape.Mean),
        ["widths"] = Numbers(fit.Shape.Width),
        ["tailShare"] = Finite(fit.Shape.TailShare),
        ["tailScale"] = Finite(fit.Shape.TailScale),
        ["goodnessOfFit"] = Finite(fit.GoodnessOfFit),
        ["categories"] = new JsonArray([.. Enumerable.Range(0, fit.CategoryCount).Select(category => new JsonObject
        {
            ["events"] = fit.EventsIn(category),
            ["yield"] = Of(fit.Yields[category]),
            ["background"] = Finite(fit.Expected(fit.Low, fit.High, category).Background),
        })]),
    };

    private static JsonObject Settings(string events, PeakMeasurementOptions settings)
    {
        MassWindow window = settings.Window;
        return new JsonObject
        {
            ["events"] = events,
            ["mass"] = settings.Schema.Mass,
            ["features"] = new JsonArray([.. settings.Schema.Features.Select(name => JsonValue.Create(name))]),
            ["signalRegion"] = Numbers([window.Low, window.High]),
            ["massRange"] = Numbers([window.OuterLow, window.OuterHigh]),
            ["spectrumParameters"] = settings.Fit.Background.ParameterCount,
            ["tails"] = settings.Fit.HasTails,
            ["widthPerCategory"] = settings.Fit.HasWidthPerCategory,
            ["backgroundEfficiencies"] = Numbers(settings.BackgroundEfficiencies),
            ["replicas"] = settings.ReplicaCount,
        };
    }

    private static JsonObject Of(Estimate estimate) => new() { ["value"] = Finite(estimate.Value), ["error"] = Finite(estimate.Error) };

    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(Finite)]);

    private static JsonNode? Finite(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
