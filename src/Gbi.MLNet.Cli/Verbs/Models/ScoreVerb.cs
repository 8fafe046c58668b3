using System.CommandLine;
using System.Diagnostics;
using Gbi.Cli.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Jobs;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Pipeline.Estimators.Posteriors;
using Gbi.Pipeline.Persistence;
using Gbi.Reports.Json.Events;
using Gbi.Reports.Json.Models;
using Gbi.Scoring;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Models;

/// <summary>gbi score: appends the columns of models to files, row group by row group.</summary>
internal sealed class ScoreVerb : Verb
{
    private const double LeastSecondsForRate = 10;

    private readonly Argument<string[]> _events = new("EVENTS")
    {
        Description = $"Events with the features of the models as columns, {EventFile.Formats}. A pattern or folder is scored to one file.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _models = OptionOf.Repeated(
        "--model", "MODEL",
        "Ratio or systematic by 'gbi search' or 'gbi train', or posterior by 'gbi infer' (.zip), signal family (.json, with --at), or "
        + "network (.onnx). "
        + "Repeat it for several models.",
        required: true);

    private readonly Option<string> _out = OptionOf.Text(
        "--out", "FILE|DIR",
        "File to write (.parquet, .csv, .tsv, also .gz), or folder for several: the events with log_ratio, log_ratio_spread and "
        + "log_ratio_uncertainty, or with the coefficients of a systematic, or with posterior_mean_NAME and posterior_deviation_NAME of "
        + "each parameter of a posterior. With several models, columns of a ratio or a posterior begin with the name of the model.",
        required: true);

    private readonly Option<string[]> _columns = OptionOf.Columns("all that the output can hold");
    private readonly Option<double?> _missing = OptionOf.Missing("that of the training");
    private readonly Option<bool> _ensemble = OptionOf.Flag("--ensemble", "The models are .onnx members of one ratio; average them.");

    private readonly Option<bool> _resume = OptionOf.Flag(
        "--resume", "Keep outputs that the same models made from the same inputs, and make the others.");

    private readonly Option<int?> _draws = OptionOf.Number(
        "--draws", "N",
        "Draws of a posterior for each event; a mean is known to its standard deviation over the root of N, and the time grows with N.",
        least: 2, Sentence.Of(PosteriorDrawing.DefaultCount));

    private readonly PointOption _at = new();
    private readonly NetworkOptions _network = new();
    private readonly Option<bool> _force = OptionOf.Force();

    public ScoreVerb()
        : base(
            "score",
            "Append the log ratio of models, the coefficients of systematics, or means and standard deviations of posteriors to events. "
            + "Files may be of any size, because row groups are read, scored and written one by one.",
            "gbi score events.parquet --model results/model.zip --out scored.parquet",
            "gbi score events.parquet --model ratio.zip --out scored.parquet --columns run,event --force",
            "gbi score events.parquet --model results/family.json --at mx=400,my=150 --out scored.parquet",
            "gbi score events.parquet --model posterior.zip --out summaries.parquet --draws 200",
            "gbi score day1.parquet day2.parquet --model net.onnx --model nu.zip --out scored/ --resume --device cuda",
            "gbi score events.parquet --model member1.onnx --model member2.onnx --ensemble --out scored.parquet")
    {
        Arguments.Add(_events);
        this.AddAll([_models, _out, _columns, _missing, _draws, _at.Option, _ensemble, _resume, .. _network.All, _force]);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string[] inputs = parsed.GetRequiredValue(_events);
        RequireEvents(inputs);
        string output = parsed.GetRequiredValue(_out);
        ScoringTask[] tasks = Tasks(parsed, inputs, output, force || parsed.GetValue(_resume));
        string[] paths = parsed.GetRequiredValue(_models);
        if (!paths.Any(OnnxFiles.IsOnnx))
        {
            _network.RequireUnused(parsed);
        }

        ScoringModel[] models = Load(parsed, paths);
        try
        {
            if (parsed.GetResult(_draws) is not null && models.All(model => model.Posterior is null))
            {
                throw new UsageException("--draws needs a posterior, but no model is one; leave it out.");
            }

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
        catch (OperationCanceledException cause) when (tasks.Length > 1)
        {
            throw new InterruptedException(
                $"Interrupted; finished files stay in {output}. Run the same command again with --resume.", cause);
        }
        finally
        {
            Array.ForEach(models, model => model.Dispose());
        }
    }

    private static void RequireEvents(string[] inputs)
    {
        if (Array.Find(
            inputs, path => OnnxFiles.IsOnnx(path) || SignalFamilyFile.IsFamily(path) || Path.GetExtension(path) == ".zip") is { } model)
        {
            throw new UsageException($"{model} is a model, not events; write --model before each model.");
        }
    }

    private ScoringModel[] Load(ParseResult parsed, string[] paths)
    {
        IReadOnlyDictionary<string, double>? at = _at.Read(parsed);
        OnnxOptions options = _network.Of(parsed);
        if (at is not null && !paths.Any(SignalFamilyFile.IsFamily))
        {
            throw new UsageException($"--at needs a signal family, but no model ends with {SignalFamilyFile.Extension}; leave it out.");
        }

        if (parsed.GetValue(_ensemble))
        {
            return paths.All(OnnxFiles.IsOnnx) ? [ScoringModel.LoadEnsemble(paths, options)] : throw new UsageException(
                "--ensemble needs .onnx files; a model of trees contains its members.");
        }

        ScoringModel[] models = [.. paths.Select(path => at is not null && SignalFamilyFile.IsFamily(path)
            ? UsageException.IfRefused(() => ScoringModel.LoadFamily(path, at))
            : parsed.GetValue(_draws) is { } draws && ScoringModel.IsPosterior(path) ? ScoringModel.LoadPosterior(path, draws)
            : ScoringModel.Load(path, options))];
        return models.Length == 1
            ? models
            : [
                .. models.Select(
                    model => model.Systematic is not null ? model : model.WithPrefix($"{Path.GetFileNameWithoutExtension(model.Name)}_"))
            ];
    }

    private static ScoringTask[] Tasks(ParseResult parsed, string[] inputs, string output, bool mayExist)
    {
        bool isFolder = inputs.Length > 1 || Directory.Exists(output) || Path.EndsInDirectorySeparator(output);
        if (!isFolder)
        {
            return [new ScoringTask(
                inputs[0], OutputPath.Require(parsed, output, mayExist, EventFile.IsTextName(output) ? null : OutputPath.Parquet))];
        }

        string? twice = inputs.GroupBy(NameOfOutput).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null || File.Exists(output))
        {
            throw new UsageException(twice is null
                ? $"{output} is a file; several files need a folder as --out."
                : $"Two inputs have the name {twice}, which both would have in {output}; score them into folders of their own.");
        }

        return [.. inputs.Select(input => new ScoringTask(
            input, OutputPath.Require(parsed, Path.Combine(output, NameOfOutput(input)), mayExist)))];
    }

    /// <summary>Text is scored to text, anything else to Parquet.</summary>
    private static string NameOfOutput(string input)
    {
        string name = EventFile.NameOf(input);
        if (name.AsSpan().ContainsAny('*', '?'))
        {
            throw new UsageException($"{input} is a pattern, which is scored to one file; give the name of a file as --out.");
        }

        return EventFile.IsTextName(name) || name.EndsWith(OutputPath.Parquet, StringComparison.OrdinalIgnoreCase)
            ? name
            : EventFile.IsOneFile(input) ? Path.ChangeExtension(name, OutputPath.Parquet) : name + OutputPath.Parquet;
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

        terminal.Warn([.. files.SelectMany(file => EventFile.LeftOut(file.LeftOut)).Distinct()]);
        if (there > 0)
        {
            terminal.Say($"{there} of {files.Count} files were finished before.");
        }

        // Of less than this, starting up is a part that says nothing of a larger job.
        if (seconds >= LeastSecondsForRate)
        {
            terminal.Say($"{seconds:F1} s, {count / seconds:N0} events/s.");
        }

        terminal.PrintJson(new ScoreDocument(
            output,
            count,
            [.. models.SelectMany(model => model.Columns)],
            Math.Round(seconds, 3),
            [.. files.Select(file => new ScoredFileDocument(
                file.Task.Input, file.Task.Output, file.Events, file.WasThere, LeftOutColumn.Of(file.LeftOut)))],
            [.. models.Select(Document)]));
    }

    private static string Meaning(ScoringModel model) => model.Ratio is { } ratio
        ? $"ln p({ratio.Numerator})/p({ratio.Denominator})"
        : model.Posterior is { } posterior ? $"means and standard deviations of {string.Join(", ", posterior.Parameters)}"
        : $"the coefficients {string.Join(", ", model.Columns)}";

    private static ScoringModelDocument Document(ScoringModel model) => new(
        model.Name,
        model.Provider,
        model.Ratio?.Numerator,
        model.Ratio?.Denominator,
        model.Systematic?.Parameters ?? model.Posterior?.Parameters,
        model.Systematic is { } systematic ? [.. systematic.Monomials.Select(monomial => monomial.Name)] : null);

    private sealed class Throughput(IProgress<SearchProgress> target) : IProgress<ScoringProgress>
    {
        public void Report(ScoringProgress value) => target.Report(
            new SearchProgress("Scoring", value.TotalEvents == 0 ? 1 : (double)value.Events / value.TotalEvents)
            {
                Detail = Text($"{value.EventsPerSecond:N0} events/s"),
            });
    }
}
