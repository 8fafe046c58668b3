using System.Text.Json.Serialization;
using Gbi.Reports.Json.Events;
using Gbi.Reports.Json.Fits;
using Gbi.Reports.Json.Models;
using Gbi.Reports.Json.Posteriors;
using Gbi.Reports.Json.Results;

namespace Gbi.Reports.Json;

/// <summary>How all documents are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n",
    Converters = [typeof(NumberOrNull)],
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(FinishedDocument))]
[JsonSerializable(typeof(FitDocument))]
[JsonSerializable(typeof(IntervalDocument))]
[JsonSerializable(typeof(LimitDocument))]
[JsonSerializable(typeof(PatchsetDocument))]
[JsonSerializable(typeof(WorkspaceDocument))]
[JsonSerializable(typeof(SignificanceDocument))]
[JsonSerializable(typeof(HypotestDocument))]
[JsonSerializable(typeof(ToysDocument))]
[JsonSerializable(typeof(ToyShardDocument))]
[JsonSerializable(typeof(TrainDocument))]
[JsonSerializable(typeof(SystematicDocument))]
[JsonSerializable(typeof(ScoreDocument))]
[JsonSerializable(typeof(ExportDocument))]
[JsonSerializable(typeof(AdoptDocument))]
[JsonSerializable(typeof(ParityDocument))]
[JsonSerializable(typeof(RatioClosureDocument))]
[JsonSerializable(typeof(SimulateDocument))]
[JsonSerializable(typeof(ConvertDocument))]
[JsonSerializable(typeof(PairDocument))]
[JsonSerializable(typeof(SearchDocument))]
[JsonSerializable(typeof(BlindSearchDocument))]
[JsonSerializable(typeof(HuntDocument))]
[JsonSerializable(typeof(HuntShardDocument))]
[JsonSerializable(typeof(CoverageDocument))]
[JsonSerializable(typeof(PeakDocument))]
[JsonSerializable(typeof(DemoDocument))]
[JsonSerializable(typeof(InferDocument))]
[JsonSerializable(typeof(PosteriorDocument))]
[JsonSerializable(typeof(CalibrateDocument))]
[JsonSerializable(typeof(CompletionsDocument))]
internal sealed partial class DocumentContext : JsonSerializerContext;
