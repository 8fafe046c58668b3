using Gbi.Numerics;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Pipeline.Estimators.Posteriors;

/// <summary>What is appended of the posterior of a row.</summary>
internal enum PosteriorOutput
{
    /// <summary>Mean of each parameter.</summary>
    Mean,

    /// <summary>Standard deviation of each.</summary>
    Deviation,

    /// <summary>Quantiles of each.</summary>
    Quantiles,

    /// <summary>Draws of each.</summary>
    Draws,
}

/// <summary>How the outputs of a posterior are drawn.</summary>
/// <param name="Count">Draws of a row.</param>
/// <param name="Seed">With a row's features, the origin of its draws.</param>
/// <param name="Levels">Levels of the quantiles.</param>
/// <param name="Outputs">What is appended, in order.</param>
internal sealed record PosteriorDrawing(int Count, Seed Seed, double[] Levels, PosteriorOutput[] Outputs)
{
    /// <summary>Draws of a row, from which a mean is known to 3 % of its standard deviation.</summary>
    public const int DefaultCount = 1000;

    /// <summary>Numbers that an output has of a parameter.</summary>
    public int NumbersOf(PosteriorOutput output) => output switch
    {
        PosteriorOutput.Quantiles => Levels.Length,
        PosteriorOutput.Draws => Count,
        _ => 1,
    };

    /// <summary>Numbers of a row over all outputs.</summary>
    public long Width(int parameters) => Outputs.Sum(output => (long)NumbersOf(output) * parameters);

    /// <summary>Names of the slots of each output.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Slots(IReadOnlyList<string> parameters) =>
        [.. Outputs.Select(output => (string[])[.. parameters.SelectMany(name => SlotsOf(output, name))])];

    /// <summary>The seed of a row's draws: one for all values that are equal, so 0 and −0, and any NaN.</summary>
    public Seed SeedOf(ReadOnlySpan<float> features)
    {
        Seed seed = Seed;
        foreach (float value in features)
        {
            seed = seed.Child(BitConverter.SingleToInt32Bits(float.IsNaN(value) ? float.NaN : value == 0 ? 0 : value));
        }

        return seed;
    }

    private IEnumerable<string> SlotsOf(PosteriorOutput output, string name) => output switch
    {
        PosteriorOutput.Quantiles => Levels.Select(level => Text($"{name} q{level}")),
        PosteriorOutput.Draws => Enumerable.Range(0, Count).Select(draw => Text($"{name} {draw}")),
        _ => [name],
    };
}
