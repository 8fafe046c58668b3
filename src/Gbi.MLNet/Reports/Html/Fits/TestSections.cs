using Gbi.Reports.Figures.Fits;
using Gbi.Reports.Json.Fits;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Html.Fits;

/// <summary>The pages of tests of one strength.</summary>
internal static class TestSections
{
    /// <summary>CLs of one strength.</summary>
    public static void Add(ReportPage page, HypotestDocument test)
    {
        string name = test.ParameterOfInterest;
        page.Paragraph(
            Text($"Test of {name} = {test.Mu:G6} ") + FitText.By(test.Method, test.Toys, test.Failed) + "; " + FitText.Origin(test));
        page.Cards(
            (Number(test.Cls), Text($"CLs of {test.Mu:G6}, observed")),
            (Number(test.ExpectedCls[2]), "CLs expected without signal, median"),
            (Number(test.MuHat), "best value of the strength"));
        page.Heading("CLs");
        page.Table(
            Text($"CLs of {name} = {test.Mu:G6}; below 0.05 it is excluded at 95 %."), ["CLs", "value", "error"],
            FitText.Bands.Select((band, at) => (string[])
                [band, Number(test.ExpectedCls[at]), FitText.OrEmpty(test.ExpectedClsError?.ElementAtOrDefault(at))])
                .Prepend(["observed", Number(test.Cls), FitText.OrEmpty(test.ClsError)]));
        page.Table("What CLs is made of.", ["quantity", "value"], (string[][])
        [
            ["CLs+b, P(q̃ ≥ observed | tested strength)", Number(test.Clsb)], ["CLb, P(q̃ ≥ observed | no signal)", Number(test.Clb)],
            ["q̃ of the data", Number(test.Q)],
            .. double.IsFinite(test.QAsimov) ? (string[][])[["q̃ of the Asimov data without signal", Number(test.QAsimov)]] : [],
        ]);
        AddDiscovery(page, test.Discovery, name);
    }

    /// <summary>A test of no signal.</summary>
    public static void Add(ReportPage page, SignificanceDocument test)
    {
        page.Paragraph($"Test of no signal {FitText.By(test.Method, test.Toys, test.Failed)}; {FitText.Origin(test)}");
        page.Cards(
            (Sigmas(test.Discovery.Z), "observed significance"),
            (Number(test.Discovery.P0), double.IsFinite(test.P0Error) ? Text($"p₀, ± {test.P0Error:G2}") : "p₀, observed"),
            (Sigmas(test.Discovery.ExpectedZ[2]), Text($"expected for a strength of {test.Discovery.ExpectedMu:G4}, median")),
            (Number(test.MuHat), "best value of the strength"));
        AddDiscovery(page, test.Discovery, test.ParameterOfInterest);
    }

    /// <summary>A test by toys.</summary>
    public static void Add(ReportPage page, ToysDocument toys)
    {
        string statistic = toys.Statistic switch { "q-tilde" => "q̃", "q0" => "q₀", var other => other };
        page.Paragraph(Text($"Test of {toys.ParameterOfInterest} = {toys.Mu:G6} by {Counted(toys.Toys, "toy")} ")
            + (toys.Clb is null ? "" : "of each kind ") + $"with {statistic}; {FitText.Origin(toys)}");
        page.Cards(
        [
            .. toys.Cls is { } cls ? [(FitText.WithError(cls, toys.ClsError ?? double.NaN), "CLs, observed")] : ((string, string)[])[],
            (FitText.WithError(toys.Probability, toys.ProbabilityError), $"P({statistic} ≥ observed | tested strength)"),
            (Number(toys.Observed), $"{statistic} of the data"), (Number(toys.MuHat), "best value of the strength"),
        ]);
        if (toys.Failed > 0)
        {
            page.Paragraph(Text($"{Counted(toys.Failed, "toy")} left out, as fits failed."), "warning");
        }

        if (toys.Distribution is { } distribution)
        {
            page.Heading($"Distribution of {statistic}");
            page.Figures(ToysFigure.Of(distribution, statistic, toys));
        }

        if (toys.ExpectedCls is { } expected)
        {
            page.Table(
                "CLs expected without signal.", ["CLs", "value", "error"],
                FitText.Bands.Select((band, at) => (string[])
                    [band, Number(expected[at]), FitText.OrEmpty(toys.ExpectedClsError?.ElementAtOrDefault(at))]));
        }
    }

    /// <summary>A table of the test of no signal, where there is one.</summary>
    public static void AddDiscovery(ReportPage page, DiscoveryNumbers? discovery, string name)
    {
        if (discovery is null)
        {
            return;
        }

        page.Heading("Test of no signal");
        page.Table(
            Text($"p₀ and significance, observed and expected for {name} = {discovery.ExpectedMu:G4}."),
            ["no signal", "p₀", "significance"],
            FitText.Bands.Select((band, at) => (string[])[band, Number(discovery.ExpectedP0[at]), Sigmas(discovery.ExpectedZ[at])])
                .Prepend(["observed", Number(discovery.P0), Sigmas(discovery.Z)]));
    }

    private static string Sigmas(double z) => double.IsFinite(z) ? Text($"{z:F2} σ").Replace('-', '−') : "no toy reaches it";

    private static string Number(double value) => double.IsFinite(value) ? Text($"{value:G4}").Replace('-', '−') : "not known";
}
