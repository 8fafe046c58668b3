using System.Diagnostics.CodeAnalysis;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Csv;
using Gbi.Events.IO.Parts;
using Gbi.Events.IO.RowGroups;
using Gbi.Scoring;

namespace Gbi.Cli;

/// <summary>Events from Parquet, HDF5 or text (.csv, .tsv, either also .gz), or from a folder or a glob of such parts.</summary>
internal static class EventFile
{
    /// <summary>The formats as help texts name them.</summary>
    public const string Formats = "Parquet, CSV (.csv, .tsv, also .gz) or HDF5, or a folder or '*' pattern of parts";

    /// <summary>Whether a file, or parts of a folder or a pattern, are text.</summary>
    public static bool IsText(string path) => TableFile.IsText(path);

    /// <summary>Whether a file of this name is text: one that is to be written.</summary>
    public static bool IsTextName(string path) => TextNames.IsText(path);

    /// <summary>The last name of a file, folder or pattern.</summary>
    [return: NotNullIfNotNull(nameof(path))]
    public static string? NameOf(string? path) => EventParts.NameOf(path);

    /// <summary>Names of all columns.</summary>
    public static string[] AllColumns(string path) => TableFile.AllColumns(path);

    /// <summary>Columns that can be read as numbers.</summary>
    public static string[] Columns(string path) => TableFile.NumberColumns(path);

    /// <summary>Whether a path is one of a file, and not of parts.</summary>
    public static bool IsOneFile(string path) => !EventParts.Of(path).IsSet;

    /// <summary>Whether a file is HDF5, by its first bytes.</summary>
    public static bool IsHdf5(string path) => FileFormats.Of(EventParts.Of(path).Files[0].Path) == FileFormat.Hdf5;

    /// <summary>Bytes of a file, or of all parts together.</summary>
    public static long Length(string path) => new WatchedInputs([path]).Length;

    /// <summary>Sentences on columns that an output lacks because it cannot hold them.</summary>
    public static IEnumerable<string> LeftOut(IEnumerable<ParquetColumn> columns) => columns.Select(
        column => $"Column '{column.Name}' is left out: it is of type {column.TypeName}, which the output cannot hold.");

    public static EventTable Read(string path, EventSchema schema, CancellationToken cancellation) =>
        TableFile.Read(path, schema.Observables, EventReadOptions.For(schema), cancellation);
}
