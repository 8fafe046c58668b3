using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.EventSets;

/// <summary>Sets of events, one after the other in a table.</summary>
/// <param name="Events">The events of all sets.</param>
/// <param name="Starts">Row of the first event of each set, ascending from 0.</param>
internal sealed record EventSetRows(EventTable Events, int[] Starts)
{
    // Above it single precision leaves out whole numbers, so that two sets may have one number.
    private const float LargestNumber = 1 << 24;

    /// <summary>Number of sets.</summary>
    public int Count => Events.Count == 0 ? 0 : Starts.Length;

    /// <summary>Sets of events that have the same value of a column and follow each other.</summary>
    /// <exception cref="DataException">There is no such column, a value is NaN or too large, or a set is in two places.</exception>
    public static EventSetRows By(string column, EventTable events)
    {
        ReadOnlySpan<float> numbers = events.WithColumns([column])[column];
        var starts = new List<int>();
        var known = new HashSet<float>();
        for (int row = 0; row < numbers.Length; row++)
        {
            if (row > 0 && numbers[row] == numbers[row - 1])
            {
                continue;
            }

            if (!(Math.Abs(numbers[row]) < LargestNumber))
            {
                throw new DataException(Text(
                    $"'{column}', which numbers the sets of events, is {numbers[row]} in row {row:N0}, expected a number below 2^24; ")
                    + "number the sets from 0.");
            }

            if (!known.Add(numbers[row]))
            {
                throw new DataException(Text(
                    $"Events of the set with '{column}' = {numbers[row]} are in two places, the second one from row {row:N0}; sort the ")
                    + $"rows by '{column}', so that the events of a set follow each other.");
            }

            starts.Add(row);
        }

        return new EventSetRows(events, [.. starts]);
    }

    /// <summary>The first row of a set and its number of rows.</summary>
    public (int From, int Count) RowsOf(int set) =>
        (Starts[set], (set + 1 < Starts.Length ? Starts[set + 1] : Events.Count) - Starts[set]);

    /// <summary>The events of a set.</summary>
    public EventTable Of(int set)
    {
        (int from, int count) = RowsOf(set);
        return Events.Slice(from, count);
    }

    /// <exception cref="DataException">There are weights, or there is no event.</exception>
    public void RequireUnweighted()
    {
        if (Events.Count == 0 || Events.HasWeights)
        {
            throw new DataException(Events.Count == 0
                ? "There are no events, expected a set of one or more."
                : "The events of a set have weights, expected events that count 1 each; draw an unweighted set.");
        }
    }
}
