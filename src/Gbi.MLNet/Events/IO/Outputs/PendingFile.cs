namespace Gbi.Events.IO.Outputs;

/// <summary>
/// An output that appears only when it is whole: written to a temporary name in the same folder, flushed and renamed by
/// <see cref="Complete"/>, deleted by <see cref="Dispose"/> otherwise. Missing folders above it are made. A link is followed, and what it
/// leads to is replaced; only regular files are. Standard output and pipes are written to when the output is whole.
/// </summary>
internal sealed class PendingFile : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly OutputPlace _place;
    private readonly string _temporaryPath;
    private readonly ParentFolders? _parents;
    private readonly OutputTerms _terms;
    private bool _isComplete;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its name to be.</param>
    /// <param name="terms">Whether a file of this name may be replaced, and on what terms.</param>
    /// <exception cref="DataException">It exists and may not be replaced, is a folder or a device, or cannot be written.</exception>
    public PendingFile(string path, OutputTerms terms)
    {
        _place = OutputPlace.OfFile(path);
        _terms = terms;
        RequireFree(terms.Overwrite || terms.AcceptsSame);
        if (_place.IsStream)
        {
            _temporaryPath = TemporaryName.For(System.IO.Path.Combine(System.IO.Path.GetTempPath(), "gbi"));
            Stream = Open(System.IO.Path.GetTempPath(), FileOptions.DeleteOnClose);
            return;
        }

        string folder = System.IO.Path.GetDirectoryName(Path)!;
        if (terms.Sweeps)
        {
            TemporaryName.Sweep(Path);
        }

        _temporaryPath = TemporaryName.For(Path);
        _parents = ParentFolders.Of(Path);
        Stream = Open(folder, FileOptions.None);
    }

    /// <summary>Full path of the file to be.</summary>
    public string Path => _place.Path;

    /// <summary>What is written until the file is complete.</summary>
    public FileStream Stream { get; }

    /// <summary>Whether a check failed of what is written, which the mark of the file says to whoever finds it finished.</summary>
    public bool HasFailedCheck { get; set; }

    /// <summary>Gives the file its name.</summary>
    /// <exception cref="DataException">Meanwhile something else took the name, an input changed, or it cannot be replaced.</exception>
    public void Complete()
    {
        if (OutputMark.IsCarried(Path) && _terms.MadeWith?.Invoke() is { } mark)
        {
            OutputMark.Append(Stream, Path, HasFailedCheck ? FinishedOutput.Failed(mark) : mark);
        }

        _terms.Require?.Invoke();
        try
        {
            if (_place.IsStream)
            {
                WriteToStream();
            }
            else
            {
                Stream.Flush(_terms.Flushes);
                if (!HasSameContent())
                {
                    RequireFree(_terms.Overwrite);
                    Stream.Dispose();
                    KeepMode();
                    File.Move(_temporaryPath, Path, _terms.Overwrite);
                    _isComplete = true;
                }
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"{Path} cannot be put in place ({cause.Message.Trim().TrimEnd('.')}); check the space left on the disk, and that nothing "
                    + "else uses it.",
                cause);
        }
    }

    /// <summary>Throws away a file that was not completed.</summary>
    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException) when (!_isComplete)
        {
            // What is thrown away need not be written: the disk is full.
        }
        finally
        {
            if (!_isComplete)
            {
                File.Delete(_temporaryPath);
                _parents?.TakeBack();
            }
        }
    }

    private FileStream Open(string folder, FileOptions options)
    {
        try
        {
            return new FileStream(_temporaryPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize, options);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            _parents?.TakeBack();
            throw new DataException(
                $"{System.IO.Path.GetFileName(Path)} cannot be written to {folder} ({cause.Message.Trim().TrimEnd('.')}); check that you "
                    + "may write there.",
                cause);
        }
    }

    private void WriteToStream()
    {
        Stream.Position = 0;
        using Stream target = OutputPlace.IsStandardOutput(Path)
            ? Console.OpenStandardOutput()
            : new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        Stream.CopyTo(target);
        target.Flush();
    }

    private bool HasSameContent()
    {
        if (!_terms.AcceptsSame || _terms.Overwrite || !File.Exists(Path))
        {
            return false;
        }

        Stream.Position = 0;
        using FileStream there = File.OpenRead(Path);
        return FinishedOutput.AreSame(Stream, there);
    }

    private void KeepMode()
    {
        if (!OperatingSystem.IsWindows() && File.Exists(Path))
        {
            File.SetUnixFileMode(_temporaryPath, File.GetUnixFileMode(Path));
        }
    }

    private void RequireFree(bool mayExist)
    {
        if (!_place.IsStream && Directory.Exists(Path))
        {
            throw new DataException($"{Path} is a folder; give the name of a file to write.");
        }

        if (!_place.IsStream && !mayExist && File.Exists(Path))
        {
            throw new DataException(_terms.Taken ?? $"{Path} exists already; delete it, or allow overwriting (--force).")
            {
                IsOutputTaken = true,
            };
        }
    }
}
