using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Events.IO;
using Gbi.Events.IO.Appending;
using Gbi.Events.IO.Csv;
using Gbi.Events.IO.Outputs;
using Gbi.Reports.Json.Events;

namespace Gbi.Cli.Verbs.Events;

/// <summary>gbi convert: events to Parquet or to separated values, by the names of the files.</summary>
internal sealed class ConvertVerb : Verb
{
    private readonly Argument<string> _in = new("EVENTS") { Description = $"Events, {EventFile.Formats}." };
    private readonly Option<string> _out = OptionOf.Text(
        "--out", "FILE", "File to write: Parquet (.parquet) or CSV (.csv, .tsv, also .gz).", required: true);

    private readonly Option<string[]> _columns = OptionOf.Columns("all that the output can hold");
    private readonly Option<bool> _force = OptionOf.Force();

    public ConvertVerb()
        : base(
            "convert",
            "Convert events from Parquet to CSV, from CSV to Parquet or from HDF5 to either, or make one file of several parts. Integers "
                + "keep all digits, other numbers those that read back the same; nested columns, and those of bytes where CSV is written, "
                + "are named and left out.",
            "gbi convert events.parquet --out events.csv",
            "gbi convert events.csv --out events.parquet",
            "gbi convert 'run2018/*.parquet' --out run2018.parquet")
    {
        Arguments.Add(_in);
        this.AddAll(_out, _columns, _force);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string input = parsed.GetRequiredValue(_in);
        string output = parsed.GetRequiredValue(_out);
        bool fromText = EventFile.IsText(input);
        string path = OutputPath.Require(parsed, output, fromText && !EventFile.IsTextName(output) ? OutputPath.Parquet : null);
        string[]? columns = parsed.GetResult(_columns) is null ? null : parsed.GetValue(_columns);
        // A pipe has no name by which to tell: it takes what the input is not.
        bool toText = OutputPlace.IsWrittenTo(path) ? !fromText : EventFile.IsTextName(path);
        if (fromText == toText && columns is null && EventFile.IsOneFile(input) && (fromText || !EventFile.IsHdf5(input)))
        {
            throw new UsageException(
                $"{input} and {path} are of one format; give a file of the other one, several parts, or --columns to choose from.");
        }

        OutputTerms terms = FinishedOutputs.Require(parsed, force, (path, _out.Name));
        List<string> remarks = [];
        IReadOnlyList<ParquetColumn> leftOut = [];
        if (fromText && !toText && columns is null)
        {
            CsvToParquet.Convert(input, path, terms, remarks.Add, cancellation);
        }
        else
        {
            var options = new AppendOptions { KeepColumns = columns, Terms = terms, IsText = toText, Remark = remarks.Add };
            (_, leftOut) = ColumnAppender.Copy(input, path, options, cancellation);
        }

        terminal.Warn([.. remarks, .. EventFile.LeftOut(leftOut)]);
        terminal.Say($"Wrote {path}.");
        terminal.PrintJson(new ConvertDocument(path, LeftOutColumn.Of(leftOut)));
    }
}
