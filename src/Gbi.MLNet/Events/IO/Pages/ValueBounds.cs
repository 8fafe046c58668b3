using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gbi.Events.IO.Footers;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Pages;

/// <summary>The least and the largest value that a footer or a page states, which values are compared with.</summary>
internal abstract class ValueBounds<T>
{
    /// <summary>Whether a value was NaN: then bounds say nothing, as writers differ in what they make of it.</summary>
    public bool HasNaN { get; protected set; }

    /// <summary>The first value that lies outside, in words; null where there is none.</summary>
    public string? Violation { get; protected set; }

    /// <summary>Looks at values.</summary>
    public abstract void Check(ReadOnlySpan<T> values);

    /// <summary>Refuses the values, if one lies outside.</summary>
    public void Require()
    {
        if (Violation is not null && !HasNaN)
        {
            throw new InvalidDataException(Violation);
        }
    }
}

/// <summary>Bounds of numbers.</summary>
internal sealed class NumberBounds<T>(T least, T largest) : ValueBounds<T>
    where T : unmanaged, INumber<T>
{
    public override void Check(ReadOnlySpan<T> numbers)
    {
        if (HasNaN)
        {
            return;
        }

        int from = 0;
        if (Vector<T>.IsSupported)
        {
            from = numbers.Length - (numbers.Length % Vector<T>.Count);
            if (!AllWithin(numbers[..from]))
            {
                from = 0;
            }
        }

        foreach (T number in numbers[from..])
        {
            if (!(number >= least && number <= largest))
            {
                HasNaN |= T.IsNaN(number);
                Violation ??= T.IsNaN(number)
                    ? null
                    : Text($"it holds {number} where the bounds stated for it are {least} and {largest}");
            }
        }
    }

    private bool AllWithin(ReadOnlySpan<T> numbers)
    {
        Vector<T> low = Vector.Create(least), high = Vector.Create(largest), within = Vector<T>.AllBitsSet;
        foreach (Vector<T> few in MemoryMarshal.Cast<T, Vector<T>>(numbers))
        {
            within &= Vector.GreaterThanOrEqual(few, low) & Vector.LessThanOrEqual(few, high);
        }

        return Vector.EqualsAll(within.As<T, byte>(), Vector<byte>.AllBitsSet);
    }
}

/// <summary>Makes bounds of statistics.</summary>
internal static class ValueBounds
{
    /// <summary>
    /// Bounds for the values of a column, or null where statistics give none that can be trusted: those of unsigned integers in the old
    /// fields or without a stated order, NaN, a least above the largest, bytes of another length. Of dates and times some writers state
    /// wrong bounds.
    /// </summary>
    public static ValueBounds<T>? Of<T>(StoredColumn column, StoredStatistics? statistics, bool hasColumnOrders)
        where T : unmanaged, INumber<T>
    {
        if (statistics?.Least is not { } first || statistics.Largest is not { } last || !column.IsNumeric
            || first.Length != Unsafe.SizeOf<T>() || last.Length != Unsafe.SizeOf<T>()
            || (column.Kind is ValueKind.UInt32 or ValueKind.UInt64 && (statistics.AreDeprecated || !hasColumnOrders)))
        {
            return null;
        }

        T least = MemoryMarshal.Read<T>(first), largest = MemoryMarshal.Read<T>(last);
        return least <= largest ? new NumberBounds<T>(least, largest) : null;
    }
}
