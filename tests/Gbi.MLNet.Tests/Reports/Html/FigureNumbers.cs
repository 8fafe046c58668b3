using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gbi.Reports.Plots;

namespace Gbi.Tests.Reports.Html;

/// <summary>Numbers that the figures of a report draw, and whether its document has them.</summary>
internal static class FigureNumbers
{
    /// <summary>Lines that only guide the eye.</summary>
    private static readonly string[] Guides = ["random cut", "calibrated"];

    /// <summary>The figures of a page.</summary>
    public static JsonNode[] Figures(string page) =>
    [
        .. JsonNode.Parse(Regex.Match(page, "<script type=\"application/json\" id=\"figures\">(.*?)</script>").Groups[1].Value)!.AsArray()!
    ];

    /// <summary>Numbers of curves, points, error bars and shaded ranges that the document lacks, with the figure that draws
    /// them.</summary>
    public static IEnumerable<string> MissingFrom(JsonNode document, IEnumerable<JsonNode> figures)
    {
        HashSet<double> known = Known(document);
        foreach (JsonNode figure in figures)
        {
            string name = $"{figure["layout"]!["xaxis"]!["title"]!["text"]} × {figure["layout"]!["yaxis"]!["title"]!["text"]}";
            foreach (double number in Drawn(figure).Where(number => !known.Contains(number)))
            {
                yield return $"{name}: {number}";
            }
        }
    }

    private static IEnumerable<double> Drawn(JsonNode figure)
    {
        JsonNode axis = figure["layout"]!["yaxis"]!;

        // On a logarithmic axis an area begins at the lower end; names on the axis take the place of heights.
        double lowest = (string?)axis["type"] == "log" ? Math.Pow(10, (double)axis["range"]![0]!) : double.NaN;
        bool isOfNames = axis["tickvals"] is not null;

        // Bins are counted from 1, with borders halfway; cells of a matrix are counted from 0.
        bool isOfBins = (string?)figure["layout"]!["barmode"] == "stack";
        bool isOfCells = figure["layout"]!["cells"] is not null;
        return figure["data"]!.AsArray().Where(trace => !Guides.Contains((string?)trace!["name"]))
            .SelectMany(trace => Values(isOfCells ? trace!["marker"]!["shares"] : trace!["x"]).Where(x => !(isOfBins && x % 0.5 == 0))
                .Concat(isOfNames ? [] : Values(trace["y"]).Where(height => !(Math.Abs((height / lowest) - 1) < 1e-5)))
                .Concat(Values(trace["error_x"]?["array"])).Concat(Values(trace["error_y"]?["array"])))
            .Concat(figure["layout"]!["shapes"]!.AsArray().Where(shape => (string?)shape!["type"] == "rect")
                .SelectMany(shape => (double[])[(double)shape!["x0"]!, (double)shape["x1"]!]));
    }

    private static IEnumerable<double> Values(JsonNode? array) =>
        array is null ? [] : array.AsArray().Where(value => value is not null).Select(value => (double)value!);

    /// <summary>All numbers of a document, the centres of its bins and the ends of their error bars.</summary>
    private static HashSet<double> Known(JsonNode document)
    {
        var known = new HashSet<double> { -1, 0, 1 };
        Add(document);
        return known;

        void Add(JsonNode? node)
        {
            switch (node)
            {
                case JsonObject members:
                    AddDerived(members);
                    foreach ((string _, JsonNode? member) in members)
                    {
                        Add(member);
                    }

                    break;
                case JsonArray items:
                    foreach (JsonNode? item in items)
                    {
                        Add(item);
                    }

                    break;
                case JsonValue value when value.GetValueKind() == JsonValueKind.Number:
                    known.Add(PlotNumber.Of((double)value)!.Value);
                    break;
            }
        }

        void AddDerived(JsonObject members)
        {
            double[] edges = [.. Values(members["edges"])];
            known.UnionWith(edges.Zip(edges.Skip(1), (low, high) => PlotNumber.Of((low + high) / 2)!.Value));
            if (members["values"] is JsonArray contents && members["errors"] is JsonArray errors)
            {
                known.UnionWith(contents.Zip(errors).Where(bin => bin.First is not null && bin.Second is not null)
                    .SelectMany(bin => (double?[])[
                        PlotNumber.Of((double)bin.First! - (double)bin.Second!), PlotNumber.Of((double)bin.First! + (double)bin.Second!)])
                    .OfType<double>());
            }

            known.UnionWith(Values(members["fitErrors"]).Select(error => PlotNumber.Of(-error)!.Value));
            known.UnionWith(Values(members["relativeErrors"]).SelectMany(
                error => (double[])[PlotNumber.Of(1 - error)!.Value, PlotNumber.Of(1 + error)!.Value]));
            known.UnionWith((members["correlation"] as JsonArray ?? []).SelectMany(Values).Select(
                rho => PlotNumber.Of(Math.Abs(rho))!.Value));
        }
    }
}
