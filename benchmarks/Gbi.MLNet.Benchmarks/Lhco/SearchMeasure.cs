using System.Diagnostics;
using Gbi.Diagnostics.Power;

namespace Gbi.Benchmarks.Lhco;

/// <summary>What a search reached on one split, and how long training and scoring took.</summary>
internal sealed record SearchMeasure(SelectionPower Power, double Seconds)
{
    public static SearchMeasure Of(Func<(float[] Signal, float[] Background)> search)
    {
        long start = Stopwatch.GetTimestamp();
        (float[] signal, float[] background) = search();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new SearchMeasure(SelectionPower.Of(new(signal), new(background)), seconds);
    }
}
