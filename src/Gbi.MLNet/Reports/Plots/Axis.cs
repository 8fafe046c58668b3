using System.Globalization;

namespace Gbi.Reports.Plots;

/// <summary>A mark on an axis; small ones have no text.</summary>
internal readonly record struct Tick(double Value, string Text);

/// <summary>An axis from one number to another, linear or logarithmic, with ticks at round numbers.</summary>
internal sealed class Axis
{
    private const double HeadroomForLegend = 0.35;

    private readonly bool _isLog;

    public Axis(string label, double low, double high, bool isLog = false)
    {
        Label = label;
        Low = low;
        High = high > low ? high : low + 1;
        _isLog = isLog;
    }

    public string Label { get; }

    public double Low { get; }

    public double High { get; }

    /// <summary>An axis for counts from 0, logarithmic where they span more than a factor of 50.</summary>
    public static Axis ForCounts(string label, IEnumerable<double> counts)
    {
        double[] positive = [.. counts.Where(count => count > 0)];
        double most = positive.DefaultIfEmpty(1).Max();
        double least = positive.DefaultIfEmpty(1).Min();
        return most > 50 * least
            ? new Axis(label, least / 2, most * Math.Pow(most / least, HeadroomForLegend), isLog: true)
            : new Axis(label, 0, most * (1 + (2 * HeadroomForLegend)));
    }

    /// <summary>0 at the low end, 1 at the high end, limited to just outside of both.</summary>
    public double Share(double value)
    {
        double share = _isLog
            ? Math.Log(Math.Max(value, double.Epsilon) / Low) / Math.Log(High / Low)
            : (value - Low) / (High - Low);
        return Math.Clamp(share, -0.02, 1.02);
    }

    public bool Holds(double value) => value >= Low && value <= High;

    /// <summary>Marks at 1, 2 or 5 times a power of ten, about as many as wished; at the powers of ten of a logarithmic axis.</summary>
    public IEnumerable<Tick> Ticks(int wished) => _isLog ? LogTicks() : LinearTicks(wished);

    private IEnumerable<Tick> LinearTicks(int wished)
    {
        double rough = (High - Low) / wished;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * ((rough / power) switch { < 1.5 => 1, < 3 => 2, < 7 => 5, _ => 10 });
        int decimals = Math.Clamp((int)-Math.Floor(Math.Log10(step) + 1e-9), 0, 12);
        for (double at = Math.Ceiling((Low / step) - 1e-9); at * step <= High + (1e-9 * step); at++)
        {
            yield return new Tick(at * step, (at == 0 ? 0 : at * step).ToString($"N{decimals}", CultureInfo.InvariantCulture).Replace('-', '−'));
        }
    }

    private IEnumerable<Tick> LogTicks()
    {
        bool isNarrow = High / Low < 100;
        for (double power = Math.Pow(10, Math.Floor(Math.Log10(Low))); power <= High; power *= 10)
        {
            for (int multiple = 1; multiple < 10; multiple++)
            {
                if (Holds(multiple * power))
                {
                    bool hasText = multiple == 1 || (isNarrow && multiple is 2 or 5);
                    yield return new Tick(multiple * power, hasText ? (multiple * power).ToString("#,##0.####", CultureInfo.InvariantCulture) : "");
                }
            }
        }
    }
}
