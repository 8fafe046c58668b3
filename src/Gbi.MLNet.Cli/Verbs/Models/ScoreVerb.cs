using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Jobs;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Pipeline.Persistence;
using Gbi.Scoring;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Models;

/// <summary>gbi score: appends the columns of models to files, row group by row group.</summary>
internal sealed class ScoreVerb : Verb
{
    private const double LeastSecondsForRate = 10;

    private readonly Option<string[]> _models = OptionOf.Paths(
        "--model", "MODEL",
        "What 'gbi search' or 'gbi train' wrote, with --at a signal family as .json, or a network of a ratio or a systematic as .onnx. "
            + "Several are read at once.");
    private readonly Option<string[]> _in = OptionOf.Paths(
        "--in", "FILE.parquet", "Events with the models' features as columns; one file or several.");
    private readonly Option<string> _out = OptionOf.Text(
        "--out", "FILE|DIR",
        "File to write, or folder for files of the inputs' names: the events with log_ratio, log_ratio_spread and log_ratio_uncertainty, "
            + "or with a systematic's coefficients such as Delta_nu. With several models, the model's name and _ stand before those of a "
            + "ratio.",
        required: true);
    private readonly Option<string[]> _columns = OptionOf.Names("--columns", "Columns of the input to keep (default: all).");
    private readonly Option<double?> _missing = OptionOf.Real("--missing", "V", "A number that stands for a missing value, such as -25.");
    private readonly Option<bool> _ensemble = OptionOf.Flag("--ensemble", "The models are .onnx members of one ratio, which are averaged.");
    private readonly Option<bool> _resume = OptionOf.Flag(
        "--resume", "Leave outputs that the same models made of the same inputs as they are, and do the rest.");
    private readonly PointOption _at = new();
    private readonly NetworkOptions _network = new();
    private readonly Option<bool> _force = OptionOf.Force("files");

    public ScoreVerb()
        : base(
            "score",
            "Append the log ratio of models, or the coefficients of systematics, to events. Files of any size: row groups are read, "
                + "scored and written one after another.",
            "gbi score --model results/model.zip --in events.parquet --out scored.parquet",
            "gbi score --model ratio.zip --in events.parquet --out scored.parquet --columns run,event --force",
            "gbi score --model results/family.json --at mx=400,my=150 --in events.parquet --out scored.parquet",
            "gbi score --model net.onnx --model nu.zip --in day1.parquet day2.parquet --out scored/ --resume --device cuda",
            "gbi score --model member1.onnx member2.onnx --ensemble --in events.parquet --out scored.parquet") =>
        this.AddAll([_models, _in, _out, _columns, _missing, _at.Option, _ensemble, _resume, .. _network.All, _force]);

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string[] inputs = parsed.GetRequiredValue(_in);
        string output = parsed.GetRequiredValue(_out);
        ScoringTask[] tasks = Tasks(inputs, output, force, parsed.GetValue(_resume));
        ScoringModel[] models = Load(parsed.GetRequiredValue(_models), parsed.GetValue(_ensemble), _at.Read(parsed), _network.Of(parsed));
        try
        {
            var options = new FileScoringOptions
            {
                // An option of names that was not given has the value of an empty list.
                KeepColumns = parsed.GetResult(_columns) is null ? null : parsed.GetValue(_columns),
                MissingValue = parsed.GetValue(_missing),
                Overwrite = force,
                Resumes = parsed.GetValue(_resume),
            };
            var job = new FileScoring(models, options);
            long started = Stopwatch.GetTimestamp();
            IReadOnlyList<ScoredFile> files = ProgressBars.Run(
                terminal, progress => job.Run(tasks, progress is null ? null : new Throughput(progress), cancellation));
            Print(terminal, models, output, files, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        finally
        {
            Array.ForEach(models, model => model.Dispose());
        }
    }

    private static ScoringModel[] Load(string[] paths, bool isEnsemble, IReadOnlyDictionary<string, double>? at, OnnxOptions options)
    {
        if (at is not null && !paths.Any(SignalFamilyFile.IsFamily))
        {
            throw new UsageException(
                $"--at is a point of a signal family, and none of the models ends with {SignalFamilyFile.Extension}; leave it out.");
        }

        if (isEnsemble)
        {
            return paths.All(OnnxFiles.IsOnnx) ? [ScoringModel.LoadEnsemble(paths, options)] : throw new UsageException(
                "--ensemble needs members in .onnx files; a model by trees holds its members itself.");
        }

        ScoringModel[] models = [.. paths.Select(path => at is not null && SignalFamilyFile.IsFamily(path)
            ? UsageException.Guard(() => ScoringModel.LoadFamily(path, at))
            : ScoringModel.Load(path, options))];
        return models.Length == 1
            ? models
            : [
                .. models.Select(
                    model => model.Ratio is null ? model : model.WithPrefix($"{Path.GetFileNameWithoutExtension(model.Name)}_"))
            ];
    }

    private static ScoringTask[] Tasks(string[] inputs, string output, bool force, bool resumes)
    {
        bool isFolder = inputs.Length > 1 || Directory.Exists(output) || Path.EndsInDirectorySeparator(output);
        if (!isFolder)
        {
            return [new ScoringTask(inputs[0], OutputPath.Require(output, force || resumes))];
        }

        string? twice = inputs.GroupBy(path => Path.GetFileName(path)).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null || File.Exists(output))
        {
            throw new UsageException(twice is null
                ? $"{output} is a file; several files need a folder as --out."
                : $"Two inputs have the name {twice}, which both would have in {output}; score them into folders of their own.");
        }

        return [.. inputs.Select(input => new ScoringTask(
            input, OutputPath.Require(Path.Combine(output, Path.GetFileName(input)), force || resumes)))];
    }

    private static void Print(Terminal terminal, ScoringModel[] models, string output, IReadOnlyList<ScoredFile> files, double seconds)
    {
        long count = files.Where(file => !file.WasThere).Sum(file => file.Events);
        int there = files.Count(file => file.WasThere);
        foreach (ScoringModel model in models)
        {
            string where = model.Provider is { } provider ? $" on {NetworkOptions.Meaning(provider, model.ProviderReason)}" : "";
            terminal.Say($"Scored {count:N0} events with {Meaning(model)} of {model.Name}{where}; wrote {output}.");
        }

        if (there > 0)
        {
            terminal.Say($"{there} of {files.Count} files were complete before.");
        }

        // Of less than this, starting up is a part that says nothing of a larger job.
        if (seconds >= LeastSecondsForRate)
        {
            terminal.Say($"{seconds:F1} s, {count / seconds:N0} events/s.");
        }

        terminal.PrintJson(Json(models, output, files, seconds).ToJsonString());
    }

    private static string Meaning(ScoringModel model) => model.Ratio is { } ratio
        ? $"ln p({ratio.Numerator})/p({ratio.Denominator})"
        : $"the coefficients {string.Join(", ", model.Columns)}";

    private static JsonObject Json(ScoringModel[] models, string output, IReadOnlyList<ScoredFile> files, double seconds)
    {
        long count = files.Where(file => !file.WasThere).Sum(file => file.Events);
        var document = new JsonObject
        {
            ["out"] = output,
            ["events"] = count,
            ["columns"] = Names(models.SelectMany(model => model.Columns)),
            ["seconds"] = JsonNumber.Of(seconds),
            ["files"] = new JsonArray([.. files.Select(file => new JsonObject
            {
                ["in"] = file.Task.Input,
                ["out"] = file.Task.Output,
                ["events"] = file.Events,
                ["wasThere"] = file.WasThere,
            })]),
            ["models"] = new JsonArray([.. models.Select(Json)]),
        };
        if (models.Length == 1)
        {
            foreach ((string key, JsonNode? value) in Json(models[0]))
            {
                document.TryAdd(key, value?.DeepClone());
            }
        }

        return document;
    }

    private static JsonObject Json(ScoringModel model)
    {
        var document = new JsonObject { ["model"] = model.Name, ["provider"] = model.Provider };
        if (model.Ratio is { } ratio)
        {
            document["numerator"] = ratio.Numerator;
            document["denominator"] = ratio.Denominator;
        }
        else if (model.Systematic is { } systematic)
        {
            document["parameters"] = Names(systematic.Parameters);
            document["monomials"] = Names(systematic.Monomials.Select(monomial => monomial.Name));
        }

        return document;
    }

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(name => JsonValue.Create(name))];

    private sealed class Throughput(IProgress<SearchProgress> target) : IProgress<ScoringProgress>
    {
        public void Report(ScoringProgress value) => target.Report(
            new SearchProgress("Scoring", value.TotalEvents == 0 ? 1 : (double)value.Events / value.TotalEvents)
            {
                Detail = Text($"{value.EventsPerSecond:N0} events/s"),
            });
    }
}
