using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Onnx.Sessions;

/// <summary>Counts the events for which a network gives no number. Thread-safe.</summary>
internal sealed class UnusableOutputs
{
    private readonly Lock _lock = new();
    private long _count;
    private long _first = long.MaxValue;

    /// <summary>Notes the event as unusable.</summary>
    public void Add(long row)
    {
        lock (_lock)
        {
            _count++;
            _first = Math.Min(_first, row);
        }
    }

    /// <summary>Notes the events whose numbers are not all finite.</summary>
    /// <param name="values">[events × width].</param>
    /// <param name="width">Numbers of an event.</param>
    /// <param name="start">Number of the first event.</param>
    public void AddRows(ReadOnlySpan<float> values, int width, long start)
    {
        for (int row = 0; row < values.Length / width; row++)
        {
            foreach (float value in values.Slice(row * width, width))
            {
                if (!float.IsFinite(value))
                {
                    Add(start + row);
                    break;
                }
            }
        }
    }

    /// <summary>Refuses what the network gave where it gave no number.</summary>
    /// <param name="what">Output and file.</param>
    /// <param name="firstEvent">Number of the first of these events in their file.</param>
    /// <param name="count">Number of these events.</param>
    /// <param name="missingAt">The input that is missing in the event of that number, or null where none is.</param>
    /// <param name="isProbability">Whether the output was called a probability.</param>
    /// <exception cref="DataException">Some events have no number; the message holds how many, and the first.</exception>
    public void RequireNone(string what, long firstEvent, long count, Func<long, string?> missingAt, bool isProbability = false)
    {
        if (_count == 0)
        {
            return;
        }

        string remedy = missingAt(_first) is { } column
            ? $"'{column}' is missing there, which this network does not take: drop such events"
            : isProbability
                ? "the network's output is no probability there, in [0, 1]: say what it is when the network is adopted"
                : "all its inputs are numbers, so that a weight of the network is NaN or too large: train it again";
        throw new DataException(
            Text($"{what} is no finite number for {_count:N0} of {count:N0} events, the first of them number {firstEvent + _first:N0}; ")
                + $"{remedy}.");
    }
}
