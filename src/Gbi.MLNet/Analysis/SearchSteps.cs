using System.Diagnostics;

namespace Gbi.Analysis;

/// <summary>A step of a search and the time that it took.</summary>
/// <param name="Step">What was done, in words.</param>
/// <param name="Elapsed">The time.</param>
public sealed record SearchStepTime(string Step, TimeSpan Elapsed);

/// <summary>Measures steps that follow on each other.</summary>
internal sealed class StepClock
{
    private readonly List<SearchStepTime> _times = [];
    private string? _step;
    private long _begun;

    public IReadOnlyList<SearchStepTime> Times => _times;

    /// <summary>Ends the step under way, if any, and begins the next.</summary>
    public void Begin(string step)
    {
        End();
        _step = step;
        _begun = Stopwatch.GetTimestamp();
    }

    public void End()
    {
        if (_step is not null)
        {
            _times.Add(new SearchStepTime(_step, Stopwatch.GetElapsedTime(_begun)));
            _step = null;
        }
    }
}
