using System.Diagnostics;
using Gbi.Inference.Fits;
using Gbi.Searches;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Searches;

/// <summary>Estimates of searches for a known expected number of signal events: pulls, coverage, significances.</summary>
internal sealed class InjectionStudy
{
    private readonly List<double> _estimates = [];
    private readonly List<double> _errors = [];
    private readonly List<double> _roots = [];
    private readonly List<double> _significances = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _covered68;
    private int _covered95;

    /// <summary>Heads of the table's columns.</summary>
    public const string Header = """
        | | searches | mean Ŝ | its rms | mean error | mean pull | width | in 68 % | in 95 % | median significance | s each |
        |---|---|---|---|---|---|---|---|---|---|---|
        """;

    /// <summary>Adds one search.</summary>
    /// <param name="search">A search with a signal simulation.</param>
    /// <param name="expected">The expected number of signal events in its region.</param>
    public void Add(ResonanceSearch search, double expected)
    {
        ProfileLikelihood fits = search.Likelihood!.Fits;
        double events = search.Result.EventsInRegion;
        double t = fits.TMu(expected / events);
        ConfidenceInterval interval = search.Result.SignalFraction.Interval68;
        _estimates.Add(fits.MuHat * events);
        _errors.Add((interval.Upper - interval.Lower) / 2 * events);
        _roots.Add(Math.Sign(fits.MuHat - (expected / events)) * Math.Sqrt(t));
        _significances.Add(search.Result.Significance);
        _covered68 += t <= 1 ? 1 : 0;
        _covered95 += t <= 3.841458820694124 ? 1 : 0;
    }

    /// <summary>A row of the table; the pull is the signed root of t at the true value.</summary>
    public string Row(string name)
    {
        int count = _roots.Count;
        double width = Rms(_roots);
        _significances.Sort();
        return Text(
            $"| {name} | {count} | {_estimates.Average():F1} | {Rms(_estimates):F1} | {_errors.Average():F1} | {_roots.Average():F2} ± "
                + $"{width / Math.Sqrt(count):F2} | {width:F2} ± {width / Math.Sqrt(2.0 * count):F2} | {(double)_covered68 / count:F3} | "
                + $"{(double)_covered95 / count:F3} | {_significances[count / 2]:F1} | {_watch.Elapsed.TotalSeconds / count:F2} |");
    }

    private static double Rms(List<double> values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Count - 1));
    }
}
