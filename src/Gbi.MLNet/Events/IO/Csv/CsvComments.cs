using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Gbi.Events.IO.Csv;

/// <summary>
/// A text without its comments: lines that begin with # outside of quotation marks are empty here, so that numbers of lines stay. The
/// comments are kept until somebody takes them.
/// </summary>
internal sealed class CsvComments(TextReader text) : TextReader
{
    private const int BufferLength = 1 << 15, LongestKept = 1 << 12;
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\r\n");
    private static readonly SearchValues<char> LineEndsAndQuotes = SearchValues.Create("\r\n\"");

    private readonly char[] _buffer = new char[BufferLength];
    private readonly Queue<(string Text, long Line)> _comments = new();
    private int _next, _length;
    private bool _isQuoted, _isComment, _isLineStart = true, _afterReturn;
    private string _comment = "";
    private long _line = 1;

    /// <summary>The comment that ended last, without its #; empty where there was none.</summary>
    public string Last { get; private set; } = "";

    /// <summary>The next comment that was not taken.</summary>
    public bool TryTake([NotNullWhen(true)] out string? comment, out long line)
    {
        bool found = _comments.TryDequeue(out (string Text, long Line) first);
        (comment, line) = first;
        return found;
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        int written = 0;
        while (written < buffer.Length)
        {
            if (_next == _length)
            {
                // A part that is here is not kept back for the rest.
                if (written > 0)
                {
                    break;
                }

                _next = 0;
                _length = text.Read(_buffer, 0, _buffer.Length);
                if (_length == 0)
                {
                    EndComment();
                    break;
                }
            }

            written += Next(_buffer.AsSpan(_next, Math.Min(_length - _next, buffer.Length - written)), buffer[written..]);
        }

        return written;
    }

    public override int Peek() => throw new NotSupportedException();

    public override int Read()
    {
        Span<char> one = stackalloc char[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            text.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Goes to the next line end or quotation mark; the number of characters that are passed on.</summary>
    private int Next(ReadOnlySpan<char> characters, Span<char> target)
    {
        if (_isLineStart && !_isQuoted && characters[0] == '#')
        {
            _isComment = true;
        }

        int end = characters.IndexOfAny(_isComment ? LineEnds : LineEndsAndQuotes);
        int length = end < 0 ? characters.Length : end;
        if (_isComment)
        {
            _comment += characters[..Math.Min(length, LongestKept - Math.Min(LongestKept, _comment.Length))].ToString();
        }
        else
        {
            characters[..length].CopyTo(target);
        }

        int passed = _isComment ? 0 : length;
        _isLineStart &= length == 0;
        _afterReturn &= length == 0;
        _next += length;
        if (end < 0)
        {
            return passed;
        }

        target[passed++] = characters[end];
        _next++;
        if (characters[end] == '"')
        {
            (_isQuoted, _isLineStart, _afterReturn) = (!_isQuoted, false, false);
            return passed;
        }

        EndComment();
        _line += characters[end] == '\n' && _afterReturn ? 0 : 1;
        (_isLineStart, _afterReturn) = (true, characters[end] == '\r');
        return passed;
    }

    private void EndComment()
    {
        if (_isComment)
        {
            _comments.Enqueue((_comment, _line));
            (_isComment, Last, _comment) = (false, _comment[1..].Trim(), "");
        }
    }
}
