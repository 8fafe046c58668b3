using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Ratios.Families;
using Gbi.Searches.Options;

namespace Gbi.Cli.Options;

/// <summary>Options of a search for a family of signals in place of one.</summary>
internal sealed class FamilyOptions
{
    private static readonly string[] PartsOfOneSignal = ["samples", "rate"];

    private readonly Option<string[]> _parameters = OptionOf.Names(
        "--signal-parameters",
        "Columns of --signal that hold the parameters of each event, such as masses: the ratio is learnt for all of them at once, by "
            + "--trees, --leaves, --folds and --members, and they are fitted together with the signal fraction.");

    private readonly Option<string[]> _aligned = OptionOf.Names(
        "--aligned",
        "Pairs FEATURE:PARAMETER of a feature that measures a parameter, which is then learnt from all points of the family together.",
        names: "pairs FEATURE:PARAMETER");

    private readonly Option<bool> _exchangeable = OptionOf.Flag(
        "--exchangeable", "Exchanging the two parameters changes nothing, as for two particles that data do not tell apart.");
    private readonly Option<bool> _linear = OptionOf.Flag(
        "--linear-parameters", "Take parameters as they are, not their logarithms, which suit masses.");

    private readonly Option<double?> _reach = OptionOf.Real(
        "--reach", "F",
        "Half the stretch of a parameter in which ln r is a parabola, as a share of its range: about the width of the narrowest peak "
            + "(default: 0.025).",
        "a number above 0 and at most 0.5", value => value is > 0 and <= 0.5);

    public Option[] All => [_parameters, _aligned, _exchangeable, _linear, _reach];

    /// <summary>The settings with the family, if there is one.</summary>
    /// <param name="to">The settings.</param>
    /// <param name="parsed">What was typed.</param>
    /// <param name="hasSignal">Whether there is a signal simulation.</param>
    /// <param name="training">How trees are trained.</param>
    /// <param name="without">What is left out.</param>
    public ResonanceSearchSettings Apply(
        ResonanceSearchSettings to, ParseResult parsed, bool hasSignal, Func<SignalFamilyOptions, SignalFamilyOptions> training,
        string[] without)
    {
        if (parsed.GetResult(_parameters) is null)
        {
            Option? lost = Array.Find(All, option => parsed.GetResult(option) is { Implicit: false });
            return lost is null
                ? to
                : throw new UsageException($"{lost.Name} needs --signal-parameters: it says how a family of signals is learnt.");
        }

        if (!hasSignal)
        {
            throw new UsageException("--signal-parameters needs --signal: the family is learnt from its events.");
        }

        if (to.Inference.UsesMass)
        {
            throw new UsageException(
                "--mass-term and --signal-parameters exclude each other: a family does not take the mass within the signal region along.");
        }

        if (without.Intersect(PartsOfOneSignal).FirstOrDefault() is { } part)
        {
            throw new UsageException(
                $"--without {part} has no meaning with --signal-parameters: the fit of a family has no such part; leave it out.");
        }

        return UsageException.Guard(() =>
        {
            var family = new SignalFamilySettings
            {
                Parameters = parsed.GetValue(_parameters)!,
                Training = training(new SignalFamilyOptions
                {
                    Aligned = [.. (parsed.GetValue(_aligned) ?? []).Select(Pair)],
                    IsExchangeable = parsed.GetValue(_exchangeable),
                    IsLogarithmic = !parsed.GetValue(_linear),
                    Reach = parsed.GetValue(_reach) ?? new SignalFamilyOptions().Reach,
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
