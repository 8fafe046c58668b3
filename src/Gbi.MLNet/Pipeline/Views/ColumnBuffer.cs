using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Views;

/// <summary>Values of one column for the rows of a block.</summary>
internal abstract class ColumnBuffer
{
    /// <summary>A buffer for a column of any type, without room yet.</summary>
    public static ColumnBuffer Create(DataViewRow source, DataViewSchema.Column column)
    {
        Type kind = column.Type is VectorDataViewType vector
            ? typeof(Vectors<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(Scalars<>).MakeGenericType(column.Type.RawType);
        return (ColumnBuffer)Activator.CreateInstance(kind, source, column)!;
    }

    /// <summary>Makes room for rows; values already stored are kept.</summary>
    public abstract void Resize(int capacity);

    /// <summary>Stores the source's current value.</summary>
    public abstract void Store(int slot);

    /// <summary>A getter of the value in the slot that is current when it is called.</summary>
    public abstract Delegate Getter(Func<int> slot);

    private sealed class Scalars<T>(DataViewRow source, DataViewSchema.Column column) : ColumnBuffer
    {
        private readonly ValueGetter<T> _getter = source.GetGetter<T>(column);
        private T[] _values = [];

        public override void Resize(int capacity) => Array.Resize(ref _values, capacity);

        public override void Store(int slot) => _getter(ref _values[slot]);

        public override Delegate Getter(Func<int> slot) => (ValueGetter<T>)((ref T value) => value = _values[slot()]);
    }

    // A vector is copied out: a caller may write into the buffers of the value it was given.
    private sealed class Vectors<T>(DataViewRow source, DataViewSchema.Column column) : ColumnBuffer
    {
        private readonly ValueGetter<VBuffer<T>> _getter = source.GetGetter<VBuffer<T>>(column);
        private VBuffer<T>[] _values = [];

        public override void Resize(int capacity) => Array.Resize(ref _values, capacity);

        public override void Store(int slot) => _getter(ref _values[slot]);

        public override Delegate Getter(Func<int> slot) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[slot()].CopyTo(ref value));
    }
}
