using System.Text;
using Gbi.Events;

namespace Gbi.Jobs;

/// <summary>
/// Lines of finished jobs in the order in which they finished. A line is on the disk before its job counts as finished; what a run that was
/// killed had half written has no line feed and is cut off. A run of more jobs of the same series adds a header of its own.
/// </summary>
internal sealed class JobJournal : IDisposable
{
    private readonly FileStream _stream;
    private readonly Lock _lock = new();

    private JobJournal(FileStream stream, SortedDictionary<int, string> lines) => (_stream, Lines) = (stream, lines);

    /// <summary>The line of each finished job.</summary>
    public SortedDictionary<int, string> Lines { get; }

    /// <summary>Opens a journal or begins one.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="series">What its results must be of.</param>
    /// <param name="numberOf">The number of a line's job, given the line and the path.</param>
    /// <exception cref="DataException">It is of another series, was changed, is in use, or cannot be written.</exception>
    public static JobJournal Open(string path, JobSeries series, Func<string, string, int> numberOf)
    {
        FileStream stream = OpenAlone(path);
        try
        {
            var lines = new SortedDictionary<int, string>();
            string[] whole = WholeLines(stream);
            var expected = JobHeader.Of(series);
            if (whole.Length == 0)
            {
                Append(stream, expected.Write());
                return new JobJournal(stream, lines);
            }

            int last = Array.FindLastIndex(whole, JobHeader.IsHeader);
            var header = JobHeader.Parse(whole[Math.Max(0, last)], path);
            if (header.IsBeginningOf(expected))
            {
                Append(stream, expected.Write());
            }
            else
            {
                header.RequireSame(expected, path);
            }

            HashSet<int> jobs = [.. series.Jobs];
            foreach (string line in whole.Where(line => !JobHeader.IsHeader(line)))
            {
                int job = numberOf(line, path);
                if (!jobs.Contains(job) || !lines.TryAdd(job, line))
                {
                    throw new DataException(
                        $"{path} holds job {job} twice or should not hold it; the file was changed, delete it to run the jobs again.");
                }
            }

            return new JobJournal(stream, lines);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Keeps a line; to be called from any thread.</summary>
    /// <returns>How many jobs are finished now.</returns>
    public int Add(int job, string line)
    {
        lock (_lock)
        {
            Append(_stream, line);
            Lines.Add(job, line);
            return Lines.Count;
        }
    }

    public void Dispose() => _stream.Dispose();

    private static FileStream OpenAlone(string path)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            {
                Directory.CreateDirectory(folder);
            }

            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"{path} cannot be written ({cause.Message.Trim().TrimEnd('.')}); if another run uses it, wait for that one or give each "
                    + $"its own shard and file.",
                cause);
        }
    }

    private static string[] WholeLines(FileStream stream)
    {
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        int end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        stream.SetLength(end);
        stream.Position = end;
        return end == 0 ? [] : Encoding.UTF8.GetString(bytes, 0, end - 1).Split('\n');
    }

    private static void Append(FileStream stream, string line)
    {
        stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
        stream.Flush(flushToDisk: true);
    }
}
