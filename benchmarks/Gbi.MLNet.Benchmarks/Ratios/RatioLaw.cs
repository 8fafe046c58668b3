using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Benchmarks.Ratios;

/// <summary>Two densities whose log ratio is known exactly, and the sizes of the samples that a ratio is learnt from.</summary>
/// <param name="Name">For tables and folders.</param>
/// <param name="Sizes">Training events of numerator and denominator.</param>
/// <param name="Features">Columns.</param>
/// <param name="Draw">One event of the numerator (true) or the denominator.</param>
/// <param name="LogRatio">ln p₁/p₀ at an event.</param>
internal sealed record RatioLaw(
    string Name,
    (int Numerator, int Denominator) Sizes,
    string[] Features,
    Func<Random, bool, float[]> Draw,
    Func<float[], double> LogRatio)
{
    public static IReadOnlyList<RatioLaw> All { get; } =
    [
        Gaussians("gaussian1", (20_000, 20_000), width: 1, mean: 0.5),
        Gaussians("gaussian5", (1_000, 100_000), width: 5, mean: 0.25),
        Shapes("shapes5", shift: 0.5, width: 1, slope: 0.8, power: 1, correlation: 0.5),
        Shapes("strong5", shift: 1, width: 0.8, slope: 0.5, power: 2, correlation: 0.6),
    ];

    /// <summary>Events to learn from.</summary>
    public RatioEvents Training(Seed seed) => Events(Sizes, seed.Child("training"));

    /// <summary>Events that no ratio saw.</summary>
    public RatioEvents Events((int Numerator, int Denominator) sizes, Seed seed) => new(
        Rows(sizes.Numerator, isNumerator: true, seed.Child("numerator")),
        Rows(sizes.Denominator, isNumerator: false, seed.Child("denominator")),
        this);

    private float[][] Rows(int count, bool isNumerator, Seed seed)
    {
        Random random = seed.CreateRandom();
        return [.. Enumerable.Range(0, count).Select(_ => Draw(random, isNumerator))];
    }

    /// <summary>N(+m, 1) over N(−m, 1) in every feature: ln r = 2 m Σx.</summary>
    private static RatioLaw Gaussians(string name, (int Numerator, int Denominator) sizes, int width, double mean) => new(
        name, sizes, Names(width),
        (random, isNumerator) =>
            [.. Enumerable.Range(0, width).Select(_ => (float)random.NextNormal(isNumerator ? mean : -mean, 1))],
        x => 2 * mean * x.Sum(value => (double)value));

    /// <summary>
    /// 5,000 over 150,000 events: a Gaussian N(shift, width) over N(0, 1), exponentials of mean slope and 1, Beta(2, 2 + power) over
    /// Beta(2, 2), whose ratio is (1 − x)^power times a constant, and two unit Gaussians with a correlation over two without.
    /// </summary>
    private static RatioLaw Shapes(string name, double shift, double width, double slope, int power, double correlation)
    {
        double free = 1 - (correlation * correlation);
        double beta = Enumerable.Range(0, power).Sum(k => Math.Log((4.0 + k) / (2 + k)));
        return new RatioLaw(name, (5_000, 150_000), Names(5), Draw, LogRatio);

        float[] Draw(Random random, bool isNumerator)
        {
            double first = random.NextNormal(0, 1);
            double second = random.NextNormal(0, 1);
            return
            [
                (float)(isNumerator ? random.NextNormal(shift, width) : random.NextNormal(0, 1)),
                (float)random.NextExponential(isNumerator ? slope : 1),
                (float)random.NextBeta(2, isNumerator ? 2 + power : 2),
                (float)first,
                (float)(isNumerator ? (correlation * first) + (Math.Sqrt(free) * second) : second),
            ];
        }

        double LogRatio(float[] x)
        {
            double standard = (x[0] - shift) / width;
            double square = correlation * (((double)x[3] * x[3]) + ((double)x[4] * x[4]));
            return (((x[0] * x[0]) - (standard * standard)) / 2) - Math.Log(width)
                - (x[1] * ((1 / slope) - 1)) - Math.Log(slope)
                + (power * Math.Log(1 - Math.Min(x[2], 0.999999))) + beta
                - (correlation * (square - (2.0 * x[3] * x[4])) / (2 * free)) - (Math.Log(free) / 2);
        }
    }

    private static string[] Names(int width) => [.. Enumerable.Range(0, width).Select(feature => $"x{feature}")];
}

/// <summary>Events of both densities of a law, in rows.</summary>
internal sealed record RatioEvents(float[][] Numerator, float[][] Denominator, RatioLaw Law)
{
    public EventTable NumeratorTable { get; } = Table(Numerator, Law);

    public EventTable DenominatorTable { get; } = Table(Denominator, Law);

    /// <summary>Rows of the numerator, then those of the denominator.</summary>
    public float[][] Rows => [.. Numerator, .. Denominator];

    /// <summary>The first events of the numerator, and all of the denominator.</summary>
    public RatioEvents WithNumerator(int count) => new(Numerator[..count], Denominator, Law);

    private static EventTable Table(float[][] rows, RatioLaw law) =>
        RawFiles.Columns([.. rows.SelectMany(row => row)], law.Features);
}
