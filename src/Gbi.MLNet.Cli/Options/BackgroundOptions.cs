using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options.Parsing;
using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Onnx.Models;
using Gbi.Searches.Options;

namespace Gbi.Cli.Options;

/// <summary>Options of where the background of a search comes from.</summary>
internal sealed class BackgroundOptions
{
    private const string Reweighted = "reweighted";
    private const string Plain = "plain";

    private static readonly ReweightedSidebands Sidebands = new();
    private static readonly SimulationReweightingOptions Simulation = new();

    private readonly Option<string> _background = OptionOf.Text(
        "--background", "B",
        "Source of the background: reweighted (sidebands reweighted by trees), plain (sidebands as they are), "
        + "a .parquet, .csv or .tsv file, the last two also .gz (events in the signal region from elsewhere), or an .onnx file (a "
        + "generator of events at a mass).",
        defaultsTo: Reweighted);

    private readonly Option<string> _simulation = OptionOf.Text(
        "--background-simulation", "SIM", "Simulated background, reweighted to the data in the sidebands; replaces --background.");

    private readonly Option<string> _weight = OptionOf.Text(
        "--background-weight", "COL", "Column with event weights in the file of the background.",
        defaultsTo: "that of --weight, if a Parquet file has it");

    private readonly Option<int?> _trees;
    private readonly Option<int?> _members;
    private readonly Option<int?> _folds;
    private readonly NetworkOptions _network = new();

    /// <summary>Options for a background from any source.</summary>
    public BackgroundOptions()
        : this(
            Defaults(Sidebands.Generator.Trees.TreeCount, Simulation.Trees.TreeCount),
            Defaults(Sidebands.Generator.MemberCount, Simulation.MemberCount),
            Sentence.Of(Sidebands.Generator.FoldCount))
    {
    }

    /// <summary>Options for reweighted sidebands that are learnt with these defaults.</summary>
    public BackgroundOptions(SidebandGeneratorOptions defaults)
        : this(Sentence.Of(defaults.Trees.TreeCount), Sentence.Of(defaults.MemberCount), Sentence.Of(defaults.FoldCount))
    {
    }

    private BackgroundOptions(string trees, string members, string folds)
    {
        _trees = OptionOf.Number("--background-trees", "N", "Trees of each model that reweights the background.", least: 1, trees);
        _members = OptionOf.Number(
            "--background-members", "M",
            "Models in each fold, trained on bootstrap samples; their spread is the uncertainty of the background.",
            least: 1, members);
        _folds = OptionOf.Number(
            "--background-folds", "K", "Parts of the reweighted sidebands; a search needs 2.", least: 2, folds);
    }

    public Option[] All => [_background, _simulation, _weight, .. Trees, .. _network.All];

    /// <summary>How reweighted sidebands are learnt.</summary>
    public Option[] Trees => [_trees, _members, _folds];

    /// <summary>The background, with its events or its generator read.</summary>
    public OpenedBackground Open(ParseResult parsed, EventSchema schema, CancellationToken cancellation)
    {
        string? simulation = parsed.GetValue(_simulation);
        string kind = parsed.GetValue(_background) ?? Reweighted;
        RequireMeaning(parsed, simulation, kind);
        if (!IsNetwork(kind))
        {
            _network.RequireUnused(parsed);
        }

        return (simulation, kind, IsNetwork(kind)) switch
        {
            ({ } path, _, _) => OfSimulation(path, parsed, schema, cancellation),
            (_, Reweighted, _) => new OpenedBackground(OfSidebands(parsed), null),
            (_, Plain, _) => new OpenedBackground(new PlainSidebands(), null),
            (_, _, true) => OfNetwork(kind, parsed, cancellation),
            _ => new OpenedBackground(new GivenBackground(Events(kind, parsed, schema, cancellation)), kind),
        };
    }

    /// <summary>How reweighted sidebands are learnt where nothing else is asked for.</summary>
    public static SidebandGeneratorOptions OfSidebandsByDefault => Sidebands.Generator;

    /// <summary>Reweighted sidebands.</summary>
    public ReweightedSidebands OfSidebands(ParseResult parsed) =>
        UsageException.IfRefused(() => new ReweightedSidebands { Generator = Generator(Sidebands.Generator, parsed) });

    /// <summary>How a generator is learnt from sidebands, with these defaults.</summary>
    public SidebandGeneratorOptions Generator(SidebandGeneratorOptions defaults, ParseResult parsed) => defaults with
    {
        Trees = defaults.Trees with { TreeCount = parsed.GetValue(_trees) ?? defaults.Trees.TreeCount },
        MemberCount = parsed.GetValue(_members) ?? defaults.MemberCount,
        FoldCount = parsed.GetValue(_folds) ?? defaults.FoldCount,
    };

    private OpenedBackground OfSimulation(string path, ParseResult parsed, EventSchema schema, CancellationToken cancellation)
    {
        var choice = new ReweightedSimulation(Events(path, parsed, schema, cancellation));
        return new OpenedBackground(
            choice with
            {
                Reweighting = choice.Reweighting with
                {
                    Trees = choice.Reweighting.Trees with { TreeCount = parsed.GetValue(_trees) ?? choice.Reweighting.Trees.TreeCount },
                    MemberCount = parsed.GetValue(_members) ?? choice.Reweighting.MemberCount,
                },
            },
            path);
    }

    private OpenedBackground OfNetwork(string path, ParseResult parsed, CancellationToken cancellation)
    {
        var generator = OnnxGenerator.Open(path, _network.Of(parsed, cancellation));
        return new OpenedBackground(new GeneratedBackground(generator), path, generator);
    }

    private EventTable Events(string path, ParseResult parsed, EventSchema schema, CancellationToken cancellation)
    {
        string? weight = parsed.GetValue(_weight);
        // Events that were made for the signal region need no mass, and those of a simulation of unweighted data may have weights.
        string[] columns = EventFile.AllColumns(path);
        return EventFile.Read(
            path,
            schema with
            {
                Mass = parsed.GetValue(_simulation) is not null || columns.Contains(schema.Mass) ? schema.Mass : null,
                Weight = weight ?? (columns.Contains(schema.Weight) ? schema.Weight : null),
            },
            cancellation);
    }

    private void RequireMeaning(ParseResult parsed, string? simulation, string kind)
    {
        if (simulation is not null && parsed.GetValue(_background) is not null)
        {
            throw new UsageException(
                "--background and --background-simulation both say where the background comes from; leave one of them out.");
        }

        if (kind is not (Reweighted or Plain) && !IsNetwork(kind) && !IsEvents(kind))
        {
            throw new UsageException(
                $"--background is '{kind}', expected {Reweighted}, {Plain}, "
                    + "a file whose name ends with .parquet, .csv, .csv.gz, .tsv, .tsv.gz, .h5, .hdf5 or .onnx, or a folder or pattern of "
                    + "parts.");
        }

        if (parsed.GetValue(_weight) is not null && simulation is null && !IsEvents(kind))
        {
            throw new UsageException(
                "--background-weight names a column of a background's events; give them with --background or --background-simulation, or "
                    + "leave it out.");
        }
    }

    private static string Defaults(int sidebands, int simulation) =>
        Sentence.Of(("sidebands", Sentence.Of(sidebands)), ("simulation", Sentence.Of(simulation)));

    private static bool IsNetwork(string kind) => EndsWith(kind, ".onnx");

    private static bool IsEvents(string kind) =>
        EndsWith(kind, ".parquet") || EndsWith(kind, ".h5") || EndsWith(kind, ".hdf5") || EventFile.IsTextName(kind)
        || Directory.Exists(kind) || kind.AsSpan().ContainsAny('*', '?');

    private static bool EndsWith(string kind, string end) => kind.EndsWith(end, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A background as it was asked for.</summary>
/// <param name="Choice">The choice.</param>
/// <param name="Path">The file that it comes from; null for the sidebands.</param>
/// <param name="Generator">The network behind it; null for others.</param>
internal sealed record OpenedBackground(SearchBackground Choice, string? Path, OnnxGenerator? Generator = null) : IDisposable
{
    /// <summary>Name of the file; null for the sidebands.</summary>
    public string? Name => EventFile.NameOf(Path);

    public void Dispose() => Generator?.Dispose();
}
