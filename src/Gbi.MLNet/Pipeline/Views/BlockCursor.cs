using Gbi.Pipeline.Appending;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Views;

/// <summary>
/// Reads a block of rows ahead, evaluates the model on the block and then hands out row by row. Columns that pass through are
/// kept for the block. The first block is small and blocks grow, so that a look at a few rows stays cheap; once they have grown, the
/// next block is evaluated while the rows of this one are handed out.
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
    private readonly ColumnBuffer[] _stored;
    private int _capacity;
    private bool _exhausted;

    // Two blocks share each array, one behind the other: this one's rows begin at _start, the next one's at the other end.
    private int _start;
    private int _count;
    private int _slot = -1;
    private Task<int>? _next;
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

        _stored = [.. _buffers.Values];
        Resize(Math.Min(FirstBlock, mapper.Model.BlockSize));
    }

    public override DataViewSchema Schema => _mapper.OutputSchema;

    public override long Position => _slot < 0 ? -1 : _places[_start + _slot].Position;

    public override long Batch => _slot < 0 ? 0 : _places[_start + _slot].Batch;

    public override bool MoveNext()
    {
        if (_slot + 1 >= _count)
        {
            NextBlock();
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
        if (output < 0)
        {
            return ColumnGetters.As<TValue>(_buffers[column.Index].Getter(Current), column);
        }

        (int start, int length) = _mapper.Outputs.Range(output);
        int width = _mapper.Outputs.Width;
        if (_mapper.Outputs.AreVectors)
        {
            ValueGetter<VBuffer<float>> vector = (ref VBuffer<float> value) =>
                ColumnGetters.Fill(ref value, _outputs.AsSpan((Current() * width) + start, length));
            return ColumnGetters.As<TValue>(vector, column);
        }

        return ColumnGetters.OfOutput<TValue>((ref float value) => value = _outputs[(Current() * width) + start], column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // A block under way writes to the arrays; its failure is nobody's any more.
            ((IAsyncResult?)_next)?.AsyncWaitHandle.WaitOne();
            _ = _next?.Exception;
            _next = null;
            _exhausted = true;
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Current() => _slot >= 0
        ? _start + _slot
        : throw new InvalidOperationException("The cursor stands on no row; call MoveNext and use the row while it returns true.");

    private void NextBlock()
    {
        _slot = -1;
        if (_next is { } next)
        {
            _next = null;
            _start = OtherStart;
            _count = 0;
            _count = next.GetAwaiter().GetResult();
        }
        else
        {
            Resize(_count == _capacity ? Math.Min(_capacity * Growth, _mapper.Model.BlockSize) : _capacity);
            _count = 0;
            int count = ReadBlock(_start);
            Evaluate(_start, count);
            _count = count;
        }

        if (_capacity == _mapper.Model.BlockSize && !_exhausted)
        {
            _next = ReadAhead(OtherStart);
        }
    }

    private int OtherStart => _capacity - _start;

    /// <summary>Reads on this thread, whose cursor it is, and evaluates on another; a failure comes to light when the block's turn
    /// comes.</summary>
    private Task<int> ReadAhead(int start)
    {
        try
        {
            int count = ReadBlock(start);
            return Task.Run(() =>
            {
                Evaluate(start, count);
                return count;
            });
        }
        catch (Exception failure)
        {
            return Task.FromException<int>(failure);
        }
    }

    private int ReadBlock(int start)
    {
        int width = _mapper.Binding.Width;
        int count = 0;
        while (!_exhausted && count < _capacity)
        {
            if (!_input.MoveNext())
            {
                _exhausted = true;
                break;
            }

            int slot = start + count;
            _read(_rows.AsSpan(slot * width, width));
            (_places[slot].Position, _places[slot].Batch) = (_input.Position, _input.Batch);
            _inputId(ref _places[slot].Id);
            foreach (ColumnBuffer buffer in _stored)
            {
                buffer.Store(slot);
            }

            count++;
        }

        return count;
    }

    private void Evaluate(int start, int count)
    {
        if (count > 0)
        {
            (int width, int outputs) = (_mapper.Binding.Width, _mapper.Outputs.Width);
            _mapper.Model.Evaluate(
                _rows.AsMemory(start * width, count * width), count, _outputs.AsMemory(start * outputs, count * outputs));
        }
    }

    // Only before the first block is read ahead, so that no row that is still needed moves.
    private void Resize(int capacity)
    {
        if (capacity == _capacity)
        {
            return;
        }

        _capacity = capacity;
        _start = 0;
        Array.Resize(ref _rows, 2 * capacity * _mapper.Binding.Width);
        Array.Resize(ref _outputs, 2 * capacity * _mapper.Outputs.Width);
        Array.Resize(ref _places, 2 * capacity);
        foreach (ColumnBuffer buffer in _stored)
        {
            buffer.Resize(2 * capacity);
        }
    }
}
