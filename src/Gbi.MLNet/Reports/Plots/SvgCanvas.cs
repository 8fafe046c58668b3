using System.Globalization;
using System.Net;
using System.Text;

namespace Gbi.Reports.Plots;

/// <summary>Lines, areas and texts of one inline SVG; colours come from the page's style by class.</summary>
internal sealed class SvgCanvas
{
    private readonly StringBuilder _body = new();

    public SvgCanvas(double width, double height, string title)
    {
        Width = width;
        Height = height;
        Add($"<svg viewBox=\"0 0 {width:0.#} {height:0.#}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\">");
    }

    public double Width { get; }

    public double Height { get; }

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        Add($"<line class=\"{style}\" x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\"/>");

    public void Rectangle(double x, double y, double width, double height, string style) =>
        Add($"<rect class=\"{style}\" x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{Math.Max(0, width):0.#}\" height=\"{Math.Max(0, height):0.#}\"/>");

    public void Dot(double x, double y, string style) => Add($"<circle class=\"{style}\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"2.6\"/>");

    public void Path(IEnumerable<(double X, double Y)> points, string style, bool isClosed = false)
    {
        string path = string.Join('L', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#} {point.Y:0.#}")));
        Add($"<path class=\"{style}\" d=\"M{path}{(isClosed ? "Z" : "")}\"/>");
    }

    /// <param name="x">Where its anchor lies.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">The words.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="isUpright">Whether it runs upwards.</param>
    public void Text(double x, double y, string text, string anchor = "middle", bool isUpright = false)
    {
        string turn = isUpright ? string.Create(CultureInfo.InvariantCulture, $" transform=\"rotate(-90 {x:0.#} {y:0.#})\"") : "";
        Add($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\"{turn}>{WebUtility.HtmlEncode(text)}</text>");
    }

    public override string ToString() => $"{_body}</svg>\n";

    private void Add(FormattableString markup) => _body.Append(markup.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
