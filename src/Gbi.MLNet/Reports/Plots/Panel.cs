namespace Gbi.Reports.Plots;

/// <summary>A rectangle of a canvas with two axes, and what can be drawn in it.</summary>
internal sealed class Panel
{
    private const double TickLength = 5;
    private const double CharacterWidth = 7;

    private readonly SvgCanvas _canvas;
    private readonly Axis _x;
    private readonly Axis _y;
    private readonly double _left;
    private readonly double _top;
    private readonly double _width;
    private readonly double _height;

    public Panel(SvgCanvas canvas, Axis x, Axis y, double top, double height, double left = 78, double right = 14)
    {
        _canvas = canvas;
        _x = x;
        _y = y;
        _left = left;
        _top = top;
        _width = canvas.Width - left - right;
        _height = height;
    }

    /// <summary>Frame, ticks and names; a panel above another one leaves out what the lower one says.</summary>
    public void Frame(bool withXNames = true, int yTicks = 5)
    {
        _canvas.Rectangle(_left, _top, _width, _height, "frame");
        double bottom = _top + _height;
        foreach (Tick tick in XTicks())
        {
            _canvas.Line(X(tick.Value), bottom, X(tick.Value), bottom - TickLength, "frame");
            if (withXNames)
            {
                _canvas.Text(X(tick.Value), bottom + 17, tick.Text);
            }
        }

        foreach (Tick tick in _y.Ticks(yTicks))
        {
            _canvas.Line(_left, Y(tick.Value), _left + (tick.Text.Length > 0 ? TickLength : TickLength / 2), Y(tick.Value), "frame");
            _canvas.Text(_left - 6, Y(tick.Value) + 4, tick.Text, "end");
        }

        if (withXNames)
        {
            _canvas.Text(_left + _width, bottom + 36, _x.Label, "end");
        }

        _canvas.Text(16, _top + (_height / 2), _y.Label, isUpright: true);
    }

    /// <summary>As many marks as have room for their texts.</summary>
    private Tick[] XTicks()
    {
        Tick[] ticks = [];
        for (int wished = 7; wished > 1; wished--)
        {
            ticks = [.. _x.Ticks(wished)];
            int longest = ticks.Select(tick => tick.Text.Length).DefaultIfEmpty().Max();
            if (ticks.Length * (longest + 1) * CharacterWidth <= _width)
            {
                break;
            }
        }

        return ticks;
    }

    /// <summary>A histogram as a filled outline.</summary>
    public void Area(Histogram histogram, string style)
    {
        var outline = new List<(double, double)> { (X(histogram.Edges[0]), _top + _height) };
        outline.AddRange(Outline(histogram, 0));
        outline.Add((X(histogram.Edges[^1]), _top + _height));
        _canvas.Path(outline, style, isClosed: true);
    }

    /// <summary>A histogram as a line along its bins.</summary>
    public void Steps(Histogram histogram, string style) => _canvas.Path(Outline(histogram, 0), style);

    /// <summary>The errors of a histogram as a band along its bins.</summary>
    public void Band(Histogram histogram, string style) =>
        _canvas.Path([.. Outline(histogram, +1), .. Outline(histogram, -1).Reverse()], style, isClosed: true);

    /// <summary>Points with error bars; empty bins are left out.</summary>
    public void Points(Histogram histogram, string style)
    {
        for (int bin = 0; bin < histogram.Count; bin++)
        {
            double value = histogram.Sums[bin];
            if (histogram.Squares[bin] > 0)
            {
                double x = X(histogram.Centre(bin));
                _canvas.Line(x, Y(value - histogram.Error(bin)), x, Y(value + histogram.Error(bin)), style);
                if (_y.Holds(value))
                {
                    _canvas.Dot(x, Y(value), style);
                }
            }
        }
    }

    public void Curve(IEnumerable<(double X, double Y)> points, string style) =>
        _canvas.Path(points.Select(point => (X(point.X), Y(point.Y))), style);

    public void Level(double y, string style) => _canvas.Line(_left, Y(y), _left + _width, Y(y), style);

    /// <summary>Words just above a point, to its left.</summary>
    public void Note(double x, double y, string text) => _canvas.Text(X(x) - 6, Y(y) - 5, text, "end");

    public void Dot(double x, double y, string style) => _canvas.Dot(X(x), Y(y), style);

    /// <summary>Marks a range of x from bottom to top.</summary>
    public void Range(double low, double high, string style) => _canvas.Rectangle(X(low), _top, X(high) - X(low), _height, style);

    /// <summary>A line for each entry, from the upper right corner downwards.</summary>
    public void Legend(params ReadOnlySpan<(string Text, string Style, bool IsPoint)> entries)
    {
        double right = _left + _width - 12;
        double y = _top + 18;
        foreach ((string text, string style, bool isPoint) in entries)
        {
            if (isPoint)
            {
                _canvas.Line(right - 10, y - 11, right - 10, y + 3, style);
                _canvas.Dot(right - 10, y - 4, style);
            }
            else
            {
                _canvas.Rectangle(right - 20, y - 9, 20, 10, style);
            }

            _canvas.Text(right - 28, y, text, "end");
            y += 19;
        }
    }

    private IEnumerable<(double X, double Y)> Outline(Histogram histogram, int errors)
    {
        for (int bin = 0; bin < histogram.Count; bin++)
        {
            double y = Y(histogram.Sums[bin] + (errors * histogram.Error(bin)));
            yield return (X(histogram.Edges[bin]), y);
            yield return (X(histogram.Edges[bin + 1]), y);
        }
    }

    private double X(double value) => _left + (_width * _x.Share(value));

    private double Y(double value) => _top + (_height * (1 - Math.Clamp(_y.Share(value), 0, 1)));
}
