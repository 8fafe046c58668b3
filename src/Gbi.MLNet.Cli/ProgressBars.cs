using Gbi.Jobs;
using Spectre.Console;

namespace Gbi.Cli;

/// <summary>
/// A progress bar for each step of a job, with the time gone and the time left, on the error stream and only where it is a terminal.
/// </summary>
internal sealed class ProgressBars : IProgress<SearchProgress>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ProgressTask> _tasks = [];
    private readonly ProgressContext _context;

    private ProgressBars(ProgressContext context) => _context = context;

    public static T Run<T>(Terminal terminal, Func<IProgress<SearchProgress>?, T> job)
    {
        if (!terminal.IsInteractive)
        {
            return job(null);
        }

        T result = default!;
        Terminal.Console(terminal.Error, isTerminal: true).Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new ElapsedTimeColumn(), new RemainingTimeColumn())
            .Start(context => result = job(new ProgressBars(context)));
        return result;
    }

    public void Report(SearchProgress value)
    {
        lock (_lock)
        {
            if (!_tasks.TryGetValue(value.Step, out ProgressTask? task))
            {
                _tasks[value.Step] = task = _context.AddTask(Terminal.Cell(value.Step), maxValue: 1);
            }

            if (value.Detail is { } detail)
            {
                task.Description = Terminal.Cell($"{value.Step} ({detail})");
            }

            // Reports of several threads may overtake each other.
            task.Value = Math.Max(task.Value, value.Fraction);
        }
    }
}

/// <summary>Hands fractions of one step on under its name.</summary>
internal sealed class NamedStep(IProgress<SearchProgress>? target, string name) : IProgress<double>
{
    public void Report(double value) => target?.Report(new SearchProgress(name, value));
}
