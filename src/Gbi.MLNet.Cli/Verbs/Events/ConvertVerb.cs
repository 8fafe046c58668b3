using System.CommandLine;
using System.Text.Json.Nodes;
using Gbi.Cli.Options.Parsing;
using Gbi.Events.IO.Csv;

namespace Gbi.Cli.Verbs.Events;

/// <summary>gbi convert: Parquet to comma-separated values and back, by the names of the files.</summary>
internal sealed class ConvertVerb : Verb
{
    private readonly Argument<string> _in = new("FILE") { Description = "Events, Parquet or CSV (.csv)." };
    private readonly Option<string> _out = OptionOf.Text(
        "--out", "FILE", "File to write, CSV or Parquet: the other of both.", required: true);
    private readonly Option<string[]> _columns = OptionOf.Names(
        "--columns", "Columns of a Parquet file to write (default: all columns of numbers).");
    private readonly Option<bool> _force = OptionOf.Force("a file");

    public ConvertVerb()
        : base(
            "convert",
            "Write the columns of numbers of a Parquet file as comma-separated values, in single precision, or all columns of such a file "
                + "as Parquet.",
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
        string path = OutputPath.Require(parsed.GetRequiredValue(_out), force);
        string[]? columns = parsed.GetResult(_columns) is null ? null : parsed.GetValue(_columns);
        if (EventFile.IsText(input) == EventFile.IsText(path))
        {
            throw new UsageException($"{input} and {path} are of one format; give a .csv file and a Parquet file.");
        }

        if (EventFile.IsText(input) && columns is not null)
        {
            throw new UsageException("--columns chooses from a Parquet file; a CSV file is converted whole.");
        }

        if (EventFile.IsText(path))
        {
            ParquetToCsv.Convert(input, path, columns, force, cancellation);
        }
        else
        {
            CsvToParquet.Convert(input, path, force, cancellation);
        }

        terminal.Say($"Wrote {path}.");
        terminal.PrintJson(new JsonObject { ["out"] = path }.ToJsonString());
    }
}
