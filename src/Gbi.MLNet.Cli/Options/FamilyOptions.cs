using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options.Parsing;
using Gbi.Ratios.Families;
using Gbi.Searches.Options;

namespace Gbi.Cli.Options;

/// <summary>Options of a search for a family of signals in place of one.</summary>
internal sealed class FamilyOptions
{
    private static readonly SignalFamilyOptions Defaults = new();
    private static readonly string[] PartsOfOneSignal = ["samples", "rate"];

    private readonly Option<string[]> _parameters = OptionOf.Names(
        "--signal-parameters", "A,B,...",
        "Columns of --signal with the parameters of each event, such as masses. The ratio is learnt for all their values at once, "
        + "and the parameters are fitted together with the signal fraction.");

    private readonly Option<string[]> _aligned = OptionOf.Names(
        "--aligned", "FEATURE:PARAMETER,...",
        "Features that measure a parameter; the trees see the quotient of the two, which all points of the family share.",
        "pairs FEATURE:PARAMETER with commas between them");

    private readonly Option<bool> _interchangeable = OptionOf.Flag(
        "--interchangeable", "The two parameters are interchangeable, as the masses of two particles of one kind.");

    private readonly Option<bool> _linear = OptionOf.Flag(
        "--linear-parameters", "Use the parameters themselves instead of their logarithms.");

    private readonly Option<double?> _halfWidth = OptionOf.Real(
        "--half-width", "F",
        "Half-width of the segment of a parameter in which ln r is a parabola, as a fraction of its range; choose about the width of the "
            + "narrowest peak.",
        "a number above 0 and at most 0.5", value => value is > 0 and <= 0.5, Sentence.Of(Defaults.HalfWidth));

    public Option[] All => [_parameters, _aligned, _interchangeable, _linear, _halfWidth];

    /// <summary>The settings with the family, if there is one.</summary>
    /// <param name="to">The settings.</param>
    /// <param name="parsed">What was typed.</param>
    /// <param name="hasSignal">Whether there is a signal simulation.</param>
    /// <param name="training">How trees are trained.</param>
    /// <param name="without">What is left out.</param>
    public ResonanceSearchOptions Apply(
        ResonanceSearchOptions to, ParseResult parsed, bool hasSignal, Func<SignalFamilyOptions, SignalFamilyOptions> training,
        string[] without)
    {
        if (parsed.GetResult(_parameters) is null)
        {
            Option? lost = Array.Find(All, option => parsed.GetResult(option) is { Implicit: false });
            return lost is null
                ? to
                : throw new UsageException($"{lost.Name} needs --signal-parameters: it is an option of a signal family.");
        }

        if (!hasSignal)
        {
            throw new UsageException("--signal-parameters needs --signal: the family is learnt from its events.");
        }

        if (to.Inference.UsesMass)
        {
            throw new UsageException(
                "--mass-term and --signal-parameters exclude each other: the ratio of a family does not depend on the mass in the signal "
                    + "region.");
        }

        if (without.Intersect(PartsOfOneSignal).FirstOrDefault() is { } part)
        {
            throw new UsageException(
                $"--without {part} has no meaning with --signal-parameters: the fit of a family has no such part; leave it out.");
        }

        return UsageException.IfRefused(() =>
        {
            var family = new FamilySearchOptions
            {
                Parameters = parsed.GetValue(_parameters)!,
                Training = training(new SignalFamilyOptions
                {
                    Aligned = [.. (parsed.GetValue(_aligned) ?? []).Select(Pair)],
                    IsInterchangeable = parsed.GetValue(_interchangeable),
                    IsLogarithmic = !parsed.GetValue(_linear),
                    HalfWidth = parsed.GetValue(_halfWidth) ?? Defaults.HalfWidth,
                }),
            };
            family.Require(to.Schema);
            return to with { Family = family };
        });
    }

    private static AlignedFeature Pair(string text) => text.Split(':') is [{ Length: > 0 } feature, { Length: > 0 } parameter]
        ? new AlignedFeature(feature, parameter)
        : throw new UsageException($"--aligned is '{text}', expected pairs FEATURE:PARAMETER such as mj1:my.");
}
