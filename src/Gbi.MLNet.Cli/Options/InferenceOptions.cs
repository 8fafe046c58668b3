using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Searches.Options;

namespace Gbi.Cli.Options;

/// <summary>Options of what a search with a signal simulation takes into account.</summary>
internal sealed class InferenceOptions
{
    private const string Contamination = "contamination";
    private const string Generator = "generator";
    private const string Samples = "samples";
    private const string Rate = "rate";
    private const string Anomaly = "anomaly";

    private static readonly string[] Parts = [Contamination, Generator, Samples, Rate, Anomaly];

    private readonly Option<string[]> _without = OptionOf.Names(
        "--without",
        "PART,...",
        "Parts of a search with --signal to leave out: contamination (signal contamination of the sidebands), "
        + "generator (spread of the background's members), samples (finite template and simulation), "
        + "rate (background yield from the mass spectrum), anomaly (score of data over background).",
        $"some of {string.Join(", ", Parts)} with commas between them");

    private readonly Option<bool> _massTerm = OptionOf.Flag(
        "--mass-term", "Include the mass inside the signal region in the ratio of signal over background.");

    public Option[] All => [_without, _massTerm];

    /// <summary>What is left out.</summary>
    public string[] Without(ParseResult parsed) => parsed.GetValue(_without) ?? [];

    /// <summary>The settings with these choices.</summary>
    /// <param name="to">The settings.</param>
    /// <param name="parsed">What was typed.</param>
    /// <param name="hasSignal">Whether there is a signal simulation.</param>
    public ResonanceSearchOptions Apply(ResonanceSearchOptions to, ParseResult parsed, bool hasSignal)
    {
        string[] without = parsed.GetValue(_without) ?? [];
        if (without.Except(Parts).FirstOrDefault() is { } unknown)
        {
            throw new UsageException(
                $"--without is '{unknown}', expected some of {string.Join(", ", Parts)}{NearestWord.Question(unknown, Parts, ".")}");
        }

        if (without.Length > 0 && !hasSignal)
        {
            throw new UsageException(
                $"--without {without[0]} needs --signal: without a signal simulation there is no likelihood, only the anomaly score.");
        }

        bool usesMass = parsed.GetValue(_massTerm);
        if (usesMass && !hasSignal)
        {
            throw new UsageException("--mass-term needs --signal: the masses of the signal come from its simulation.");
        }

        return to with
        {
            LearnsAnomaly = !without.Contains(Anomaly),
            Inference = to.Inference with
            {
                CorrectsContamination = !without.Contains(Contamination),
                VariesGenerator = !without.Contains(Generator),
                VariesSamples = !without.Contains(Samples),
                ConstrainsRate = !without.Contains(Rate),
                UsesMass = usesMass,
            },
        };
    }
}
