using System.CommandLine;
using System.Diagnostics;
using Gbi.Cli.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Generators.Spectra;
using Gbi.Jobs;
using Gbi.Peaks;
using Gbi.Reports;
using Gbi.Reports.Html;
using Gbi.Reports.Json.Results;
using Gbi.Searches.Options;

namespace Gbi.Cli.Verbs.Searches;

/// <summary>gbi peak: the yield of a known peak from its mass, alone and with features, without a simulation.</summary>
internal sealed class PeakVerb : Verb
{
    private static readonly PeakMeasurementOptions Defaults = new()
    {
        Schema = new EventSchema { Features = ["x"] },
        Window = new MassWindow(0, 1)
    };

    private static readonly Dictionary<PeakForm, string> FormNames = new()
    {
        [PeakForm.Gaussian] = "gaussian",
        [PeakForm.DoubleGaussian] = "double-gaussian",
        [PeakForm.CrystalBall] = "crystal-ball",
        [PeakForm.Voigt] = "voigt",
    };

    private readonly Argument<string> _events = new("EVENTS") { Description = $"Events, {EventFile.Formats}." };
    private readonly SearchOptions _options = new(Defaults.Fit.Background.Shape, new TrainingDefaults("score", Defaults.Score))
    {
        AreFeaturesRequired = false
    };

    private readonly BackgroundOptions _background = new(Defaults.Background);

    private readonly Option<double[]> _categories = OptionOf.Reals(
        "--categories", "E,...", "Background efficiencies at the boundaries of the categories of the score.",
        "numbers between 0 and 1 such as 0.5,0.1", share => share is > 0 and < 1, Sentence.Of(Defaults.BackgroundEfficiencies));

    private readonly Option<string> _shape = OptionOf.Choice(
        "--shape", "Form of the peak; the others give the shape error.", FormNames[Defaults.Fit.Form], [.. FormNames.Values]);

    private readonly Option<double?> _mean = OptionOf.Real(
        "--mean", "M", "Known position of the peak, held in the fits.", "a number", double.IsFinite);

    private readonly Option<double?> _width = OptionOf.Real(
        "--width", "W", "Known width of the peak (the Gaussian's standard deviation), held in the fits.", "a number above 0",
        width => width > 0);

    private readonly Option<bool> _oneWidth = OptionOf.Flag(
        "--one-width", "Fit one width of the peak for all categories instead of one for each that shows a peak by itself.");

    private readonly Option<int?> _replicas = OptionOf.Number(
        "--replicas", "N", "Trainings on bootstrap samples, for the uncertainty of the generator.", least: 0,
        Sentence.Of(Defaults.ReplicaCount));

    private readonly Option<int?> _toys = OptionOf.Number(
        "--toys", "N", "Toys without a peak on which everything is repeated.", least: 0, Sentence.Of(Defaults.NullToyCount));

    private readonly Option<string> _out = OptionOf.Text(
        "--out", "DIR", "Folder to write scores.parquet (with features), result.json and report.html to.", required: true);

    private readonly Option<bool> _force = OptionOf.Force();

    public PeakVerb()
        : base(
            "peak",
            "Measure the yield of a known peak without a simulation, from the mass alone and, with --features, from the mass in categories "
                + "of a score that is trained on the sidebands.",
            "gbi peak pairs.parquet --mass mass --features pair_pt,pair_rapidity,pair_cos_theta,pair_cos_phi "
            + "--signal-region 9.2:9.65 --mass-range 9:9.7 --out upsilon")
    {
        Arguments.Add(_events);
        this.AddAll([.. _options.All, .. _background.Trees, _categories, _shape, _mean, _width, _oneWidth, _replicas, _toys, _out, _force]);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        PeakMeasurementOptions settings = Settings(parsed);
        string events = parsed.GetRequiredValue(_events);
        bool force = parsed.GetValue(_force);
        string path = OutputPath.RequireFolder(
            parsed, parsed.GetRequiredValue(_out), [SearchFiles.Scores, SearchFiles.Result, SearchFiles.Report]);
        OutputTerms terms = FinishedOutputs.Require(parsed, force, (path, _out.Name));
        _options.SayFeatures(parsed, terminal, settings.Schema, blinded: null, cancellation);
        using var folder = new PendingFolder(path, terms);
        if (settings.Features.Count > 0)
        {
            PeakScoresFile.Require(events);
            OutputSpace.Require(path, EventFile.Length(events));
        }

        PeakRun run = ProgressBars.Run(terminal, progress => Measure(events, settings, progress, cancellation));
        bool hasScores = run.Measurement.Features is not null;
        if (hasScores)
        {
            PeakScoresFile.Write(events, folder.File(SearchFiles.Scores), run.Measurement, cancellation);
        }

        var document = PeakDocument.Of(run);
        File.WriteAllText(folder.File(SearchFiles.Result), document.ForFile().ToJson());
        File.WriteAllText(folder.File(SearchFiles.Report), PeakReport.Write(run));
        cancellation.ThrowIfCancellationRequested();
        folder.Complete();
        PeakTables.Print(terminal, run.Measurement);
        terminal.Say($"Wrote {(hasScores ? $"{SearchFiles.Scores}, " : "")}{SearchFiles.Result} and {SearchFiles.Report} to {path}.");
        terminal.PrintJson(document);
    }

    private static PeakRun Measure(
        string events, PeakMeasurementOptions settings, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        EventTable data = EventFile.Read(events, settings.Schema, cancellation);
        PeakMeasurement measurement = PeakMeasurement.Run(data, WithBackground(settings, data), progress, cancellation);
        return new PeakRun(measurement, Stopwatch.GetElapsedTime(started)) { Events = EventFile.NameOf(events) };
    }

    /// <summary>The background's function named: of --spectrum auto the one that AIC chooses in the sidebands.</summary>
    private static PeakMeasurementOptions WithBackground(PeakMeasurementOptions settings, EventTable data)
    {
        if (settings.Fit.Background.Shape != SpectrumShape.Automatic)
        {
            return settings;
        }

        SidebandData sideband = SidebandData.Of(data, settings.Schema.Mass!, settings.Schema.Features, settings.Window);
        var spectrum = MassSpectrum.Fit(sideband.Masses, sideband.Events.Weights, settings.Window, settings.Fit.Background);
        return settings with { Fit = settings.Fit with { Background = spectrum.Options } };
    }

    private PeakMeasurementOptions Settings(ParseResult parsed)
    {
        ResonanceSearchOptions search = _options.Settings(parsed);
        return UsageException.IfRefused(() => new PeakMeasurementOptions
        {
            Schema = search.Schema,
            Window = search.Window,
            Fit = new PeakFitOptions
            {
                Background = search.Spectrum,
                Form = parsed.GetValue(_shape) is { } shape ? FormNames.First(form => form.Value == shape).Key : Defaults.Fit.Form,
                Mean = parsed.GetValue(_mean),
                Width = parsed.GetValue(_width),
                HasWidthPerCategory = !parsed.GetValue(_oneWidth),
            },
            Background = _background.Generator(Defaults.Background, parsed) with { Spectrum = search.Spectrum },
            Score = _options.Training(Defaults.Score, parsed),
            BackgroundEfficiencies = parsed.GetValue(_categories) is { Length: > 0 } shares ? shares : Defaults.BackgroundEfficiencies,
            ReplicaCount = parsed.GetValue(_replicas) ?? Defaults.ReplicaCount,
            NullToyCount = parsed.GetValue(_toys) ?? Defaults.NullToyCount,
            Seed = search.Seed,
        });
    }
}
