using System.CommandLine;
using System.Text.Json.Nodes;
using Gbi.Analysis;
using Gbi.Events;
using Gbi.IO;
using Gbi.Pipeline;
using Gbi.Ratios;

namespace Gbi.Cli;

/// <summary>gbi score: appends the log ratio of a model to a file, row group by row group.</summary>
internal sealed class ScoreVerb : Verb
{
    private readonly Option<string> _model = OptionOf.Text("--model", "MODEL.zip", "What 'gbi search' or 'gbi train ratio' wrote.", required: true);
    private readonly Option<string> _in = OptionOf.Text("--in", "FILE.parquet", "Events with the model's features as columns.", required: true);
    private readonly Option<string> _out = OptionOf.Text("--out", "FILE.parquet", "File to write: the events with log_ratio, log_ratio_spread and log_ratio_uncertainty.", required: true);
    private readonly Option<string[]> _columns = OptionOf.Names("--columns", "Columns of the input to keep (default: all).");
    private readonly Option<double?> _missing = OptionOf.Real("--missing", "V", "A number that stands for a missing value, such as -25.");
    private readonly Option<bool> _force = OptionOf.Force("a file");

    public ScoreVerb()
        : base(
            "score",
            "Append the log ratio of a model to events. Files of any size: row groups are read, scored and written one after another.",
            "gbi score --model results/model.zip --in events.parquet --out scored.parquet",
            "gbi score --model ratio.zip --in events.parquet --out scored.parquet --columns run,event --force") =>
        this.AddAll(_model, _in, _out, _columns, _missing, _force);

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string path = OutputPath.Require(parsed.GetRequiredValue(_out), force);
        string model = parsed.GetRequiredValue(_model);
        RatioModel ratio = RatioModelFile.Load(model);
        // An option of names that was not given has the value of an empty list.
        string[]? keep = parsed.GetResult(_columns) is null ? null : parsed.GetValue(_columns);
        var options = new ParquetAppendOptions { Overwrite = force, KeepColumns = keep };
        var read = new EventReadOptions { MissingValue = parsed.GetValue(_missing) };
        string input = parsed.GetRequiredValue(_in);
        long count = ProgressBars.Run(terminal, progress => Score(ratio, input, path, read, options, progress, cancellation));
        terminal.Say($"Scored {count:N0} events with ln p({ratio.Numerator})/p({ratio.Denominator}) of {Path.GetFileName(model)}; wrote {path}.");
        terminal.PrintJson(new JsonObject
        {
            ["out"] = path,
            ["events"] = count,
            ["numerator"] = ratio.Numerator,
            ["denominator"] = ratio.Denominator,
        }.ToJsonString());
    }

    private static long Score(
        RatioModel ratio, string input, string path, EventReadOptions read, ParquetAppendOptions options,
        IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        long total = new ParquetEventReader(input).RowCount;
        long done = 0;
        string[] names = [RatioModelFile.LogRatioColumn, RatioModelFile.SpreadColumn, RatioModelFile.UncertaintyColumn];
        NewColumn[] columns = [.. names.Select(NewColumn.Single)];
        ParquetAppender.Append(input, path, ratio.Features, columns, Compute, read, options, cancellation);
        return done;

        Array[] Compute(EventTable events)
        {
            RatioScores scores = ratio.Score(events);
            done += events.Count;
            progress?.Report(new SearchProgress("Scoring", total == 0 ? 1 : (double)done / total));
            return [scores.LogRatio.ToArray(), scores.Spread.ToArray(), scores.Uncertainty.ToArray()];
        }
    }
}
