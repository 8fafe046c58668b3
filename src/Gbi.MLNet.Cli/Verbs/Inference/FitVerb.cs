using System.CommandLine;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Inference.Fits;
using Gbi.Inference.Impacts;
using Gbi.Inference.Tests;
using Gbi.Inference.Yields;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Reports.Json.Fits;

namespace Gbi.Cli.Verbs.Inference;

/// <summary>gbi fit: the best parameters of a model with their errors, and on request what the likelihood looks like around them.</summary>
internal sealed class FitVerb : Verb
{
    // Each parameter costs four fits.
    private const int MostImpactsOfPage = 100;

    private readonly ModelOptions _model = new();
    private readonly Option<bool> _impacts = OptionOf.Flag(
        "--impacts",
        "Impact of every other parameter on the parameter of interest, the largest first, for its errors before and after the fit, and the "
        + "parts of the error by groups of parameters.");

    private readonly Option<bool> _minos = OptionOf.Flag("--minos", "Intervals of MINOS of all parameters, which need not be symmetric.");

    private readonly Option<double?> _asimov = new("--asimov")
    {
        Description = "Fit the Asimov data of this value of the parameter of interest, 0 for background alone, in the place of the "
            + "observed data; other parameters are where their constraints have them, or initial. Without a value, of its initial value.",
        HelpName = "MU",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => result.Tokens.Count == 0 ? null
            : OptionOf.ToReal(OptionOf.Word(result)) ?? OptionOf.Refuse<double?>(result, "--asimov", "a number, or nothing"),
    };

    private readonly Option<IReadOnlyList<double>?> _grid = InferenceOptionOf.Grid(
        "Profile −2 ln L at N values of the parameter of interest from LO to HI.");

    private readonly Option<string[]> _profile = OptionOf.Repeated(
        "--profile", "NAME", "Profile −2 ln L around the best value of another parameter. May be repeated.");

    private readonly Option<string[]> _contour = OptionOf.Repeated(
        "--contour", "P,Q", "Contours of two parameters at 68.3 % and 95 %. May be repeated.");

    private readonly ReportOption _report = new(
        "pulls, impacts, correlations, data and model of each channel before and after the fit, yields, likelihood scans");

    public FitVerb()
        : base(
            "fit",
            "Fit all parameters of a likelihood model or pyhf workspace. Errors come from the Hessian.",
            "gbi fit model.json --impacts",
            "gbi fit model.json --grid 0:2:21 --json",
            "gbi fit background.json --patch signal.json --report fit.html",
            "gbi fit workspace.json --asimov 0 --minos")
    {
        _model.AddTo(this);
        this.AddAll(_impacts, _minos, _asimov, _grid, _profile, _contour);
        _report.AddTo(this);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        using PendingPage? page = _report.Begin(parsed);
        OpenedModel opened = _model.Open(parsed, cancellation);
        LikelihoodModel model = opened.Model;
        AsimovDocument? asimov = parsed.GetResult(_asimov) is { Implicit: false } ? new AsimovDocument(parsed.GetValue(_asimov)) : null;
        ModelData data = asimov is null ? opened.Data() : AsimovData(model, asimov.Mu);
        var likelihood = new Likelihood(model, data);
        if (model.Parameters.Count == 0)
        {
            throw new FitException("The model has no parameter, so that there is nothing to fit.");
        }

        IReadOnlyList<double> grid = parsed.GetValue(_grid) ?? [];
        bool hasInterest = model.ParameterOfInterest is { } interest && !model.Parameters[interest].IsFixed;
        bool isAboutOne = parsed.GetValue(_impacts) || grid.Count > 0;

        // The best fit is the same whichever parameter is of interest.
        var fits = new ProfileLikelihood(
            likelihood, model.Parameters, isAboutOne ? ProfileLikelihood.RequireParameterOfInterest(model) : model.ParameterOfInterest ?? 0)
        {
            Cancellation = cancellation,
            TriesOtherSigns = true,
        };
        FitResult fit = fits.Fit();
        SaturatedTestResult? goodness = model.UnbinnedChannels.Count == 0
            ? SaturatedTest.Of(model, data, fit, cancellation: cancellation)
            : null;
        cancellation.ThrowIfCancellationRequested();
        opened.SayMeasurement(terminal);
        FitTables.Best(terminal, model, fit, goodness);
        FitDocument document = opened.Named(FitDocument.Of(model, fit, goodness)) with { Asimov = asimov };
        document = WithImpacts(parsed, terminal, document, (model, fits, fit), page is not null && hasInterest);
        document = WithCurves(parsed, terminal, document, fits, page is not null && hasInterest && grid.Count == 0
            ? FitCurves.Grid(fits)
            : grid);
        if (page is null && !terminal.Json)
        {
            return;
        }

        document = document with
        {
            ParameterOfInterest = hasInterest ? model.Parameters[fits.ParameterOfInterest].Name : null,
            Covariance = CovarianceDocument.Of(model, fit),
            ErrorSources = hasInterest ? [.. ErrorSource.Of(model, fit).Select(ErrorSourceDocument.Of)] : null,
            Channels = ChannelDocument.All(model, data, fit),
        };
        page?.Write(terminal, document);
        terminal.PrintJson(document);
    }

    /// <summary>The Asimov data of a value of the parameter of interest.</summary>
    private static AsimovData AsimovData(LikelihoodModel model, double? mu)
    {
        double[] point = ExpectedYields.PointBefore(model);
        if (mu is { } value)
        {
            int at = model.ParameterOfInterest ?? throw new FitException(
                "The model has no parameter of interest, which --asimov MU is a value of; name one (--poi), or leave the value out.");
            point[at] = value;
        }

        return model.AsimovData(point);
    }

    private FitDocument WithImpacts(
        ParseResult parsed, Terminal terminal, FitDocument document, (LikelihoodModel Model, ProfileLikelihood Fits, FitResult Fit) of,
        bool isOnPage)
    {
        string name = of.Model.Parameters[of.Fits.ParameterOfInterest].Name;
        if (parsed.GetValue(_impacts) || isOnPage)
        {
            IReadOnlyList<ParameterImpact> impacts = ParameterImpact.Rank(
                of.Fits, parsed.GetValue(_impacts) ? int.MaxValue : MostImpactsOfPage);
            document = document with { Impacts = [.. impacts.Select(ImpactDocument.Of)] };
            if (parsed.GetValue(_impacts))
            {
                FitTables.Impacts(terminal, name, impacts);
                FitTables.Sources(terminal, name, ErrorSource.Of(of.Model, of.Fit));
            }
        }

        if (!parsed.GetValue(_minos))
        {
            return document;
        }

        IReadOnlyList<MinosInterval> intervals = MinosErrors.Of(of.Fits);
        FitTables.Minos(terminal, intervals);
        return document with
        {
            Parameters =
            [
                .. document.Parameters.Select(parameter => parameter.With(
                    intervals.FirstOrDefault(found => found.Parameter == parameter.Name))),
            ],
        };
    }

    private FitDocument WithCurves(
        ParseResult parsed, Terminal terminal, FitDocument document, ProfileLikelihood fits, IReadOnlyList<double> grid)
    {
        IReadOnlyList<ScanPoint>? points = grid.Count > 0 ? ProfileScan.Of(fits, grid) : null;
        if (points is not null && parsed.GetValue(_grid) is not null)
        {
            FitTables.Scan(terminal, fits.Parameters[fits.ParameterOfInterest].Name, points);
        }

        List<ScanDocument> scans = [];
        foreach (string name in parsed.GetValue(_profile) ?? [])
        {
            ProfileLikelihood about = FitCurves.About(fits, name, _profile.Name);
            IReadOnlyList<ScanPoint> found = ProfileScan.Of(about, FitCurves.Grid(about));
            FitTables.Scan(terminal, name, found);
            scans.Add(new ScanDocument(name, about.MuHat, [.. found.Select(ScanPointDocument.Of)]));
        }

        List<PairContourDocument> contours = [];
        foreach (string pair in parsed.GetValue(_contour) ?? [])
        {
            IReadOnlyList<PairContourDocument> found = FitCurves.Contours(fits, pair, _contour.Name);
            contours.AddRange(found);
            foreach (PairContourDocument contour in found)
            {
                terminal.Say(
                    $"Contour of {contour.First} and {contour.Second} at {100 * contour.ConfidenceLevel:G3} %: {contour.FirstValues.Count} "
                        + $"points (--json and --report have them)");
            }
        }

        return document with
        {
            Scan = points is null ? null : [.. points.Select(ScanPointDocument.Of)],
            Scans = scans.Count == 0 ? null : scans,
            Contours = contours.Count == 0 ? null : contours,
        };
    }
}
