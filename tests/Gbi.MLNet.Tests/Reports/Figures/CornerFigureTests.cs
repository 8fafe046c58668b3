using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Reports.Figures.Posteriors;
using Gbi.Reports.Plots;

namespace Gbi.Tests.Reports.Figures;

/// <summary>Panels, cells and marks of the figure of a posterior's draws.</summary>
internal sealed class CornerFigureTests
{
    private static readonly Dictionary<string, double> Nothing = [];

    private static float[] Normal(int count, ulong seed) =>
        [.. Enumerable.Range(0, count).Select(row => (float)new Seed(seed).NormalPair(row).First)];

    private static PlotFigure Figure(Dictionary<string, double> truth, params (string Name, float[] Values)[] columns)
    {
        EventTable table = EventTable.FromColumns(columns);
        var draws = new PosteriorDraws(table, new double[table.Count], table.Count);
        return CornerFigure.Of(table, PosteriorSummary.Of(draws), truth);
    }

    [TestCase(1, 1), TestCase(2, 3), TestCase(10, 55), TestCase(12, 55)]
    public void There_is_a_panel_for_each_parameter_and_each_pair_of_ten_at_most(int parameters, int panels)
    {
        PlotFigure figure = Figure(
            Nothing, [.. Enumerable.Range(0, parameters).Select(k => ($"p{k}", Normal(400, (ulong)k)))]);
        string[] axes = [.. figure.Data.Select(trace => trace.Xaxis + trace.Yaxis).Distinct()];
        Assert.Multiple(() =>
        {
            Assert.That(1 + figure.Layout.Xaxes!.Count, Is.EqualTo(panels));
            Assert.That(1 + figure.Layout.Yaxes!.Count, Is.EqualTo(panels));
            Assert.That(axes, Has.Length.EqualTo(panels));
            Assert.That(axes, Does.Contain("xy").And.Not.Contain("x1y1"));
            Assert.That(figure.Data, Has.All.Matches<PlotTrace>(trace => trace!.X.Count == trace.Y.Count));
            Assert.That(figure.Caption.Contains("The first 10 of 12"), Is.EqualTo(parameters > 10));
            Assert.That((figure.Wide, figure.Square), Is.EqualTo((parameters > 1, parameters > 1)));
        });
    }

    [Test]
    public void A_histogram_is_normalised_and_its_intervals_are_those_of_the_summary()
    {
        PlotFigure figure = Figure(Nothing, ("p", Normal(5000, 1)));
        PlotTrace histogram = figure.Data.Single();
        double width = histogram.X[1]!.Value - histogram.X[0]!.Value;
        Assert.That(histogram.Y.SkipLast(1).Sum(height => height!.Value * width), Is.EqualTo(1).Within(3e-3), "the outermost are left out");
        PlotShape[] intervals = [.. figure.Layout.Shapes];
        Assert.That(intervals.Select(shape => shape.X1!.Value), Is.EqualTo((double[])[2, 1]).Within(0.1), "95 and 68 % of a normal law");
    }

    [Test]
    public void Cells_of_highest_density_hold_their_share_of_the_draws()
    {
        (float[] x, float[] y) = (Normal(9000, 1), Normal(9000, 2));
        PlotFigure figure = Figure(Nothing, ("x", x), ("y", y));
        foreach ((PlotTrace cells, double share) in figure.Data.Where(trace => trace.Fill == "toself").Zip((double[])[0.95, 0.68]))
        {
            int held = 0;
            for (int at = 0; at < cells.X.Count; at += 6)
            {
                (double? left, double? right, double? low, double? high) = (cells.X[at], cells.X[at + 1], cells.Y[at], cells.Y[at + 2]);
                held += Enumerable.Range(0, x.Length).Count(row => x[row] >= left && x[row] < right && y[row] >= low && y[row] < high);
            }

            Assert.That(held / 9000.0, Is.EqualTo(share).Within(0.02));
        }
    }

    [Test]
    public void Few_values_have_a_cell_each_and_one_value_a_cell_of_its_own()
    {
        float[] integers = [.. Normal(500, 3).Select(value => Math.Clamp(MathF.Round(value), -2, 2))];
        PlotTrace five = Figure(Nothing, ("n", integers)).Data[0];
        Assert.That(five.X.Select(edge => edge!.Value), Is.EqualTo((double[])[-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]).Within(1e-6));
        PlotFigure same = Figure(Nothing, ("n", [.. Enumerable.Repeat(3f, 200)]), ("m", Normal(200, 4)));
        Assert.That(same.Data[0].X, Has.Count.EqualTo(2));
        Assert.That(same.Data, Has.All.Matches<PlotTrace>(trace => trace!.X.Any(value => value is not null)));
    }

    [Test]
    public void Mass_at_a_bound_stays_within_a_cell_of_it()
    {
        float[] values = [.. Normal(2000, 5).Select(value => Math.Max(0, value - 3))];
        PlotTrace histogram = Figure(Nothing, ("p", values)).Data[0];
        Assert.That(histogram.Y, Has.All.Matches<double?>(height => height is >= 0));
        Assert.That(histogram.X[0]!.Value, Is.LessThanOrEqualTo(0));
    }

    [Test]
    public void The_truth_is_marked_also_where_no_draw_is()
    {
        var truth = new Dictionary<string, double> { ["x"] = 20, ["y"] = 0 };
        PlotFigure figure = Figure(truth, ("x", Normal(500, 6)), ("y", Normal(500, 7)));
        PlotTrace mark = figure.Data.Single(trace => trace.Mode == "markers");
        Assert.Multiple(() =>
        {
            Assert.That((mark.X[0], mark.Y[0]), Is.EqualTo((20.0, 0.0)));
            Assert.That(figure.Layout.Xaxis.Range[1], Is.GreaterThan(20));
            Assert.That(figure.Layout.Shapes.Count(shape => shape.Type == "line"), Is.EqualTo(2));
            Assert.That(figure.Caption, Does.EndWith("Line and cross: truth."));
        });
    }

    [Test]
    public void Names_are_no_markup()
    {
        PlotFigure figure = Figure(Nothing, ("<b>\"a\" & b", Normal(100, 8)));
        Assert.That(figure.Layout.Xaxis.Title.Text, Is.EqualTo("&lt;b&gt;\"a\" &amp; b"));
    }
}
