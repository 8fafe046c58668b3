using System.CommandLine;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Inference.Fits;
using Gbi.Inference.Impacts;
using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Reports.Json.Fits;

namespace Gbi.Cli.Verbs.Inference;

/// <summary>gbi fit: the best parameters of a model with their errors, and on request what the likelihood looks like around them.</summary>
internal sealed class FitVerb : Verb
{
    private readonly ModelOptions _model = new();
    private readonly Option<bool> _impacts = OptionOf.Flag(
        "--impacts", "Impact of every other parameter on the parameter of interest, the largest first.");

    private readonly Option<IReadOnlyList<double>?> _grid = InferenceOptionOf.Grid(
        "Profile −2 ln L at N values of the parameter of interest from LO to HI.");

    public FitVerb()
        : base(
            "fit",
            "Fit all parameters of a likelihood model or pyhf workspace. Errors come from the Hessian.",
            "gbi fit model.json --impacts",
            "gbi fit model.json --grid 0:2:21 --json",
            "gbi fit background.json --patch signal.json --json")
    {
        _model.AddTo(this);
        this.AddAll(_impacts, _grid);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        OpenedModel opened = _model.Open(parsed, cancellation);
        LikelihoodModel model = opened.Model;
        ModelData data = opened.Data();
        var likelihood = new Likelihood(model, data);
        if (model.Parameters.Count == 0)
        {
            throw new FitException("The model has no parameter, so that there is nothing to fit.");
        }

        IReadOnlyList<double> grid = parsed.GetValue(_grid) ?? [];
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
        string name = model.Parameters[fits.ParameterOfInterest].Name;
        IReadOnlyList<ParameterImpact>? impacts = parsed.GetValue(_impacts)
            ? ParameterImpact.Rank(fits)
            : null;
        if (impacts is not null)
        {
            FitTables.Impacts(terminal, name, impacts);
        }

        IReadOnlyList<ScanPoint>? points = grid.Count > 0 ? ProfileScan.Of(fits, grid) : null;
        if (points is not null)
        {
            FitTables.Scan(terminal, name, points);
        }

        if (terminal.Json)
        {
            terminal.PrintJson(FitDocument.Of(model, fit, goodness) with
            {
                Measurement = opened.Measurement,
                ParameterOfInterest = isAboutOne ? name : null,
                Impacts = impacts is null ? null : [.. impacts.Select(ImpactDocument.Of)],
                Scan = points is null ? null : [.. points.Select(ScanPointDocument.Of)],
            });
        }
    }
}
