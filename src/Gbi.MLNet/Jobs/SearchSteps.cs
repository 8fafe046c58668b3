using System.Diagnostics;

namespace Gbi.Jobs;

/// <summary>A step of a search and the time that it took.</summary>
/// <param name="Step">What was done, in words.</param>
/// <param name="Elapsed">The time.</param>
public sealed record SearchStepTime(string Step, TimeSpan Elapsed);

/// <summary>Runs steps that follow on each other, some of them several times, and measures their times.</summary>
/// <param name="progress">Told of each step.</param>
/// <param name="cancellation">Given to each step.</param>
internal sealed class SearchSteps(IProgress<SearchProgress>? progress, CancellationToken cancellation)
{
    /// <summary>Name of the step that fits a signal.</summary>
    public const string Fitting = "Fitting the signal fraction";

    private readonly List<SearchStepTime> _times = [];

    /// <summary>The times of the steps, each once, in the order in which they began.</summary>
    public IReadOnlyList<SearchStepTime> Times => _times;

    /// <summary>Runs a step; its fractions are reported under its name.</summary>
    public T Run<T>(string step, Func<IProgress<double>, CancellationToken, T> work)
    {
        cancellation.ThrowIfCancellationRequested();
        long begun = Stopwatch.GetTimestamp();
        T result = work(new StepProgress(progress, step), cancellation);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(begun);
        int at = _times.FindIndex(time => time.Step == step);
        if (at < 0)
        {
            _times.Add(new SearchStepTime(step, elapsed));
        }
        else
        {
            _times[at] = new SearchStepTime(step, _times[at].Elapsed + elapsed);
        }

        return result;
    }
}
