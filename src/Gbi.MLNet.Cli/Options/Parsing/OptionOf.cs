using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Gbi.Inference.Belts;
using Gbi.Inference.Toys;

namespace Gbi.Cli.Options.Parsing;

/// <summary>Options of each kind, with error sentences that name the option, what was found and what is expected.</summary>
internal static class OptionOf
{
    public static Option<bool> Flag(string name, string description, bool recursive = false) =>
        new(name) { Description = description, Recursive = recursive };

    public static Option<string> Text(string name, string helpName, string description, bool required = false) =>
        new(name) { Description = description, HelpName = helpName, Required = required };

    /// <summary>One path or several, after one another or with the option repeated.</summary>
    public static Option<string[]> Paths(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Required = true,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    public static Option<string> Choice(string name, string description, params string[] choices)
    {
        string all = string.Join('|', choices);
        return new(name)
        {
            Description = description,
            HelpName = all,
            CustomParser = result => choices.Contains(Word(result))
                ? Word(result)
                : Refuse<string>(result, name, $"one of {string.Join(", ", choices)}"),
        };
    }

    public static Option<int?> Number(string name, string helpName, string description, int least, bool recursive = false) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Recursive = recursive,
        CustomParser = result =>
            int.TryParse(Word(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : Refuse<int?>(result, name, $"a whole number of {least} or more"),
    };

    public static Option<double?> Real(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => double.TryParse(Word(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : Refuse<double?>(result, name, "a number such as 0.003"),
    };

    /// <summary>A number that must fulfil a condition, told in words by <paramref name="expected"/>.</summary>
    public static Option<double?> Real(string name, string helpName, string description, string expected, Func<double, bool> holds) =>
        new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => double.TryParse(Word(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number) && holds(number)
            ? number
            : Refuse<double?>(result, name, expected),
    };

    public static Option<ulong?> Seed() => new("--seed")
    {
        Description = "Origin of all random numbers; same seed, same results (default: 1).",
        HelpName = "S",
        CustomParser = result => ulong.TryParse(Word(result), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : Refuse<ulong?>(result, "--seed", "a whole number of 0 or more"),
    };

    /// <summary>Names with commas between them; the option may be repeated.</summary>
    public static Option<string[]> Names(string name, string description, bool required = false, string names = "names of columns") =>
        new(name)
    {
        Description = description,
        HelpName = "A,B,...",
        Required = required,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        CustomParser = result =>
        {
            string[] parts = [.. result.Tokens.SelectMany(token => token.Value.Split(',')).Select(part => part.Trim())];
            return parts.All(part => part.Length > 0) ? parts : Refuse<string[]>(result, name, $"{names} with commas between them");
        },
    };

    /// <summary>Two masses, lower:upper.</summary>
    public static Option<Interval?> Interval(string name, string description, bool required = false) => new(name)
    {
        Description = description,
        HelpName = "lo:hi",
        Required = required,
        CustomParser = result =>
        {
            string[] ends = Word(result).Split(':');
            if (ends.Length != 2
                || !double.TryParse(ends[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double low)
                || !double.TryParse(ends[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double high)
                || double.IsNaN(low) || double.IsNaN(high))
            {
                return Refuse<Interval?>(result, name, "two numbers lo:hi such as 3.3:3.7");
            }

            if (low >= high)
            {
                result.AddError($"{name} is '{Word(result)}', which is reversed or empty; its lower end must be below its upper end.");
                return null;
            }

            return new Interval(low, high);
        },
    };

    /// <summary>Steps along the mass, first:last:step.</summary>
    public static Option<Steps?> Steps(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "lo:hi:step",
        Required = true,
        CustomParser = result => Word(result).Split(':') is [var low, var high, var step]
            && ToReal(low) is { } first && ToReal(high) is { } last && ToReal(step) is { } distance && first <= last && distance > 0
                ? new Steps(first, last, distance)
                : Refuse<Steps?>(result, name, "two masses in rising order and a step above 0, lo:hi:step such as 3:4.5:0.1"),
    };

    /// <summary>Numbers with commas between them that each fulfil a condition.</summary>
    public static Option<double[]> Reals(string name, string helpName, string description, string expected, Func<double, bool> holds) =>
        new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            double?[] numbers =
                [.. Word(result).Split(',').Select(word => ToReal(word) is { } number && holds(number) ? number : (double?)null)];
            return numbers.All(number => number is not null)
                ? [.. numbers.Select(number => number!.Value)]
                : Refuse<double[]>(result, name, expected);
        },
    };

    /// <summary>A number of equally spaced values, lo:hi:n.</summary>
    public static Option<IReadOnlyList<double>?> Grid(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "lo:hi:n",
        CustomParser = result => Word(result).Split(':') is [var low, var high, var count]
            && ToReal(low) is { } first && ToReal(high) is { } last && first < last
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 2
                ? BeltGrid.Of(first, last, number)
                : Refuse<IReadOnlyList<double>?>(result, name, "lo:hi:n with lo below hi and n of 2 or more, such as 0:4:41"),
    };

    /// <summary>One of several shares, i/n.</summary>
    public static Option<ToyShard?> Shard(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "i/n",
        CustomParser = result => Word(result).Split('/') is [var number, var of]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int i)
            && int.TryParse(of, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && i >= 1 && i <= n
                ? new ToyShard(i, n)
                : Refuse<ToyShard?>(result, name, "i/n with i from 1 to n, such as 1/4"),
    };

    public static Option<bool> Force(string what) => Flag("--force", $"Replace {what} that exists already.");

    private static double? ToReal(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : null;

    private static string Word(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";

    private static T Refuse<T>(ArgumentResult result, string name, string expected)
    {
        result.AddError($"{name} is '{string.Join(',', result.Tokens.Select(token => token.Value))}', expected {expected}.");
        return default!;
    }
}

/// <summary>Lower and upper end of a range of masses.</summary>
internal sealed record Interval(double Low, double High);

/// <summary>Masses from the first to the last, a step apart.</summary>
internal sealed record Steps(double First, double Last, double Step);
