using System.CommandLine;
using System.Text.Json.Nodes;
using Gbi.Inference;
using Spectre.Console;

namespace Gbi.Cli;

/// <summary>gbi fit: the best parameters of a workspace with their errors.</summary>
internal sealed class FitVerb : Verb
{
    private readonly WorkspaceOptions _workspace = new();

    public FitVerb()
        : base(
            "fit",
            "Fit all parameters of a pyhf workspace to its observations; errors are those of the Hessian.",
            "gbi fit workspace.json",
            "gbi fit background.json --patch signal.json --json") => _workspace.AddTo(this);

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        StrengthTest test = _workspace.Read(parsed);
        FitResult fit = test.Observed.Fit();
        SaturatedTestResult? goodness = test.Model.UnbinnedChannels.Count == 0 ? SaturatedTest.Of(test.Model, test.Data, fit, cancellation: cancellation) : null;
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn("Parameter").AddColumn(new TableColumn("Value").RightAligned()).AddColumn(new TableColumn("Error").RightAligned()).AddColumn("");
        for (int i = 0; i < fit.Names.Count; i++)
        {
            string remark = fit.AtBounds.Contains(fit.Names[i]) ? "at a bound" : fit.Undetermined.Contains(fit.Names[i]) ? "not determined" : fit.Errors[i] == 0 ? "fixed" : "";
            table.AddRow(Markup.Escape(fit.Names[i]), BandTable.Text(fit.Parameters[i]), BandTable.Text(fit.Errors[i]), remark);
        }

        terminal.People.Write(table);
        terminal.Say($"−2 ln L = {fit.TwiceNll:F6} after {fit.Minimum.Iterations} steps. {fit.Minimum.Reason}");
        foreach (string remark in fit.Remarks)
        {
            terminal.Say($"{remark}");
        }

        if (goodness is not null)
        {
            terminal.Say($"Goodness of fit: saturated χ² = {goodness.Statistic:G6} for {goodness.DegreesOfFreedom} degrees of freedom{(goodness.DegreesOfFreedom > 0 ? FormattableString.Invariant($", p = {goodness.Probability:G4}") : "")}");
        }

        terminal.PrintJson(Json(fit, goodness).ToJsonString());
    }

    private static JsonObject Json(FitResult fit, SaturatedTestResult? goodness) => new()
    {
        ["parameters"] = new JsonArray([.. Enumerable.Range(0, fit.Names.Count).Select(i => new JsonObject
        {
            ["name"] = fit.Names[i],
            ["value"] = JsonNumber.Of(fit.Parameters[i]),
            ["error"] = JsonNumber.Of(fit.Errors[i]),
        })]),
        ["twice_nll"] = JsonNumber.Of(fit.TwiceNll),
        ["status"] = fit.Minimum.Status.ToString(),
        ["reason"] = fit.Minimum.Reason,
        ["estimated_distance"] = JsonNumber.Of(fit.Minimum.EstimatedDistance),
        ["goodness_of_fit"] = goodness is null ? null : new JsonObject
        {
            ["chi2"] = JsonNumber.Of(goodness.Statistic),
            ["degrees_of_freedom"] = goodness.DegreesOfFreedom,
            ["p"] = JsonNumber.Of(goodness.Probability),
        },
        ["at_bounds"] = new JsonArray([.. fit.AtBounds.Select(name => JsonValue.Create(name))]),
        ["undetermined"] = new JsonArray([.. fit.Undetermined.Select(name => JsonValue.Create(name))]),
        ["remarks"] = new JsonArray([.. fit.Remarks.Select(remark => JsonValue.Create(remark))]),
    };
}
