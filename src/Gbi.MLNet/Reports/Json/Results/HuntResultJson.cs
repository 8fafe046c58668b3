using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Inference.GlobalProbability;
using Gbi.Inference.Tests;
using Gbi.Searches.Hunt;
using Gbi.Searches.Options;

namespace Gbi.Reports.Json.Results;

/// <summary>A bump hunt as JSON: same hunt, same bytes.</summary>
internal static class HuntResultJson
{
    // Sentences with σ and χ² stay readable; the document is not embedded in HTML.
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    /// <summary>The document, indented, with a line feed at its end.</summary>
    public static string Write(HuntRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        BumpHuntResult result = run.Result;
        return new JsonObject
        {
            ["best"] = new JsonObject
            {
                ["window"] = Numbers(result.Best.Window.Low, result.Best.Window.High),
                ["localProbability"] = Finite(result.LocalProbability),
                ["localSignificance"] = Finite(result.LocalSignificance),
            },
            ["globalFromToys"] = result.FromToys is { } toys ? Of(toys) : null,
            ["globalFromUpcrossings"] = result.FromUpcrossings is { } bound
                ? new JsonObject { ["upperBound"] = Finite(bound.Value), ["error"] = Finite(bound.Error) }
                : null,
            ["upcrossings"] = result.Upcrossings is { } mean
                ? new JsonObject
                {
                    ["level"] = Finite(mean.Level),
                    ["mean"] = Finite(mean.Value),
                    ["error"] = Finite(mean.Error),
                    ["toys"] = mean.ScanCount
                }
                : null,
            ["globalOfIndependentWindows"] = Finite(result.OfIndependentWindows.Value),
            ["toysFrom"] = result.ToysFrom,
            ["windows"] = new JsonArray([.. result.Windows.Select(Of)]),
            ["remarks"] = Words(result.Remarks),
            ["settings"] = Settings(run),
            ["seed"] = run.Options.Seed.Value,
            ["packageVersion"] = SearchRun.PackageVersion,
        }.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Of(ToyGlobalProbability toys)
    {
        ConfidenceInterval interval = toys.Interval();
        return new JsonObject
        {
            ["probability"] = Finite(toys.Value),
            ["interval68"] = Numbers(interval.Lower, interval.Upper),
            ["significance"] = Finite(Significance.OfProbability(toys.Value)),
            ["toys"] = toys.ToyCount,
            ["atLeastAsExtreme"] = toys.AtLeastAsExtreme,
            ["failures"] = toys.FailureCount,
        };
    }

    private static JsonObject Of(BumpWindow place)
    {
        MassWindow window = place.Window;
        var node = new JsonObject
        {
            ["signalRegion"] = Numbers(window.Low, window.High),
            ["massRange"] = Numbers(window.OuterLow, window.OuterHigh),
        };
        if (place.Point is not { } point)
        {
            node["failure"] = place.Failure;
            return node;
        }

        node["localProbability"] = Finite(point.LocalProbability);
        node["significance"] = Finite(point.Significance);
        node["backgroundEfficiency"] = Finite(point.BackgroundEfficiency);
        node["observed"] = Finite(point.Observed);
        node["expected"] = new JsonObject { ["value"] = Finite(point.Expected.Value), ["error"] = Finite(point.Expected.Error) };
        node["spectrumGoodnessOfFit"] = Finite(point.SpectrumGoodnessOfFit);
        node["warnings"] = Words(point.Warnings);
        return node;
    }

    private static JsonObject Settings(HuntRun run)
    {
        BumpScan scan = run.Options.Scan;
        ResonanceSearchOptions search = run.Options.Search;
        return new JsonObject
        {
            ["events"] = run.Events,
            ["signal"] = run.Signal,
            ["mass"] = search.Schema.Mass,
            ["features"] = Words(search.Schema.Features),
            ["scan"] = Numbers(scan.FirstCentre, scan.LastCentre, scan.Step),
            ["width"] = Finite(2 * scan.HalfWidth),
            ["sidebandWidth"] = Finite(scan.SidebandWidth),
            ["massRange"] = Numbers(scan.LowestMass, scan.HighestMass),
            ["spectrumParameters"] = search.Spectrum.ParameterCount,
            ["backgroundEfficiencies"] = Numbers([.. run.Options.BackgroundEfficiencies]),
            ["trees"] = search.Anomaly.Trees.TreeCount,
            ["folds"] = search.Anomaly.FoldCount,
            ["members"] = search.Anomaly.MemberCount,
            ["toys"] = run.Options.ToyCount,
        };
    }

    private static JsonArray Words(IEnumerable<string> words) => new([.. words.Select(word => JsonValue.Create(word))]);

    private static JsonArray Numbers(params double[] values) => new([.. values.Select(Finite)]);

    private static JsonNode? Finite(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
