using System.Diagnostics;
using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Simulators;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Searches;

/// <summary>
/// Mass spectra fitted to the sidebands of simulated dijets without signal: pulls of the expected background, χ² and time of each function.
/// </summary>
internal static class SpectrumTask
{
    private static readonly (string Name, MassSpectrumOptions Options)[] Functions =
    [
        ("automatic", new() { Shape = SpectrumShape.Automatic }),
        ("automatic, √s known", new() { Shape = SpectrumShape.Automatic, CollisionEnergy = DijetSimulator.CollisionEnergy }),
        .. Range(SpectrumShape.Exponential, 2, 6), .. Range(SpectrumShape.Dijet, 3, 5), .. Range(SpectrumShape.Polynomial, 3, 3),
    ];

    private static readonly (MassWindow Window, double Events)[] Samples =
    [
        (new MassWindow(3.3, 3.7), 5_000),
        (new MassWindow(3.3, 3.7), 20_000),
        (new MassWindow(3.3, 3.7), 100_000),
        (new MassWindow(4.5, 5.2), 100_000),
        (new MassWindow(3.3, 3.7), 1_000_000),
        (new MassWindow(3.3, 3.7, 3, 4), 20_000),
        (new MassWindow(3.3, 3.7, 3, 4), 100_000),
        (new MassWindow(3.4, 3.6, 3.2, 3.8), 100_000),
    ];

    /// <summary>Prints a table for each sample, of all functions or of those whose name begins with a word.</summary>
    public static void Run(int dataSets, string of = "")
    {
        foreach ((MassWindow window, double events) in Samples)
        {
            Console.WriteLine(Text($"\n{events:N0} events from 2.6 to 8 TeV on average, {window}, {dataSets} data sets\n"));
            Console.WriteLine("| function | fitted | pull, mean | pull, width | error | of it, choice | χ² p < 0.01 | time, ms |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|");
            double truth = events * Share(window.Low, window.High);
            float[][] masses = [.. Enumerable.Range(0, dataSets).Select(set => Draw(events, window, new Seed(91).Child(set)))];
            var chosen = Functions.Where(function => function.Name.StartsWith(of, StringComparison.Ordinal));
            foreach ((string name, MassSpectrumOptions options) in chosen)
            {
                Print(name, [.. masses.Select(sample => Fit.Of(sample, window, options, truth)).OfType<Fit>()], dataSets);
            }
        }
    }

    private static void Print(string name, Fit[] fits, int dataSets)
    {
        double mean = fits.Length == 0 ? double.NaN : fits.Average(fit => fit.Pull);
        double width = Math.Sqrt(fits.Sum(fit => Math.Pow(fit.Pull - mean, 2)) / (fits.Length - 1));
        double root = Math.Sqrt(fits.Length);
        string chosen = name.StartsWith("automatic", StringComparison.Ordinal)
            ? ": " + string.Join(", ", fits.GroupBy(fit => fit.Function).OrderByDescending(group => group.Count())
                .Select(group => Text($"{group.Key} {group.Count()}")))
            : "";
        Console.WriteLine(fits.Length < 2 ? Text($"| {name} | {fits.Length} of {dataSets} | | | | | | |") : Text(
            $"| {name}{chosen} | {fits.Length} of {dataSets} | {mean:F2} ± {width / root:F2} | {width:F2} ± {width / (1.41 * root):F2} | "
                + $"{fits.Average(fit => fit.Error):F1} | {fits.Average(fit => fit.ChoiceError):F1} | "
                + $"{fits.Count(fit => fit.Probability < 0.01)} | {fits.Average(fit => fit.Milliseconds):F1} |"));
    }

    private static float[] Draw(double events, MassWindow window, Seed seed)
    {
        int count = seed.Child("count").CreateRandom().NextPoisson(events);
        float[] masses = DijetSimulator.SpectrumOf(new DijetSimulation(), DijetSimulator.LowestMass, DijetSimulator.HighestMass)
            .Draw(count, seed.Child("mass"));
        return [.. masses.Where(mass => window.RegionOf(mass) == MassRegion.Sideband)];
    }

    private static double Share(double low, double high) => Integral(low, high) / Integral(
        DijetSimulator.LowestMass, DijetSimulator.HighestMass);

    private static double Integral(double low, double high)
    {
        Quadrature rule = Quadrature.OnInterval(low, high, 128);
        return rule.Nodes.Zip(rule.Weights, (mass, weight) =>
            weight * Math.Pow(1 - (mass / DijetSimulator.CollisionEnergy), 13.9)
                * Math.Pow(mass / DijetSimulator.CollisionEnergy, 0.58)).Sum();
    }

    private static IEnumerable<(string Name, MassSpectrumOptions Options)> Range(SpectrumShape shape, int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(count => (Text($"{shape} {count}").ToLowerInvariant(), new MassSpectrumOptions
        {
            Shape = shape,
            ParameterCount = count,
            CollisionEnergy = shape == SpectrumShape.Dijet ? DijetSimulator.CollisionEnergy : null,
        }));

    private sealed record Fit(
        string Function, double Pull, double Error, double ChoiceError, double Probability, double Milliseconds)
    {
        public static Fit? Of(float[] masses, MassWindow window, MassSpectrumOptions options, double truth)
        {
            long started = Stopwatch.GetTimestamp();
            try
            {
                var spectrum = MassSpectrum.Fit(masses, [], window, options);
                Estimate expected = spectrum.Expected(window.Low, window.High);
                return new Fit(
                    Text($"{spectrum.Options.Shape} {spectrum.Options.ParameterCount}").ToLowerInvariant(),
                    (expected.Value - truth) / expected.Error, expected.Error, spectrum.ChoiceError(window.Low, window.High),
                    spectrum.GoodnessOfFit, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            catch (DataException)
            {
                return null;
            }
        }
    }
}
