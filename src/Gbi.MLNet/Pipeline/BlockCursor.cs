using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline;

/// <summary>
/// Reads a block of rows ahead, evaluates the model on the block and then hands out row by row. Columns that pass through are
/// kept for the block. The first block is small and blocks grow, so that a look at a few rows stays cheap.
/// </summary>
internal sealed class BlockCursor : DataViewRowCursor
{
    private const int FirstBlock = 64;
    private const int Growth = 4;
    private readonly AppendingMapper _mapper;
    private readonly DataViewRowCursor _input;
    private readonly HashSet<int> _active;
    private readonly InputReader _read;
    private readonly ValueGetter<DataViewRowId> _inputId;
    private readonly Dictionary<int, ColumnBuffer> _buffers = [];
    private int _capacity;
    private int _count;
    private int _slot = -1;
    private bool _exhausted;
    private float[] _rows = [];
    private float[] _outputs = [];
    private (long Position, long Batch, DataViewRowId Id)[] _places = [];

    public BlockCursor(AppendingMapper mapper, DataViewRowCursor input, DataViewSchema.Column[] active)
    {
        _mapper = mapper;
        _input = input;
        _active = [.. active.Select(column => column.Index)];
        _read = mapper.OpenInputs(input);
        _inputId = input.GetIdGetter();
        foreach (int index in _active.Where(index => index < mapper.InputSchema.Count))
        {
            _buffers[index] = ColumnBuffer.Create(input, mapper.InputSchema[index]);
        }

        Resize(Math.Min(FirstBlock, mapper.Model.BlockSize));
    }

    public override DataViewSchema Schema => _mapper.OutputSchema;

    public override long Position => _slot < 0 ? -1 : _places[_slot].Position;

    public override long Batch => _slot < 0 ? 0 : _places[_slot].Batch;

    public override bool MoveNext()
    {
        if (_slot + 1 >= _count)
        {
            ReadBlock();
        }

        _slot = _count == 0 ? -1 : _slot + 1;
        return _slot >= 0;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _places[Current()].Id;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ColumnGetters.RequireActive(IsColumnActive(column), column);
        int output = _mapper.OutputOf(column);
        Delegate getter = output < 0
            ? _buffers[column.Index].Getter(Current)
            : (ValueGetter<float>)((ref float value) => value = _outputs[(Current() * _mapper.Binding.Outputs.Count) + output]);
        return ColumnGetters.As<TValue>(getter, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Current() => _slot >= 0
        ? _slot
        : throw new InvalidOperationException("The cursor stands on no row; call MoveNext and use the row while it returns true.");

    private void ReadBlock()
    {
        if (_count == _capacity)
        {
            Resize(Math.Min(_capacity * Growth, _mapper.Model.BlockSize));
        }

        _slot = -1;
        _count = 0;
        int width = _mapper.Binding.Width;
        while (!_exhausted && _count < _capacity)
        {
            if (!_input.MoveNext())
            {
                _exhausted = true;
                break;
            }

            _read(_rows.AsSpan(_count * width, width));
            (_places[_count].Position, _places[_count].Batch) = (_input.Position, _input.Batch);
            _inputId(ref _places[_count].Id);
            foreach (ColumnBuffer buffer in _buffers.Values)
            {
                buffer.Store(_count);
            }

            _count++;
        }

        if (_count > 0)
        {
            Memory<float> outputs = _outputs.AsMemory(0, _count * _mapper.Binding.Outputs.Count);
            _mapper.Model.Evaluate(_rows.AsMemory(0, _count * width), _count, outputs);
        }
    }

    private void Resize(int capacity)
    {
        if (capacity == _capacity)
        {
            return;
        }

        _capacity = capacity;
        Array.Resize(ref _rows, capacity * _mapper.Binding.Width);
        Array.Resize(ref _outputs, capacity * _mapper.Binding.Outputs.Count);
        Array.Resize(ref _places, capacity);
        foreach (ColumnBuffer buffer in _buffers.Values)
        {
            buffer.Resize(capacity);
        }
    }
}
