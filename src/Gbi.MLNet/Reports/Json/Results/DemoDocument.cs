using Gbi.Inference.Fits;
using Gbi.Searches;

namespace Gbi.Reports.Json.Results;

/// <summary>A search on simulated events, compared with the truth.</summary>
[DocumentKind("demo", "A search on simulated events, compared with the truth; `demo.json` of `gbi demo --out`, printed with --json")]
internal sealed record DemoDocument(
    [property: Meaning("What was simulated in the signal region")] DemoTruthDocument Truth,
    [property: Meaning("Whether the 68 % interval of the signal fraction holds the true one")] bool IsIn68,
    [property: Meaning("Whether the 95 % interval does")] bool IsIn95,
    [property: Meaning("Classifiers between true background and its model; 0.5 where they cannot be told apart")]
    DemoClosureDocument Closure,
    [property: Meaning("The search; a document of its own")] SearchDocument Result) : ResultDocument
{
    /// <summary>What is written to a file: without the times, which standard output alone has.</summary>
    public DemoDocument ForFile() => this with { Result = Result.ForFile() };

    public static DemoDocument Of(DijetDemo demo, SearchRun run)
    {
        ArgumentNullException.ThrowIfNull(demo);
        (ConfidenceInterval narrow, ConfidenceInterval wide) =
            (demo.Search.Result.SignalFraction.Interval68, demo.Search.Result.SignalFraction.Interval95);
        return new DemoDocument(
            new DemoTruthDocument(demo.TrueSignal, demo.TrueBackground, demo.TrueFraction),
            narrow.Contains(demo.TrueFraction),
            wide.Contains(demo.TrueFraction),
            new DemoClosureDocument(demo.Closure.GeneratedAuc, demo.Closure.SidebandAuc),
            SearchDocument.Of(run));
    }
}

internal sealed record DemoTruthDocument(
    [property: Meaning("Signal events")] int Signal,
    [property: Meaning("Background events")] int Background,
    [property: Meaning("Share of signal")] double SignalFraction);

internal sealed record DemoClosureDocument(
    [property: Meaning("Area under the ROC curve against the generated background")] double GeneratedAuc,
    [property: Meaning("The same against the sidebands as they are")] double SidebandAuc);
