using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options.Parsing;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Outputs;
using Gbi.Reports.Json.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Events;

/// <summary>gbi pair: mass-independent kinematics of a particle pair, as new columns.</summary>
internal sealed class PairVerb : Verb
{
    private const double Massless = 0;

    private readonly Argument<string> _events = new("EVENTS") { Description = $"Events, {EventFile.Formats}." };

    private readonly Option<string[]> _first = OptionOf.Names(
        "--first", "PT,ETA,PHI", "Transverse momentum, pseudorapidity and azimuth of the first particle.", required: true);

    private readonly Option<string[]> _second = OptionOf.Names(
        "--second", "PT,ETA,PHI", "The same columns of the second particle.", required: true);

    private readonly Option<double?> _particleMass = OptionOf.Real(
        "--particle-mass", "M", "Mass of each particle, in the unit of the momenta.", "a mass of 0 or more", mass => mass >= 0,
        Sentence.Of(Massless));

    private readonly Option<string> _out = OptionOf.Text(
        "--out", "FILE", "File to write: Parquet (.parquet) or CSV (.csv, .tsv, also .gz).", required: true);
    private readonly Option<bool> _force = OptionOf.Force();

    public PairVerb()
        : base(
            "pair",
            $"Append mass-independent kinematics of a particle pair: {string.Join(", ", PairKinematics.Columns)}.",
            "gbi pair dimuons.parquet --first pt1,eta1,phi1 --second pt2,eta2,phi2 --particle-mass 0.10566 --out pairs.parquet")
    {
        Arguments.Add(_events);
        this.AddAll(_first, _second, _particleMass, _out, _force);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string output = parsed.GetRequiredValue(_out);
        string path = OutputPath.Require(parsed, output, EventFile.IsTextName(output) ? null : OutputPath.Parquet);
        ParticleColumns first = Columns("--first", parsed.GetRequiredValue(_first));
        ParticleColumns second = Columns("--second", parsed.GetRequiredValue(_second));
        RequireOnce([.. first.All, .. second.All]);
        double mass = parsed.GetValue(_particleMass) ?? Massless;
        OutputTerms terms = FinishedOutputs.Require(parsed, force, (path, _out.Name));
        long count = PairFile.Append(parsed.GetRequiredValue(_events), path, first, second, mass, terms, cancellation);
        terminal.Say($"Wrote {Counted(count, "pair")} with {string.Join(", ", PairKinematics.Columns)} to {path}.");
        terminal.PrintJson(new PairDocument(path, count));
    }

    private static void RequireOnce(string[] names)
    {
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UsageException(
                $"Column '{twice.Key}' is named twice by --first and --second; every particle has three columns of its own.");
        }
    }

    private static ParticleColumns Columns(string option, string[] names) => names is [var transverse, var pseudorapidity, var azimuth]
        ? new ParticleColumns(transverse, pseudorapidity, azimuth)
        : throw new UsageException($"{option} names {Counted(names.Length, "column")}, expected three: transverse momentum, "
            + "pseudorapidity, azimuth.");
}
