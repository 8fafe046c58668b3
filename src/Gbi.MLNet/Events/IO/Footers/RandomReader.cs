using Microsoft.Win32.SafeHandles;

namespace Gbi.Events.IO.Footers;

/// <summary>An open file that several threads read at once, each where it wants.</summary>
internal sealed class RandomReader : IDisposable
{
    private readonly SafeFileHandle _handle;

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">It cannot be opened, or is no regular file.</exception>
    public RandomReader(string path)
    {
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        try
        {
            Length = RandomAccess.GetLength(_handle);
        }
        catch (NotSupportedException cause)
        {
            _handle.Dispose();
            throw new IOException("it is no regular file", cause);
        }
    }

    /// <summary>Bytes of the file when it was opened.</summary>
    public long Length { get; }

    /// <summary>Fills the buffer.</summary>
    /// <exception cref="InvalidDataException">The file ends before.</exception>
    public void ReadExactly(Span<byte> buffer, long offset)
    {
        while (!buffer.IsEmpty)
        {
            int count = RandomAccess.Read(_handle, buffer, offset);
            if (count == 0)
            {
                throw new InvalidDataException("the file is shorter than its footer says");
            }

            buffer = buffer[count..];
            offset += count;
        }
    }

    public void Dispose() => _handle.Dispose();
}
