using System.CommandLine;
using System.Text.Json.Nodes;
using Gbi.Cli.Options.Parsing;
using Gbi.Events;
using Gbi.Events.IO;

namespace Gbi.Cli.Verbs.Events;

/// <summary>gbi pair: what two particles tell of their pair besides its mass, as new columns.</summary>
internal sealed class PairVerb : Verb
{
    private readonly Argument<string> _events = new("EVENTS") { Description = "Events, Parquet." };
    private readonly Option<string[]> _first = OptionOf.Names(
        "--first", "Transverse momentum, pseudorapidity and azimuth of the first particle.", required: true);
    private readonly Option<string[]> _second = OptionOf.Names("--second", "The same of the second.", required: true);
    private readonly Option<double?> _particleMass = OptionOf.Real(
        "--particle-mass", "M", "Mass of each particle, in the unit of the momenta (default: 0).", "a mass of 0 or more",
        mass => mass >= 0);
    private readonly Option<string> _out = OptionOf.Text("--out", "FILE", "Parquet file to write.", required: true);
    private readonly Option<bool> _force = OptionOf.Force("a file");

    public PairVerb()
        : base(
            "pair",
            $"Append what two particles tell of their pair besides its mass: {string.Join(", ", PairKinematics.Columns)}.",
            "gbi pair dimuons.parquet --first pt1,eta1,phi1 --second pt2,eta2,phi2 --particle-mass 0.10566 --out pairs.parquet")
    {
        Arguments.Add(_events);
        this.AddAll(_first, _second, _particleMass, _out, _force);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string path = OutputPath.Require(parsed.GetRequiredValue(_out), force);
        ParticleColumns first = Columns("--first", parsed.GetRequiredValue(_first));
        ParticleColumns second = Columns("--second", parsed.GetRequiredValue(_second));
        RequireOnce([.. first.All, .. second.All]);
        double mass = parsed.GetValue(_particleMass) ?? 0;
        long count = 0;
        ParquetAppender.Append(
            parsed.GetRequiredValue(_events),
            path,
            [.. first.All, .. second.All],
            [.. PairKinematics.Columns.Select(NewColumn.Single)],
            events =>
            {
                Interlocked.Add(ref count, events.Count);
                EventTable pairs = PairKinematics.Append(events, first, second, mass);
                return [.. PairKinematics.Columns.Select(column => (Array)pairs[column].ToArray())];
            },
            options: new ParquetAppendOptions { Overwrite = force },
            cancellationToken: cancellation);
        terminal.Say($"Wrote {count:N0} pairs with {string.Join(", ", PairKinematics.Columns)} to {path}.");
        terminal.PrintJson(new JsonObject { ["out"] = path, ["events"] = count }.ToJsonString());
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
        : throw new UsageException($"{option} names {names.Length} columns, expected three: transverse momentum, pseudorapidity, azimuth.");
}
