using Gbi.Pipeline.Views;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Appending;

/// <summary>A row with a model's outputs, evaluated when one of them is asked for and once for each position.</summary>
internal sealed class AppendingRow : DataViewRow
{
    private readonly AppendingMapper _mapper;
    private readonly DataViewRow _input;
    private readonly HashSet<int> _active;
    private readonly InputReader? _read;
    private readonly float[] _values;
    private readonly float[] _outputs;
    private long _evaluated = long.MinValue;

    public AppendingRow(AppendingMapper mapper, DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        _mapper = mapper;
        _input = input;
        DataViewSchema.Column[] active = [.. activeColumns];
        _active = [.. active.Select(column => column.Index)];
        _values = new float[mapper.Binding.Width];
        _outputs = new float[mapper.Outputs.Width];
        _read = active.Any(column => mapper.OutputOf(column) >= 0) ? mapper.OpenInputs(input) : null;
    }

    public override DataViewSchema Schema => _mapper.OutputSchema;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ColumnGetters.RequireActive(IsColumnActive(column), column);
        int output = _mapper.OutputOf(column);
        if (output < 0)
        {
            return _input.GetGetter<TValue>(_mapper.InputSchema[column.Index]);
        }

        if (_mapper.Outputs.AreVectors)
        {
            (int start, int length) = _mapper.Outputs.Range(output);
            ValueGetter<VBuffer<float>> vector = (ref VBuffer<float> value) =>
            {
                Evaluate();
                ColumnGetters.Fill(ref value, _outputs.AsSpan(start, length));
            };
            return ColumnGetters.As<TValue>(vector, column);
        }

        ValueGetter<float> getter = (ref float value) =>
        {
            Evaluate();
            value = _outputs[output];
        };
        return ColumnGetters.OfOutput<TValue>(getter, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Evaluate()
    {
        // A single output is never stale this way, even where a caller's row keeps its position while its values change.
        if (_outputs.Length > 1 && _evaluated == _input.Position)
        {
            return;
        }

        _read!(_values);
        _mapper.Model.Evaluate(_values, 1, _outputs);
        _evaluated = _input.Position;
    }
}

/// <summary>The checks that every getter makes.</summary>
internal static class ColumnGetters
{
    public static void RequireActive(bool isActive, DataViewSchema.Column column)
    {
        if (!isActive)
        {
            throw new InvalidOperationException(
                $"Column '{column.Name}' was not asked for when the cursor was opened; name it among the columns needed.");
        }
    }

    /// <summary>The getter of an appended column, whose value the model gives as a number.</summary>
    public static ValueGetter<TValue> OfOutput<TValue>(ValueGetter<float> number, DataViewSchema.Column column)
    {
        if (column.Type is not BooleanDataViewType)
        {
            return As<TValue>(number, column);
        }

        float found = 0;
        ValueGetter<bool> truth = (ref bool value) =>
        {
            number(ref found);
            value = found != 0;
        };
        return As<TValue>(truth, column);
    }

    /// <summary>Writes a vector's numbers into the value that a caller gave.</summary>
    public static void Fill(ref VBuffer<float> value, ReadOnlySpan<float> numbers)
    {
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, numbers.Length);
        numbers.CopyTo(editor.Values);
        value = editor.Commit();
    }

    public static ValueGetter<TValue> As<TValue>(Delegate getter, DataViewSchema.Column column) =>
        getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"Column '{column.Name}' holds {column.Type}, not {typeof(TValue).Name}; ask for a getter of its own type.");
}
