using System.Globalization;
using System.Net;
using System.Text.Json.Serialization;
using Gbi.Numerics;

namespace Gbi.Reports.Plots;

/// <summary>A figure as plotly.js takes it. Colours are names that the page replaces by those of its theme.</summary>
/// <param name="Title">What it shows, in a few words: the text for readers who do not see it.</param>
/// <param name="Caption">What one sees, in a sentence or two.</param>
/// <param name="Data">Curves and points.</param>
/// <param name="Layout">Axes and marks.</param>
internal sealed record PlotFigure(
    [property: JsonIgnore] string Title,
    [property: JsonIgnore] string Caption,
    IReadOnlyList<PlotTrace> Data,
    PlotLayout Layout)
{
    /// <summary>Whether it takes the whole width of the page.</summary>
    public bool Wide { get; init; }

    /// <summary>Whether a wide one is as high as it is wide.</summary>
    [JsonIgnore]
    public bool Square { get; init; }

    /// <summary>Its height in pixels, where it is not the usual one.</summary>
    [JsonIgnore]
    public int? Height { get; init; }

    /// <summary>The height of a figure with one line of words for each of so many rows.</summary>
    public static int HeightOfRows(int rows) => 110 + (22 * rows);
}

/// <summary>One curve, area or set of points.</summary>
internal sealed record PlotTrace
{
    /// <summary>What the legend calls it; null keeps it out of the legend.</summary>
    public string? Name { get; init; }

    /// <summary>"bar"; null for curves and points.</summary>
    public string? Type { get; init; }

    /// <summary>"h" for bars along x; null for upright ones.</summary>
    public string? Orientation { get; init; }

    /// <summary>Width of the bars, in units of the axis; null leaves it to the library.</summary>
    public double? Width { get; init; }

    /// <summary>"legendonly" for a curve that is shown when its name in the legend is clicked; null for one that is shown.</summary>
    public string? Visible { get; init; }

    public required IReadOnlyList<double?> X { get; init; }

    public required IReadOnlyList<double?> Y { get; init; }

    public string Mode { get; init; } = "lines";

    public bool Showlegend => Name is not null;

    /// <summary>What is shown beside each point that the pointer is on; null shows nothing.</summary>
    public IReadOnlyList<string>? Text { get; init; }

    /// <summary>No words on bars: they are for the pointer.</summary>
    public string? Textposition => Type == "bar" ? "none" : null;

    public string Hoverinfo => Text is null ? "skip" : "text";

    [JsonPropertyName("error_x")]
    public PlotErrors? ErrorX { get; init; }

    [JsonPropertyName("error_y")]
    public PlotErrors? ErrorY { get; init; }

    public PlotLine? Line { get; init; }

    public PlotMarker? Marker { get; init; }

    public string? Fill { get; init; }

    public string? Fillcolor { get; init; }

    /// <summary>"x2", "x3", … for one of <see cref="PlotLayout.Xaxes"/>; null for the first.</summary>
    public string? Xaxis { get; init; }

    /// <summary>"y", or "y2" for the panel below; "y2", "y3", … for one of <see cref="PlotLayout.Yaxes"/>.</summary>
    public string Yaxis { get; init; } = "y";
}

internal sealed record PlotErrors(IReadOnlyList<double?> Array, double Thickness = 1.2, double Width = 0);

/// <summary>A line; "hv" draws steps, each from its own x to the next.</summary>
internal sealed record PlotLine(string Color, double Width = 1.8, string? Dash = null, string? Shape = null);

internal sealed record PlotMarker(string Color, double Size = 5, string? Symbol = null)
{
    /// <summary>Areas of the markers of a matrix, as shares of its cells, in place of their size.</summary>
    public IReadOnlyList<double?>? Shares { get; init; }
}

internal sealed record PlotLayout
{
    public required PlotAxis Xaxis { get; init; }

    public required PlotAxis Yaxis { get; init; }

    /// <summary>The panel below, on the same x.</summary>
    public PlotAxis? Yaxis2 { get; init; }

    /// <summary>Axes of further panels, "x2" the first of them; null for none.</summary>
    public IReadOnlyList<PlotAxis>? Xaxes { get; init; }

    /// <summary>The same of y, where there is no <see cref="Yaxis2"/>.</summary>
    public IReadOnlyList<PlotAxis>? Yaxes { get; init; }

    public IReadOnlyList<PlotShape> Shapes { get; init; } = [];

    public IReadOnlyList<PlotNote> Annotations { get; init; } = [];

    /// <summary>"stack" for bars on top of each other, "overlay" for bars in front of each other; null without bars.</summary>
    public string? Barmode { get; init; }

    /// <summary>The gap between bars, as a share of their distance; null leaves it to the library.</summary>
    public double? Bargap { get; init; }

    /// <summary>Number of rows of a matrix, whose markers have areas by <see cref="PlotMarker.Shares"/>; null for none.</summary>
    public int? Cells { get; init; }
}

internal sealed record PlotAxis(PlotTitle Title, IReadOnlyList<double?> Range)
{
    /// <summary>"log" for a logarithmic axis, whose range is in powers of ten.</summary>
    public string? Type { get; init; }

    public IReadOnlyList<double?>? Domain { get; init; }

    public string? Anchor { get; init; }

    public string? Tickformat { get; init; }

    /// <summary>Whether ticks have numbers; null leaves it to the library, which draws them.</summary>
    public bool? Showticklabels { get; init; }

    public int? Nticks { get; init; }

    /// <summary>Distance of the ticks; 1 on a logarithmic axis is a power of ten. Null leaves it to the library.</summary>
    public double? Dtick { get; init; }

    /// <summary>Where the ticks stand; null leaves it to the library.</summary>
    public IReadOnlyList<double?>? Tickvals { get; init; }

    /// <summary>Words at these ticks.</summary>
    public IReadOnlyList<string>? Ticktext { get; init; }

    public static PlotAxis Of(string title, double low, double high) => new(new PlotTitle(PlotText.Of(title)), PlotNumber.Of([low, high]));
}

internal sealed record PlotTitle(string Text);

/// <summary>A rectangle or line; "x" and "y" are places on the axes, "x domain" and "y domain" shares of a panel.</summary>
internal sealed record PlotShape(string Type, string Xref, string Yref, double? X0, double? X1, double? Y0, double? Y1)
{
    public PlotLine? Line { get; init; }

    public string? Fillcolor { get; init; }

    public string Layer { get; init; } = "below";

    /// <summary>What the legend calls it; null keeps it out of the legend.</summary>
    public string? Name { get; init; }

    public bool Showlegend => Name is not null;

    /// <summary>A range of x over the whole height of the figure.</summary>
    public static PlotShape Band(double low, double high, string color, string? name = null) =>
        new(
            "rect", "x", "paper", PlotNumber.Of(low), PlotNumber.Of(high), 0,
            1)
        { Fillcolor = color, Line = new PlotLine(color, 0), Name = name };

    /// <summary>A dashed line at a height.</summary>
    public static PlotShape Level(double y, string axis) =>
        new("line", "x domain", axis, 0, 1, PlotNumber.Of(y), PlotNumber.Of(y)) { Line = new PlotLine(PlotColor.Guide, 1, "dash") };
}

/// <summary>Words at a place on the axes.</summary>
internal sealed record PlotNote(string Text, double? X, double? Y, string Xref, string Xanchor, string Yanchor)
{
    public bool Showarrow { get; init; }
}

/// <summary>Names of colours; the page's script holds the colours themselves, after Okabe and Ito, for light and dark.</summary>
internal static class PlotColor
{
    public const string Data = "data";
    public const string Background = "background";
    public const string BackgroundArea = "background-area";
    public const string BackgroundError = "background-error";
    public const string Sideband = "sideband";
    public const string Signal = "signal";
    public const string Region = "region";
    public const string Guide = "guide";
    public const string SignalArea = "signal-area";
    public const string Uncertainty = "uncertainty";
    public const string OneSigma = "one-sigma";
    public const string TwoSigma = "two-sigma";

    private const int SampleCount = 10;

    /// <summary>The colour of a sample in a stack; they come again after ten.</summary>
    public static string Sample(int number) => InvariantText.Text($"sample-{number % SampleCount}");
}

/// <summary>Numbers of a figure: seven significant digits, null for what is not finite.</summary>
internal static class PlotNumber
{
    public static double? Of(double value) => double.IsFinite(value)
        ? double.Parse(value.ToString("G7", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : null;

    public static IReadOnlyList<double?> Of(IEnumerable<double> values) => [.. values.Select(Of)];
}

/// <summary>Words of a figure, in which plotly.js would take some for markup.</summary>
internal static class PlotText
{
    // It knows fewer names of characters than HTML: not that of a quotation mark, which it takes as it is.
    public static string Of(string words) => WebUtility.HtmlEncode(words).Replace("&quot;", "\"", StringComparison.Ordinal);

    public static string Of(ref InvariantTextHandler words) => Of(words.ToStringAndClear().Replace('-', '−'));

    /// <summary>A name next to an axis: the middle of a long one is left out, and the pointer shows all of it.</summary>
    public static string Label(string name) => Of(Shortened(name));

    /// <summary>The same before it is encoded.</summary>
    public static string Shortened(string name, int longest = LongestLabel) =>
        name.Length <= longest ? name : $"{name[..(longest / 2)]}…{name[^(longest - (longest / 2) - 1)..]}";

    private const int LongestLabel = 26;
}

[
    JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)
]
[JsonSerializable(typeof(IReadOnlyList<PlotFigure>))]
internal sealed partial class PlotContext : JsonSerializerContext;
