using Gbi.Events.IO.Csv;
using Gbi.Events.IO.Outputs;
using Gbi.Events.IO.Parts;
using Gbi.Events.IO.RowGroups;

namespace Gbi.Events.IO.Appending;

/// <summary>
/// Events of any format by row groups: a Parquet file as it is; a text first as a temporary Parquet file next to the output, with every
/// column and all digits, which goes on disposal.
/// </summary>
internal sealed class StagedEvents : IDisposable
{
    private readonly TemporaryFolder? _temporary;

    private StagedEvents(RowGroupSource source, TemporaryFolder? temporary) => (Source, _temporary) = (source, temporary);

    /// <summary>The events.</summary>
    public RowGroupSource Source { get; }

    /// <summary>Reads what a file says about itself, once it is Parquet.</summary>
    /// <param name="path">File, folder or glob of parts.</param>
    /// <param name="output">The file to be written, next to which there is room.</param>
    /// <param name="remark">Is told of columns of a text that become text for a cell; null where nobody listens.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="DataException">A file cannot be read, or the output would be one of the parts.</exception>
    public static StagedEvents Of(string path, string output, Action<string>? remark, CancellationToken cancellationToken)
    {
        var parts = EventParts.Of(path);
        parts.RequireOutside(output);
        if (!parts.IsText)
        {
            return new StagedEvents(RowGroupSource.Of(path), null);
        }

        TemporaryFolder folder = FolderFor(output);
        try
        {
            string file = Path.Combine(folder.Path, "events.parquet");
            CsvToParquet.Convert(path, file, remark: remark, cancellationToken: cancellationToken);
            return new StagedEvents(ParquetSource.Read(file, parts.Name), folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static TemporaryFolder FolderFor(string output)
    {
        try
        {
            return OutputPlace.IsWrittenTo(output)
                ? TemporaryFolder.OfSystem("gbi.input")
                : TemporaryFolder.Beside(Path.GetFullPath($"{output}.input"));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"{output} cannot be written ({cause.Message.Trim().TrimEnd('.')}); choose a folder that you may write to.", cause);
        }
    }

    /// <summary>Deletes the temporary file.</summary>
    public void Dispose() => _temporary?.Dispose();
}
