using System.Numerics;
using System.Runtime.CompilerServices;
using Gbi.Events.IO.Footers;
using Gbi.Events.IO.Pages;
using Gbi.Events.IO.RowGroups;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Parts;

/// <summary>Reads a column of a part as the type that all parts share.</summary>
internal static class Widening
{
    /// <summary>Reads a column.</summary>
    /// <param name="reader">The part.</param>
    /// <param name="rowGroup">Row group of the part.</param>
    /// <param name="own">The column as the part holds it.</param>
    /// <param name="shared">The column as all parts have it; its type is that of the sink.</param>
    /// <param name="sink">Takes the values.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DataException">The column is damaged, or a number is one that the shared type does not hold.</exception>
    public static void Read<T>(
        RowGroupReader reader, int rowGroup, StoredColumn own, StoredColumn shared, IValueSink<T> sink, CancellationToken cancellationToken)
    {
        if (own.Kind == shared.Kind || (own.Kind is ValueKind.Half or ValueKind.Float && shared.Kind is ValueKind.Half or ValueKind.Float))
        {
            reader.ReadExactly(rowGroup, own, sink, cancellationToken);
            return;
        }

        var read = new WidenedColumn(reader, rowGroup, own, cancellationToken);
        switch (sink)
        {
            case IValueSink<long> whole:
                read.To(whole);
                break;
            case IValueSink<ulong> positive:
                read.To(positive);
                break;
            case IValueSink<double> number:
                read.To(number);
                break;
            default:
                throw new NotSupportedException($"No column is widened to {typeof(T).Name}.");
        }
    }

    private readonly record struct WidenedColumn(
        RowGroupReader Reader, int RowGroup, StoredColumn Column, CancellationToken CancellationToken)
    {
        public void To<T>(IValueSink<T> sink)
            where T : unmanaged, INumber<T>
        {
            switch (Column.Kind)
            {
                case ValueKind.Int8:
                    Read<sbyte, T>(sink);
                    break;
                case ValueKind.UInt8:
                    Read<byte, T>(sink);
                    break;
                case ValueKind.Int16:
                    Read<short, T>(sink);
                    break;
                case ValueKind.UInt16:
                    Read<ushort, T>(sink);
                    break;
                case ValueKind.Int32:
                    Read<int, T>(sink);
                    break;
                case ValueKind.UInt32:
                    Read<uint, T>(sink);
                    break;
                case ValueKind.Int64:
                    Read<long, T>(sink);
                    break;
                case ValueKind.UInt64:
                    Read<ulong, T>(sink);
                    break;
                default:
                    Read<float, T>(sink);
                    break;
            }
        }

        private void Read<TOwn, T>(IValueSink<T> sink)
            where TOwn : unmanaged, INumber<TOwn>, IMinMaxValue<TOwn>
            where T : unmanaged, INumber<T> =>
            Reader.ReadExactly(RowGroup, Column, new Widened<TOwn, T>(sink, Column, Reader.Name), CancellationToken);
    }

    private sealed class Widened<TOwn, T>(IValueSink<T> sink, StoredColumn column, string part) : IValueSink<TOwn>
        where TOwn : unmanaged, INumber<TOwn>, IMinMaxValue<TOwn>
        where T : unmanaged, INumber<T>
    {
        public void Take(ReadOnlySpan<TOwn> values, ReadOnlySpan<byte> present, int rows)
        {
            T[] widened = new T[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                widened[i] = T.CreateSaturating(values[i]);

                // Integers of 64 bits have digits that a double lacks, and unsigned ones are above the largest signed one. The largest of
                // them comes back from the double above it.
                bool isRounded = Unsafe.SizeOf<TOwn>() == sizeof(long) && typeof(T) == typeof(double) && values[i] == TOwn.MaxValue;
                if (isRounded || (TOwn.CreateSaturating(widened[i]) != values[i] && !TOwn.IsNaN(values[i])))
                {
                    throw new DataException(Text(
                        $"Column '{column.Name}' in {part} holds {values[i]}, which the type of the other parts does not hold; write all ")
                        + "parts with one type, or leave it out.");
                }
            }

            sink.Take(widened, present, rows);
        }
    }
}
