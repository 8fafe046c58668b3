using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Gbi.Cli.Help;

namespace Gbi.Cli.Options.Parsing;

/// <summary>
/// Options of each kind, with error sentences that name the option, what was found and what is expected. A default is what the library's
/// options record has; it stands in the help, and the option itself has no value where it was not typed.
/// </summary>
internal static class OptionOf
{
    /// <summary>The seed where none is given.</summary>
    public const ulong DefaultSeed = 1;

    /// <summary>Name of the option that allows replacing outputs.</summary>
    public const string ForceName = "--force";

    public static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description };

    public static Option<string> Text(
        string name, string helpName, string description, bool required = false, string? defaultsTo = null) => new(name)
        {
            Description = Sentence.WithDefault(description, defaultsTo),
            HelpName = helpName,
            Required = required,
        };

    /// <summary>A word; the option is repeated for several.</summary>
    public static Option<string[]> Repeated(string name, string helpName, string description, bool required = false) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Required = required,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<string> Choice(string name, string description, string? defaultsTo, params string[] choices)
    {
        var option = new Option<string>(name)
        {
            Description = Sentence.WithDefault(description, defaultsTo),
            HelpName = string.Join('|', choices),
            CustomParser = result => choices.Contains(Word(result))
                ? Word(result)
                : Refuse<string>(result, name, Expected(Word(result), choices), isWhole: true),
        };
        option.CompletionSources.Add(choices);
        return option;
    }

    public static Option<int?> Number(
        string name, string helpName, string description, int least, string? defaultsTo = null, bool required = false) => new(name)
        {
            Description = Sentence.WithDefault(description, defaultsTo),
            HelpName = helpName,
            Required = required,
            CustomParser = result =>
                int.TryParse(Word(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least
                    ? number
                    : Refuse<int?>(result, name, $"a whole number of {least} or more"),
        };

    /// <summary>A number that must fulfil a condition, told in words by <paramref name="expected"/>.</summary>
    public static Option<double?> Real(
        string name, string helpName, string description, string expected, Func<double, bool> holds, string? defaultsTo = null) => new(name)
        {
            Description = Sentence.WithDefault(description, defaultsTo),
            HelpName = helpName,
            CustomParser = result => ToReal(Word(result)) is { } number && holds(number) ? number : Refuse<double?>(result, name, expected),
        };

    /// <summary>What stands for a missing value, NaN included.</summary>
    public static Option<double?> Missing(string? defaultsTo = null) => new("--missing")
    {
        Description = $"Number that stands for a missing value, such as -25{(defaultsTo is null ? "" : $" (default: {defaultsTo})")}.",
        HelpName = "V",
        CustomParser = result => double.TryParse(Word(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : Refuse<double?>(result, "--missing", "a number such as -25"),
    };

    public static Option<string> Weight() => Text("--weight", "COL", "Column with event weights.", defaultsTo: "every event counts 1");

    /// <summary>Columns of the input that the output has.</summary>
    public static Option<string[]> Columns(string defaultsTo) =>
        Names("--columns", "A,B,...", Sentence.WithDefault("Columns of the input to keep.", defaultsTo));

    public static Option<ulong?> Seed() => new("--seed")
    {
        Description = Sentence.WithDefault("Origin of all random numbers: the same seed gives the same results.", $"{DefaultSeed}"),
        HelpName = "S",
        CustomParser = result => ulong.TryParse(Word(result), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : Refuse<ulong?>(result, "--seed", "a whole number of 0 or more"),
    };

    /// <summary>Names with commas between them; the option may be repeated.</summary>
    public static Option<string[]> Names(
        string name, string helpName, string description, string expected = "names of columns with commas between them",
        bool required = false) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            Required = required,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
            CustomParser = result =>
            {
                string[] parts = [.. result.Tokens.SelectMany(token => token.Value.Split(',')).Select(part => part.Trim())];
                return parts.All(part => part.Length > 0) ? parts : Refuse<string[]>(result, name, expected);
            },
        };

    /// <summary>Two masses, lower:upper.</summary>
    public static Option<Interval?> Interval(string name, string description, bool required = false, string? defaultsTo = null) => new(name)
    {
        Description = Sentence.WithDefault(description, defaultsTo),
        HelpName = "LO:HI",
        Required = required,
        CustomParser = result =>
        {
            if (Word(result).Split(':') is not [var low, var high] || End(low) is not { } lower || End(high) is not { } upper)
            {
                return Refuse<Interval?>(result, name, "two numbers LO:HI such as 3.3:3.7");
            }

            if (lower >= upper)
            {
                result.AddError($"{name} is '{Word(result)}', which is reversed or empty; its lower end must be below its upper end.");
                return null;
            }

            return new Interval(lower, upper);
        },
    };

    /// <summary>Steps along the mass, first:last:step.</summary>
    public static Option<Steps?> Steps(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "LO:HI:STEP",
        Required = true,
        CustomParser = result => Word(result).Split(':') is [var low, var high, var step]
            && ToReal(low) is { } first && ToReal(high) is { } last && ToReal(step) is { } distance && first <= last && distance > 0
                ? new Steps(first, last, distance)
                : Refuse<Steps?>(result, name, "two masses in rising order and a step above 0, LO:HI:STEP such as 3:4.5:0.1"),
    };

    /// <summary>Numbers with commas between them that each fulfil a condition.</summary>
    public static Option<double[]> Reals(
        string name, string helpName, string description, string expected, Func<double, bool> holds, string defaultsTo) => new(name)
        {
            Description = Sentence.WithDefault(description, defaultsTo),
            HelpName = helpName,
            CustomParser = result =>
            {
                double[] numbers = [.. Word(result).Split(',').Select(ToReal).OfType<double>().Where(holds)];
                return numbers.Length == Word(result).Split(',').Length ? numbers : Refuse<double[]>(result, name, expected);
            },
        };

    public static Option<bool> Force() => Flag(ForceName, "Replace an existing output.");

    /// <summary>A finite number; null for anything else.</summary>
    public static double? ToReal(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : null;

    /// <summary>What one of several words is expected to be, with the one that was probably meant.</summary>
    public static string Expected(string typed, IReadOnlyCollection<string> choices) =>
        $"expected one of {string.Join(", ", choices)}{NearestWord.Question(typed, choices, ".")}";

    public static string Word(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";

    public static T Refuse<T>(ArgumentResult result, string name, string expected, bool isWhole = false)
    {
        string found = string.Join(',', result.Tokens.Select(token => token.Value));
        result.AddError(isWhole ? $"{name} is '{found}', {expected}" : $"{name} is '{found}', expected {expected}.");
        return default!;
    }

    private static double? End(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && !double.IsNaN(number) ? number : null;
}

/// <summary>Lower and upper end of a range of masses.</summary>
internal sealed record Interval(double Low, double High);

/// <summary>Masses from the first to the last, a step apart.</summary>
internal sealed record Steps(double First, double Last, double Step);
