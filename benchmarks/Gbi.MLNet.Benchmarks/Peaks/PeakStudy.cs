using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Numerics;
using Gbi.Peaks;

namespace Gbi.Benchmarks.Peaks;

/// <summary>Whether the yields of measured peaks are unbiased and their errors cover, on pseudo-data.</summary>
internal static class PeakStudy
{
    private static readonly double[] Levels = [0.6827, 0.9545];

    /// <summary>Writes one sample of each resonance: NAME.parquet.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (Resonance resonance in Resonance.All)
        {
            EventTable events = resonance.Draw(2000, 16_000, new Seed(1).Child(resonance.Name));
            ParquetEventWriter.Write(Path.Combine(folder, resonance.Name + ".parquet"), events);
        }
    }

    /// <summary>One row of the table: data sets of the ψ′-like peak, 400 events over 4,000, or none over 4,000.</summary>
    /// <param name="features">strong, weak, uninformative or null (strong features, no peak).</param>
    /// <param name="dataSets">How many.</param>
    /// <param name="first">Number of the first one, which gives its seed.</param>
    public static void Run(string features, int dataSets, int first)
    {
        double peak = features == "null" ? 0 : 400;
        var options = new PeakMeasurementOptions
        {
            Schema = new EventSchema
            {
                Features = features switch
                {
                    "weak" => Resonance.Weak,
                    "uninformative" => Resonance.Uninformative,
                    _ => Resonance.Strong,
                },
                Mass = "mass",
            },
            Window = Resonance.PsiPrime.Window,
            ReplicaCount = 0,
            NullToyCount = 0,
        };
        Console.WriteLine("set yield error shape z held yield error shape total z");
        List<Outcome> alone = [];
        List<Outcome> sorted = [];
        int failed = 0;
        for (int number = first; number < first + dataSets; number++)
        {
            Seed seed = new Seed(2026).Child(features).Child(number);
            try
            {
                var found = PeakMeasurement.Run(Resonance.PsiPrime.Draw(peak, 4000, seed), options with { Seed = seed.Child("training") });
                PeakFeatures with = found.Features!;
                alone.Add(new Outcome(found.MassOnly.Yield, found.MassOnlyError, found.MassOnly.Significance));
                sorted.Add(new Outcome(with.Fit.Yield, with.TotalError, with.Fit.Significance));
                Console.WriteLine(FormattableString.Invariant(
                    $"{number} {alone[^1]} {found.MassOnly.IsShapeHeld} {sorted[^1]} {with.Fit.CategoryCount}"));
            }
            catch (Exception failure) when (failure is DataException or Gbi.Likelihoods.Model.FitException)
            {
                failed++;
                Console.WriteLine($"{number} failed: {failure.Message}");
            }
        }

        Print($"{features}, mass alone", alone, peak, failed);
        Print($"{features}, with features", sorted, peak, failed);
    }

    private static void Print(string name, List<Outcome> all, double peak, int failed)
    {
        (double mean, double width) = MeanAndWidth([.. all.Select(one => (one.Yield.Value - peak) / one.Yield.Error)]);
        (double meanZ, double widthZ) = MeanAndWidth([.. all.Select(one => one.Significance)]);
        string Coverage(Func<Outcome, double> error) => string.Join(" ", Levels.Select((_, level) =>
        {
            double share = all.Average(one => Math.Abs(one.Yield.Value - peak) <= (level + 1) * error(one) ? 1.0 : 0);
            return FormattableString.Invariant($"{100 * share:F1} ± {100 * Math.Sqrt(share * (1 - share) / all.Count):F1}");
        }));
        string[] cells =
        [
            name, $"{all.Count}", $"{failed}", Cell(all.Average(one => one.Yield.Value), Error(all), 1),
            Cell(mean, width / Math.Sqrt(all.Count), 2), Cell(width, width / Math.Sqrt(2 * all.Count), 2), Coverage(one => one.Yield.Error),
            Coverage(one => one.Total), Cell(meanZ, widthZ / Math.Sqrt(all.Count), 2), Cell(widthZ, widthZ / Math.Sqrt(2 * all.Count), 2),
            FormattableString.Invariant($"{all.Average(one => one.Yield.Error):F1}"),
            FormattableString.Invariant($"{all.Average(one => one.Total):F1}"),
        ];
        Console.WriteLine($"| {string.Join(" | ", cells)} |");
    }

    private static string Cell(double value, double error, int digits) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Math.Round(value, digits)} ± {Math.Round(error, digits)}");

    private static double Error(List<Outcome> all) => MeanAndWidth([.. all.Select(one => one.Yield.Value)]).Width / Math.Sqrt(all.Count);

    private static (double Mean, double Width) MeanAndWidth(double[] values)
    {
        double mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)));
    }

    private sealed record Outcome(Estimate Yield, double Total, double Significance)
    {
        public override string ToString() => FormattableString.Invariant($"{Yield.Value:F1} {Yield.Error:F1} {Total:F1} {Significance:F2}");
    }
}
