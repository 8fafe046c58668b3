using System.Diagnostics;
using Gbi.Jobs;

namespace Gbi.Searches.Results;

/// <summary>A step of a search and the time that it took.</summary>
/// <param name="Step">What was done, in words.</param>
/// <param name="Elapsed">The time.</param>
public sealed record SearchStepTime(string Step, TimeSpan Elapsed);

/// <summary>Steps that follow on each other, some of them several times: tells of each and measures its time.</summary>
/// <param name="progress">Told of each step.</param>
internal sealed class SearchSteps(IProgress<SearchProgress>? progress)
{
    /// <summary>Name of the step that fits a signal, and learns the background without it once it is found.</summary>
    public const string Fitting = "Fitting the signal fraction";

    private readonly List<SearchStepTime> _times = [];
    private string? _step;
    private long _begun;

    public IReadOnlyList<SearchStepTime> Times => _times;

    /// <summary>Ends the step under way, if any, and begins the next; its fractions go to what is given back.</summary>
    public IProgress<double> Begin(string step)
    {
        End();
        _step = step;
        _begun = Stopwatch.GetTimestamp();
        return new StepProgress(progress, step);
    }

    public void End()
    {
        if (_step is not null)
        {
            int at = _times.FindIndex(time => time.Step == _step);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(_begun);
            if (at < 0)
            {
                _times.Add(new SearchStepTime(_step, elapsed));
            }
            else
            {
                _times[at] = new SearchStepTime(_step, _times[at].Elapsed + elapsed);
            }

            _step = null;
        }
    }
}
