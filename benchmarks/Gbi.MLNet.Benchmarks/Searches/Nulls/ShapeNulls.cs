using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Searches.Options;
using MathNet.Numerics.Distributions;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Searches.Nulls;

/// <summary>Nine kinds of data without signal that are unlike dijets: 20,000 events from 3 to 4 TeV, signal region 3.4 to 3.6.</summary>
internal static class ShapeNulls
{
    private const int Count = 20_000;
    private const string Mass = "m";
    private const double Low = 3;
    private const double High = 4;

    public static IReadOnlyList<NullStudy> All { get; } =
    [
        Of("steep spectrum", m => Math.Pow(m, -25), Normals(4, drift: 0.3)),
        Of("turn-on", m => Falling(m) * (1 - TailProbability.OfNormal((m - 3.1) / 0.08)), Normals(4, drift: 0.3)),
        Of("features that follow the mass", Falling, (m, seed, row) =>
            [m * (1 + (0.1 * Z(seed, row, 0))), (0.5 * m) + (0.3 * Z(seed, row, 1)), Z(seed, row, 2)]),
        Of("heavy tails", Falling, (m, seed, row) =>
            [Cauchy.InvCDF(0.1 * m, 1, U(seed, row, 0)), Math.Exp(2 * Z(seed, row, 1)), Pareto.InvCDF(1, 1.1, U(seed, row, 2))]),
        Of("discrete features", Falling, (m, seed, row) =>
            [Poisson(0.5 * m, U(seed, row, 0)), Math.Floor(4 * U(seed, row, 1)), U(seed, row, 2) < 0.02 ? 1 : 0]),
        Of("a constant feature", Falling, (m, seed, row) => [1, Z(seed, row, 0), Z(seed, row, 1)]),
        Of("one feature", Falling, Normals(1, drift: 0.3)),
        Of("twenty features", Falling, Normals(20, drift: 0.1)),
        Of("correlated features", Falling, (m, seed, row) =>
        {
            double common = Z(seed, row, 0) + (0.3 * (m - 3.5));
            return
            [
                common, common + (0.2 * Z(seed, row, 1)), (common * common) + (0.2 * Z(seed, row, 2)), (0.05 * Z(seed, row, 3)) - common,
            ];
        }),
    ];

    private static double Falling(double m) => Math.Pow(m, -6);

    private static Func<double, Seed, int, double[]> Normals(int count, double drift) => (m, seed, row) =>
        [.. Enumerable.Range(0, count).Select(feature => Z(seed, row, feature) + (feature % 2 == 0 ? drift * (m - 3.5) : 0))];

    private static NullStudy Of(string name, Func<double, double> spectrum, Func<double, Seed, int, double[]> features)
    {
        var masses = new TabulatedSpectrum(spectrum, Low, High);
        int width = features(Low, new Seed(1), 0).Length;
        string[] names = [.. Enumerable.Range(0, width).Select(feature => Text($"x{feature}"))];
        var search = new ResonanceSearchOptions
        {
            Schema = new EventSchema { Features = names, Mass = Mass },
            Window = new MassWindow(3.4, 3.6, Low, High),
        };
        return new NullStudy(name, (_, seed) => new NullData(Draw(seed), search));

        EventTable Draw(Seed seed)
        {
            float[] mass = masses.Draw(Count, seed.Child("mass"));
            float[][] columns = [.. names.Select(_ => new float[Count])];
            for (int row = 0; row < Count; row++)
            {
                double[] values = features(mass[row], seed, row);
                for (int feature = 0; feature < width; feature++)
                {
                    columns[feature][row] = (float)values[feature];
                }
            }

            return EventTable.FromColumns([.. names.Zip(columns), (Mass, mass)]);
        }
    }

    private static double U(Seed seed, int row, int feature) => seed.Child(feature).Uniform(row);

    private static double Z(Seed seed, int row, int feature) => seed.Child(feature).NormalPair(row).First;

    private static double Poisson(double mean, double uniform)
    {
        int count = 0;
        for (double term = Math.Exp(-mean), sum = term; sum < uniform && count < 100; sum += term)
        {
            term *= mean / ++count;
        }

        return count;
    }
}
