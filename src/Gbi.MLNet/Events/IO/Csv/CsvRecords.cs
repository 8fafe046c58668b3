using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Csv;

/// <summary>The records of a comma-separated text, one at a time; cells are read in place (RFC 4180).</summary>
internal sealed class CsvRecords(TextReader text, string file)
{
    private readonly List<int> _ends = [];
    private readonly char[] _buffer = new char[1 << 16];
    private char[] _record = new char[256];
    private int _length, _bufferLength, _bufferNext;
    private long _nextLine = 1;

    /// <summary>Line on which the current record begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Number of cells of the current record.</summary>
    public int Count => _ends.Count;

    public ReadOnlySpan<char> this[int cell]
    {
        get
        {
            int start = cell == 0 ? 0 : _ends[cell - 1];
            return _record.AsSpan(start, _ends[cell] - start);
        }
    }

    /// <summary>Goes to the next record that is not an empty line; false at the end of the text.</summary>
    public bool Next()
    {
        do
        {
            if (Peek() < 0)
            {
                return false;
            }

            ReadRecord();
        }
        while (_ends.Count == 1 && _length == 0);
        return true;
    }

    private void ReadRecord()
    {
        _ends.Clear();
        _length = 0;
        Line = _nextLine;
        bool atCellStart = true;
        while (true)
        {
            int c = Take();
            switch (c)
            {
                case '"' when atCellStart:
                    ReadQuoted();
                    break;
                case ',':
                    _ends.Add(_length);
                    atCellStart = true;
                    continue;
                case '\r' when Peek() == '\n':
                    continue;
                case -1 or '\n':
                    _nextLine++;
                    _ends.Add(_length);
                    return;
                default:
                    Keep((char)c);
                    break;
            }

            atCellStart = false;
        }
    }

    private void ReadQuoted()
    {
        while (true)
        {
            int c = Take();
            if (c == '"')
            {
                if (Peek() != '"')
                {
                    return;
                }

                Take();
            }
            else if (c == '\n')
            {
                _nextLine++;
            }
            else if (c < 0)
            {
                throw new DataException(Text(
                    $"A quoted cell that begins on line {Line:N0} of {file} does not end; add the closing quotation mark."));
            }

            Keep((char)c);
        }
    }

    private void Keep(char c)
    {
        if (_length == _record.Length)
        {
            Array.Resize(ref _record, 2 * _length);
        }

        _record[_length++] = c;
    }

    private int Take()
    {
        int c = Peek();
        _bufferNext += c < 0 ? 0 : 1;
        return c;
    }

    private int Peek()
    {
        if (_bufferNext == _bufferLength)
        {
            _bufferLength = text.Read(_buffer);
            _bufferNext = 0;
        }

        return _bufferNext < _bufferLength ? _buffer[_bufferNext] : -1;
    }
}
