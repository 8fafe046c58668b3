using Gbi.Events;
using Gbi.Likelihoods.Interpolations;
using Gbi.Numerics;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>What a column's values are turned into before they are kept.</summary>
internal enum ColumnForm
{
    AsIs,
    Log,
    Exponential,
}

/// <summary>The columns that a channel's processes read, in the order in which its tiles hold them.</summary>
internal sealed class ColumnList
{
    private readonly List<Entry> _entries = [];

    public int Count => _entries.Count;

    /// <summary>Adds a column and returns its number; the same column a second time is not stored twice.</summary>
    /// <param name="entry">The column.</param>
    public int Add(Entry entry)
    {
        int known = _entries.IndexOf(entry);
        if (known >= 0)
        {
            return known;
        }

        _entries.Add(entry);
        return _entries.Count - 1;
    }

    /// <summary>Adds columns that must follow one another.</summary>
    public int AddGroup(ReadOnlySpan<Entry> group)
    {
        foreach (Entry entry in group)
        {
            _entries.Add(entry);
        }

        return _entries.Count - group.Length;
    }

    /// <summary>Whether tiles were made of these columns of a table.</summary>
    public bool AreThoseOf(EventTiles tiles, EventTable events)
    {
        bool same = tiles.Count == events.Count;
        for (int column = 0; column < _entries.Count && same; column++)
        {
            same = events.ColumnNames.Contains(_entries[column].Name) && tiles.Sources[column].Equals(events.Memory(_entries[column].Name));
        }

        return same;
    }

    /// <summary>Copies the columns of a table into tiles.</summary>
    /// <exception cref="DataException">A column is missing, or a value of it cannot be.</exception>
    public EventTiles Arrange(EventTable events, string channel)
    {
        foreach (Entry entry in _entries)
        {
            if (!events.ColumnNames.Contains(entry.Name))
            {
                throw new DataException(
                    $"The events of channel '{channel}' have no column '{entry.Name}', which {entry.User} reads; they have "
                        + $"{string.Join(", ", events.ColumnNames)}.");
            }

            RequireAllowed(entry, events[entry.Name], channel);
        }

        var tiles = new EventTiles([.. _entries.Select(entry => events.Memory(entry.Name))], events.Count);
        EventBlocks.ForEachIndex(tiles.TileCount, tile => Fill(tiles, tile));
        return tiles;
    }

    private static void RequireAllowed(Entry entry, ReadOnlySpan<float> values, string channel)
    {
        int first = -1;
        int count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!entry.Range.Allows(values[i]))
            {
                first = count++ == 0 ? i : first;
            }
        }

        if (count > 0)
        {
            throw new DataException(
                Text(
                    $"Column '{entry.Name}' of channel '{channel}', which {entry.User} reads, is {values[first]} at event {first} and "
                        + $"wrong at {count:N0} in all; expected {entry.Range.Text}. Mend or drop these events."));
        }
    }

    private void Fill(EventTiles tiles, int tile)
    {
        int start = tile * TileKernels.Size;
        int length = Math.Min(TileKernels.Size, tiles.Count - start);
        for (int column = 0; column < _entries.Count; column++)
        {
            ReadOnlySpan<float> source = tiles.Sources[column].Span.Slice(start, length);
            Span<float> target = tiles.Column(tile, column);
            target[length..].Fill(_entries[column].Neutral);
            switch (_entries[column].Form)
            {
                case ColumnForm.Log:
                    Copy(source, target, value => (float)Math.Log(value));
                    break;
                case ColumnForm.Exponential:
                    Copy(source, target, value => (float)Math.Exp(value));
                    break;
                default:
                    source.CopyTo(target);
                    break;
            }
        }
    }

    private static void Copy(ReadOnlySpan<float> source, Span<float> target, Func<float, float> form)
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = form(source[i]);
        }
    }

    /// <summary>A column, who reads it, in which form, what its values may be, and what fills up the last tile.</summary>
    internal sealed record Entry(string Name, ColumnRange Range, ColumnForm Form, float Neutral)
    {
        /// <summary>For messages; not part of what makes two entries equal.</summary>
        public string User { get; init; } = "";

        public bool Equals(Entry? other) =>
            other is not null && (other.Name, other.Range, other.Form, other.Neutral) == (Name, Range, Form, Neutral);

        public override int GetHashCode() => HashCode.Combine(Name, Range, Form, Neutral);
    }
}

/// <summary>What values a column may have.</summary>
/// <param name="Least">The least one.</param>
/// <param name="IsOpen">Whether the least one itself is excluded.</param>
/// <param name="Most">The largest one.</param>
/// <param name="Text">The same in words.</param>
internal sealed record ColumnRange(float Least, bool IsOpen, float Most, string Text)
{
    public static readonly ColumnRange Finite = new(float.MinValue, false, float.MaxValue, "a finite number");

    public static readonly ColumnRange Ratio = new(0, false, float.MaxValue, "a finite ratio of 0 or more");

    public static readonly ColumnRange PositiveRatio = new(0, true, float.MaxValue, "a finite ratio above 0");

    // e^88 is about the largest single.
    public static readonly ColumnRange LogRatio = new(float.MinValue, false, 88, "a finite log ratio of at most 88");

    public static ColumnRange Of(InterpolationLaw law) => Interpolation.UsesLogs(law) ? PositiveRatio : Finite;

    public bool Allows(float value) => value <= Most && (IsOpen ? value > Least : value >= Least);
}
