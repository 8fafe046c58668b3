using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Ratios.Families;
using Gbi.Searches.Options;

namespace Gbi.Reports.Json.Results;

internal sealed record SearchOptionsDocument(
    [property: Meaning("File of events")] string Events,
    [property: Meaning("File of the signal simulation; null without one")] string? Signal,
    [property: Meaning("Column of the mass")] string Mass,
    [property: Meaning("Columns of the features")] IReadOnlyList<string> Features,
    [property: Meaning("Column of the weights; null for weight 1")] string? Weight,
    [property: Meaning("Value that marks a missing feature; null for none or NaN")] double? Missing,
    [property: Meaning("Signal region")] RangeDocument SignalRegion,
    [property: Meaning("Outer limits of the sidebands; null for no limit")] RangeDocument MassRange,
    [property: Meaning("\"auto\", \"polynomial\", \"exponential\" or \"dijet\"")] string Spectrum,
    [property: Meaning("Parameters of the mass spectrum; null for \"auto\"")] int? SpectrumParameters,
    [property: Meaning("Collision energy of dijet functions, in the unit of the mass; null without them")] double? CollisionEnergy,
    [property: Meaning("Where the background comes from, in words")] string Background,
    [property: Meaning("How it is trained; null where it is not")] TrainingDocument? BackgroundTraining,
    [property: Meaning("How the anomaly score is trained; null where it is not")] TrainingDocument? Anomaly,
    [property: Meaning("How signal over background is trained; null without a signal simulation, and with a family")]
    TrainingDocument? SignalRatio,
    [property: Meaning("What the likelihood takes into account; null without a signal simulation, and with a family")]
    InferenceDocument? Inference,
    [property: Meaning("How a signal family is trained and fitted; null without one")] FamilyOptionsDocument? Family)
{
    public static SearchOptionsDocument Of(SearchInputs run)
    {
        ResonanceSearchOptions options = run.Options;
        (EventSchema schema, MassSpectrumOptions spectrum) = (options.Schema, options.Spectrum);
        bool hasRatio = run.Signal is not null && options.Family is null;
        return new SearchOptionsDocument(
            run.Events,
            run.Signal,
            schema.Mass!,
            schema.Features,
            schema.Weight,
            schema.MissingValue,
            RangeDocument.OfRegion(options.Window),
            RangeDocument.OfMasses(options.Window),
            SpectrumText.NameOf(spectrum.Shape),
            spectrum.Shape == SpectrumShape.Automatic ? null : spectrum.ParameterCount,
            spectrum.CollisionEnergy,
            run.BackgroundInWords,
            options.Background switch
            {
                ReweightedSidebands { Generator: var how } => TrainingDocument.Of(how.FoldCount, how.MemberCount, how.Trees),
                ReweightedSimulation { Reweighting: var how } => TrainingDocument.Of(1, how.MemberCount, how.Trees),
                _ => null,
            },
            run.LearnsAnomaly ? TrainingDocument.Of(options.Anomaly) : null,
            hasRatio ? TrainingDocument.Of(options.Signal) : null,
            hasRatio ? InferenceDocument.Of(options.Inference) : null,
            options.Family is { } family ? FamilyOptionsDocument.Of(family) : null);
    }
}

internal sealed record InferenceDocument(
    [property: Meaning("Whether the fraction is corrected for signal contamination of the sidebands")] bool CorrectsContamination,
    [property: Meaning("Whether the members of the background generator are nuisance parameters")] bool VariesGenerator,
    [property: Meaning("Whether the finite size of template and simulation widens the interval")] bool VariesSamples,
    [property: Meaning("Whether the mass spectrum constrains the rate of the background")] bool ConstrainsRate,
    [property: Meaning("Whether the mass takes part within the signal region")] bool UsesMass)
{
    public static InferenceDocument Of(SignalInferenceOptions options) => new(
        options.CorrectsContamination, options.VariesGenerator, options.VariesSamples, options.ConstrainsRate, options.UsesMass);
}

internal sealed record FamilyOptionsDocument(
    [property: Meaning("Columns of the signal simulation with the parameters")] IReadOnlyList<string> Parameters,
    [property: Meaning("Features that measure a parameter")] IReadOnlyList<AlignedFeatureDocument> Aligned,
    [property: Meaning("Whether the logarithm of a parameter is its coordinate")] bool IsLogarithmic,
    [property: Meaning("Whether the two parameters are interchangeable")] bool IsInterchangeable,
    [property: Meaning("Half-width of the range over which ln r is one polynomial, as a share of the whole range")] double HalfWidth,
    [property: Meaning("How often each event is used")] int Copies,
    [property: Meaning("How the ratio is trained")] TrainingDocument Training,
    [property: Meaning("How it is fitted")] FamilyFitDocument Fit)
{
    public static FamilyOptionsDocument Of(FamilySearchOptions options)
    {
        SignalFamilyOptions training = options.Training;
        return new FamilyOptionsDocument(
            options.Parameters,
            [.. training.Aligned.Select(pair => new AlignedFeatureDocument(pair.Feature, pair.Parameter))],
            training.IsLogarithmic,
            training.IsInterchangeable,
            training.HalfWidth,
            training.Copies,
            TrainingDocument.Of(training.FoldCount, training.MemberCount, training.Trees),
            FamilyFitDocument.Of(options.Fit));
    }
}

internal sealed record AlignedFeatureDocument(
    [property: Meaning("Name of the feature")] string Feature,
    [property: Meaning("Name of the parameter")] string Parameter);

internal sealed record FamilyFitDocument(
    [property: Meaning("Events on which the range of the parameters is scanned for starts")] int ScanEvents,
    [property: Meaning("Most starts")] int Restarts,
    [property: Meaning("Most changes of the centre in one fit")] int MostMoves,
    [property: Meaning("Most background events that normalise the ratio in fits")] int ReferenceEvents,
    [property: Meaning("Most centres around which reference events stay scored")] int RememberedCentres)
{
    public static FamilyFitDocument Of(FamilyFitOptions options) => new(
        options.ScanEvents, options.Restarts, options.MostMoves, options.ReferenceEvents, options.RememberedCentres);
}
