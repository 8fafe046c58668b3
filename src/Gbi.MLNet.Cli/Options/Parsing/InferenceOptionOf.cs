using System.CommandLine;
using System.Globalization;
using Gbi.Cli.Help;
using Gbi.Inference.Belts;
using Gbi.Inference.Tests;
using Gbi.Inference.Toys;
using Gbi.Likelihoods.Model;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Options.Parsing;

/// <summary>Options of verbs that infer a parameter.</summary>
internal static class InferenceOptionOf
{
    /// <summary>The strength that is tested where none is given: that of the model's own signal.</summary>
    private const double DefaultStrength = 1;

    /// <summary>Equally spaced values of the parameter of interest, lo:hi:n.</summary>
    public static Option<IReadOnlyList<double>?> Grid(string description, string? defaultsTo = null) => new("--grid")
    {
        Description = Sentence.WithDefault(description, defaultsTo),
        HelpName = "LO:HI:N",
        CustomParser = result => OptionOf.Word(result).Split(':') is [var low, var high, var count]
            && OptionOf.ToReal(low) is { } first && OptionOf.ToReal(high) is { } last && first < last
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 2
                ? BeltGrid.Of(first, last, number)
                : OptionOf.Refuse<IReadOnlyList<double>?>(
                    result, "--grid", "LO:HI:N with LO below HI and N of 2 or more, such as 0:4:41"),
    };

    /// <summary>One of several shares of the toys, i/n.</summary>
    public static Option<ToyShard?> Shard(string description) => new("--shard")
    {
        Description = description,
        HelpName = "I/N",
        CustomParser = result => OptionOf.Word(result).Split('/') is [var number, var of]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int i)
            && int.TryParse(of, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && i >= 1 && i <= n
                ? new ToyShard(i, n)
                : OptionOf.Refuse<ToyShard?>(result, "--shard", "I/N with I from 1 to N, such as 1/4"),
    };

    /// <summary>The strength that is tested.</summary>
    public static Option<double?> Strength() => OptionOf.Real(
        "--mu", "MU", "Signal strength to test; of a signal fraction, which is at most 1, it has to be given.", "a number of 0 or more",
        mu => mu >= 0, Sentence.Of(DefaultStrength));

    /// <summary>The strength to test, where one is tested: as given, or that of the model's own signal.</summary>
    /// <exception cref="UsageException">None is given, and the parameter is a fraction, of which 1 would be nothing but signal.</exception>
    public static double StrengthOf(double? given, StrengthTest test)
    {
        FitParameter mu = test.Model.Parameters[test.ParameterOfInterest];
        return given ?? (mu.Upper > DefaultStrength ? DefaultStrength : throw new UsageException(Text(
            $"{mu.Name} is at most {mu.Upper:G6}, as a signal fraction is, and has no value to test by default; give one with --mu, or "
                + $"find the largest that the data allow with 'gbi limit'.")));
    }
}
