using System.CommandLine;
using System.Text.Json.Nodes;
using Gbi.Analysis;
using Gbi.Events;
using Gbi.IO;
using Gbi.Pipeline;

namespace Gbi.Cli;

/// <summary>gbi score: appends the columns of a model to a file, row group by row group.</summary>
internal sealed class ScoreVerb : Verb
{
    private readonly Option<string> _model = OptionOf.Text("--model", "MODEL.zip", "What 'gbi search' or 'gbi train' wrote.", required: true);
    private readonly Option<string> _in = OptionOf.Text("--in", "FILE.parquet", "Events with the model's features as columns.", required: true);
    private readonly Option<string> _out = OptionOf.Text("--out", "FILE.parquet", "File to write: the events with log_ratio, log_ratio_spread and log_ratio_uncertainty, or with a systematic's coefficients such as Delta_nu.", required: true);
    private readonly Option<string[]> _columns = OptionOf.Names("--columns", "Columns of the input to keep (default: all).");
    private readonly Option<double?> _missing = OptionOf.Real("--missing", "V", "A number that stands for a missing value, such as -25.");
    private readonly Option<bool> _force = OptionOf.Force("a file");

    public ScoreVerb()
        : base(
            "score",
            "Append the log ratio of a model, or the coefficients of a systematic, to events. Files of any size: row groups are read, scored and written one after another.",
            "gbi score --model results/model.zip --in events.parquet --out scored.parquet",
            "gbi score --model ratio.zip --in events.parquet --out scored.parquet --columns run,event --force",
            "gbi score --model nu.zip --in scored.parquet --out with-systematic.parquet") =>
        this.AddAll(_model, _in, _out, _columns, _missing, _force);

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string path = OutputPath.Require(parsed.GetRequiredValue(_out), force);
        string modelPath = parsed.GetRequiredValue(_model);
        ScoringModel model = ScoringModel.Load(modelPath);
        // An option of names that was not given has the value of an empty list.
        string[]? keep = parsed.GetResult(_columns) is null ? null : parsed.GetValue(_columns);
        var options = new ParquetAppendOptions { Overwrite = force, KeepColumns = keep };
        var read = new EventReadOptions { MissingValue = parsed.GetValue(_missing) };
        string input = parsed.GetRequiredValue(_in);
        long count = ProgressBars.Run(terminal, progress => Score(model, input, path, read, options, progress, cancellation));
        terminal.Say($"Scored {count:N0} events with {Meaning(model)} of {Path.GetFileName(modelPath)}; wrote {path}.");
        terminal.PrintJson(Json(model, path, count).ToJsonString());
    }

    private static string Meaning(ScoringModel model) => model.Ratio is { } ratio
        ? $"ln p({ratio.Numerator})/p({ratio.Denominator})"
        : $"the coefficients {string.Join(", ", model.Columns)}";

    private static JsonObject Json(ScoringModel model, string path, long count)
    {
        var document = new JsonObject
        {
            ["out"] = path,
            ["events"] = count,
            ["columns"] = new JsonArray([.. model.Columns.Select(column => JsonValue.Create(column))]),
        };
        if (model.Ratio is { } ratio)
        {
            document["numerator"] = ratio.Numerator;
            document["denominator"] = ratio.Denominator;
        }
        else
        {
            document["parameters"] = new JsonArray([.. model.Systematic!.Parameters.Select(name => JsonValue.Create(name))]);
            document["monomials"] = new JsonArray([.. model.Systematic.Monomials.Select(monomial => JsonValue.Create(monomial.Name))]);
        }

        return document;
    }

    private static long Score(
        ScoringModel model, string input, string path, EventReadOptions read, ParquetAppendOptions options,
        IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        long total = new ParquetEventReader(input).RowCount;
        long done = 0;
        NewColumn[] columns = [.. model.Columns.Select(NewColumn.Single)];
        ParquetAppender.Append(input, path, model.Features, columns, Compute, read, options, cancellation);
        return done;

        Array[] Compute(EventTable events)
        {
            float[][] values = model.Score(events);
            done += events.Count;
            progress?.Report(new SearchProgress("Scoring", total == 0 ? 1 : (double)done / total));
            return [.. values];
        }
    }
}
