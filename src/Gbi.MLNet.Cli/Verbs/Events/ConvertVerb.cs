using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Events.IO.Csv;
using Gbi.Events.IO.Outputs;
using Gbi.Reports.Json.Events;

namespace Gbi.Cli.Verbs.Events;

/// <summary>gbi convert: Parquet to separated values and back, by the names of the files.</summary>
internal sealed class ConvertVerb : Verb
{
    private readonly Argument<string> _in = new("EVENTS") { Description = $"Events, {EventFile.Formats}." };
    private readonly Option<string> _out = OptionOf.Text(
        "--out", "FILE", "File to write: Parquet from CSV, or CSV (.csv, .tsv, also .gz) from Parquet.", required: true);

    private readonly Option<string[]> _columns = OptionOf.Columns("all columns but those of bytes and nested ones");
    private readonly Option<bool> _force = OptionOf.Force();

    public ConvertVerb()
        : base(
            "convert",
            "Convert events from Parquet to CSV or from CSV to Parquet. Integers keep all digits, other numbers those that read back the "
                + "same; columns of bytes and nested ones are named and left out of CSV.",
            "gbi convert events.parquet --out events.csv",
            "gbi convert events.csv --out events.parquet")
    {
        Arguments.Add(_in);
        this.AddAll(_out, _columns, _force);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string input = parsed.GetRequiredValue(_in);
        string output = parsed.GetRequiredValue(_out);
        string path = OutputPath.Require(
            parsed, output, EventFile.IsText(input) && !EventFile.IsText(output) ? OutputPath.Parquet : null);
        string[]? columns = parsed.GetResult(_columns) is null ? null : parsed.GetValue(_columns);
        // A pipe has no name by which to tell: it takes what the input is not.
        bool isText = OutputPlace.IsWrittenTo(path) ? !EventFile.IsText(input) : EventFile.IsText(path);
        if (EventFile.IsText(input) == isText)
        {
            throw new UsageException($"{input} and {path} are of one format; give a Parquet file and a .csv or .tsv file, also .gz.");
        }

        if (EventFile.IsText(input) && columns is not null)
        {
            throw new UsageException("--columns chooses from a Parquet file; a CSV file is converted whole.");
        }

        OutputTerms terms = FinishedOutputs.Require(parsed, force, (path, _out.Name));
        List<string> remarks = [];
        if (isText)
        {
            ParquetToCsv.Convert(input, path, columns, terms, remarks.Add, cancellation);
        }
        else
        {
            CsvToParquet.Convert(input, path, terms, remarks.Add, cancellation);
        }

        terminal.Warn(remarks);
        terminal.Say($"Wrote {path}.");
        terminal.PrintJson(new ConvertDocument(path));
    }
}
