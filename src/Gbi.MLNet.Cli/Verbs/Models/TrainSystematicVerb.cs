using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Likelihoods.Factors;
using Gbi.Numerics;
using Gbi.Pipeline.Persistence;
using Gbi.Ratios.Parametric;
using Gbi.Systematics;

namespace Gbi.Cli.Verbs.Models;

/// <summary>gbi train systematic: how nuisance parameters move the density, from nominal and varied files of events.</summary>
internal sealed class TrainSystematicVerb : Verb
{
    private readonly Argument<string> _nominal = new("NOMINAL") { Description = $"Events with all parameters at 0, {EventFile.Formats}." };

    private readonly Option<VariedFile[]> _varied = VariedFile.Option(
        "--varied", "Events at other values of the parameters, normalised as the nominal ones; parameters not named are 0. "
        + "Repeat it for each sample.");

    private readonly Option<string[]> _features = OptionOf.Names(
        "--features", "A,B,...", "Columns that the variations may change; tau* and pt1..pt4 name several.", required: true);

    private readonly Option<string> _weight = OptionOf.Weight();
    private readonly Option<double?> _missing = OptionOf.Missing();

    private readonly Option<string[]> _monomials = OptionOf.Names(
        "--monomials", "A,B,...", Sentence.WithDefault("Terms of the log ratio, such as nu,nu^2 or a,b,a*b.", "all up to second order"),
        "terms such as nu,nu^2 or a*b with commas between them");

    private readonly SystematicTraining _training = new();

    private readonly Option<string> _prefix = OptionOf.Text(
        "--prefix", "P", "Prefix of the columns with the coefficients.", defaultsTo: ParametricRatio.ColumnPrefix);

    private readonly Option<ulong?> _seed = OptionOf.Seed();
    private readonly Option<string> _out = OptionOf.Text(
        "--out", "MODEL.zip", "File to write, for 'gbi score' and ML.NET.", required: true);
    private readonly SystematicEntry _entry = new();
    private readonly Option<bool> _force = OptionOf.Force();

    public TrainSystematicVerb()
        : base(
            "systematic",
            "Train the dependence of the density on nuisance parameters, in shape and rate. The model gives the coefficients of the log "
                + "ratio "
            + "of varied to nominal events.",
            "gbi train systematic nominal.parquet --varied nu=1:up.parquet --varied nu=-1:down.parquet --features x,y --out nu.zip",
            "gbi train systematic nominal.parquet --varied nu=1:up.parquet --varied nu=-1:down.parquet --features x,y --out nu.zip "
            + "--append-to model.json --process background",
            "gbi train systematic nominal.parquet --varied jes=1:jes.parquet --varied tes=1:tes.parquet "
            + "--varied jes=1,tes=1:both.parquet --monomials jes,tes,jes*tes --features x,y --weight w --out scales.zip")
    {
        Arguments.Add(_nominal);
        this.AddAll([_varied, _features, _weight, _missing, _monomials, .. _training.All, _prefix, _seed, _out, .. _entry.All, _force]);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string path = OutputPath.Require(parsed, parsed.GetRequiredValue(_out), OutputPath.Zip);
        OutputTerms terms = FinishedOutputs.Require(parsed, force, mayBeFinished: !_entry.IsAsked(parsed), (path, _out.Name));
        SystematicTrainingOptions training = _training.Of(parsed);
        EventSchema schema = UsageException.IfRefused(() => new EventSchema
        {
            Features = FeatureColumns.Of(parsed, _features, parsed.GetRequiredValue(_nominal)),
            Weight = parsed.GetValue(_weight),
            MissingValue = parsed.GetValue(_missing),
        });
        FeatureColumns.Say(terminal, parsed, _features, parsed.GetRequiredValue(_nominal), schema, blinded: null, cancellation);
        VariedFile nominal = new([], parsed.GetRequiredValue(_nominal));
        VariedFile[] files = [nominal, .. parsed.GetRequiredValue(_varied)];
        BasePoints basePoints = BasePointsOf(files, parsed.GetResult(_monomials) is null ? null : parsed.GetValue(_monomials));
        string prefix = parsed.GetValue(_prefix) ?? ParametricRatio.ColumnPrefix;
        PendingEntry? entry = _entry.Open(parsed, force);
        entry?.Require(new LearntVariation(basePoints.Monomials, [.. basePoints.Monomials.Select(_ => 0.0)], prefix));
        using var pending = new PendingFile(path, terms);
        EventTable[] samples = [.. files.Select(file => EventFile.Read(file.Path, schema, cancellation))];
        var seed = new Seed(parsed.GetValue(_seed) ?? OptionOf.DefaultSeed);
        TrainedSystematic trained = ProgressBars.Run(terminal, progress => SystematicTrainer.Train(
            SystematicSamples.Join(basePoints, schema.Features, samples), schema.Features, training, seed,
            new NamedStep(progress, "Learning the systematic"), cancellation));
        SystematicModelFile.Save(trained.Ratio, pending, prefix);
        var variation = new LearntVariation(basePoints.Monomials, [.. trained.Rate.Coefficients.Select(term => term.Value)], prefix);
        var summary = SystematicSummary.Of(files, samples, trained, variation) with { AppendedTo = entry };
        cancellation.ThrowIfCancellationRequested();
        pending.Complete();
        terminal.Warn(ConstantFeatures.SentencesOf(schema.Features, samples));
        entry?.Write(variation);
        summary.Print(terminal, path);
    }

    private static BasePoints BasePointsOf(VariedFile[] files, string[]? monomials)
    {
        string[] parameters = [.. files.SelectMany(file => file.Point).Select(value => value.Key).Distinct()];
        foreach (VariedFile file in files.Skip(1))
        {
            if (file.Point.All(value => value.Value == 0))
            {
                throw new UsageException(
                    $"--varied {file.PointText} of {EventFile.NameOf(file.Path)} is the nominal point; give its events as NOMINAL.");
            }

            if (files.FirstOrDefault(other => other != file && other.At(parameters).SequenceEqual(file.At(parameters))) is { } twin)
            {
                throw new UsageException(
                    $"--varied {file.PointText} is given twice ({EventFile.NameOf(file.Path)} and {EventFile.NameOf(twin.Path)}); join "
                        + $"the events of one point in one file.");
            }
        }

        BasePoints basePoints = UsageException.IfRefused(() => new BasePoints(
            parameters, [.. files.Select(file => file.At(parameters))], monomials is null ? null : [.. monomials.Select(Monomial.Parse)]));
        return basePoints.Monomials.Count <= SystematicModelFile.MaxMonomials ? basePoints : throw new UsageException(
            $"The parameters {string.Join(", ", parameters)} have {basePoints.Monomials.Count} terms, expected at most "
                + $"{SystematicModelFile.MaxMonomials}; "
            + "choose some with --monomials, or train parameters whose effects factorise in models of their own.");
    }
}
