using System.CommandLine;
using Gbi.Numerics;

namespace Gbi.Cli.Options.Parsing;

/// <summary>Whether a test is made by toys in place of asymptotic formulas.</summary>
internal sealed class ToyOptions(string description)
{
    private readonly Option<int?> _toys = OptionOf.Number("--toys", "N", description, least: 1, "asymptotic formulas");
    private readonly Option<ulong?> _seed = OptionOf.Seed();

    public void AddTo(Command verb) => verb.AddAll(_toys, _seed);

    /// <summary>Toys of each kind and their seed; null for asymptotic formulas.</summary>
    /// <exception cref="UsageException">A seed is given without toys.</exception>
    public (int Count, Seed Seed)? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_toys) is { } count)
        {
            return (count, new Seed(parsed.GetValue(_seed) ?? OptionOf.DefaultSeed));
        }

        return parsed.GetResult(_seed) is { Implicit: false }
            ? throw new UsageException("--seed needs --toys: asymptotic formulas draw nothing.")
            : null;
    }
}
