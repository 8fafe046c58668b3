using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Likelihoods.Model;

namespace Gbi.Peaks;

/// <summary>Parameters of a fit with their bounds and where they start.</summary>
internal sealed class PeakStart(double[][] masses, double low, double high, MassWindow window, PeakFitOptions options, PeakShape? known)
{
    private const double LeastTailScale = 1.2;
    private const double LargestTailScale = 6;

    /// <summary>The parameters in the order of the likelihood.</summary>
    public List<FitParameter> Parameters(PeakLikelihood likelihood, MassSpectrumFamily family, bool isShapeFixed, bool hasPeak)
    {
        double width = window.High - window.Low;
        bool hasTails = known is null ? options.HasTails : options.HasTails || known.TailShare > 0;
        var parameters = new List<FitParameter>
        {
            new() { Name = "mean", Initial = known?.Mean ?? Mode(), Lower = window.Low, Upper = window.High, IsFixed = isShapeFixed },
            new()
            {
                Name = "ln tail scale", Initial = Math.Log(hasTails && known is not null ? known.TailScale : 2),
                Lower = Math.Log(LeastTailScale), Upper = Math.Log(LargestTailScale), IsFixed = isShapeFixed || !hasTails
            },
            new()
            {
                Name = "tail share", Initial = hasTails ? known?.TailShare ?? 0.3 : 0, Lower = 0, Upper = 1,
                IsFixed = isShapeFixed || !hasTails
            },
        };
        for (int i = 0; i < likelihood.WidthCount; i++)
        {
            double initial = known is null ? width / 8 : known.Width[Math.Min(i, known.Width.Count - 1)];
            parameters.Add(
                new()
                {
                    Name = $"ln width {i}",
                    Initial = Math.Log(initial),
                    Lower = Math.Log(width / 200),
                    Upper = Math.Log(width),
                    IsFixed = isShapeFixed
                });
        }

        for (int category = 0; category < masses.Length; category++)
        {
            (double peak, double[] background) = YieldAndBackground(masses[category], family);
            parameters.Add(new() { Name = $"yield {category}", Initial = hasPeak ? peak : 0, IsFixed = !hasPeak });
            parameters.AddRange(background.Select((value, k) => new FitParameter { Name = $"background {category}.{k}", Initial = value }));
        }

        return parameters;
    }

    /// <summary>A flat background as high as the lower one of the two outer tenths of the range; the peak is the rest.</summary>
    private (double Peak, double[] Background) YieldAndBackground(double[] ofCategory, MassSpectrumFamily family)
    {
        double tenth = (high - low) / 10;
        double level = Math.Max(
            0.5, Math.Min(ofCategory.Count(mass => mass < low + tenth), ofCategory.Count(mass => mass >= high - tenth))) / tenth;
        double[] background = new double[family.Size];
        background[0] = family.IsLogLinear ? Math.Log(level) : level;
        return (Math.Max(1, ofCategory.Length - (level * (high - low))), background);
    }

    /// <summary>The middle of the fullest of twenty bins of the region.</summary>
    private double Mode()
    {
        int[] counts = new int[20];
        foreach (double mass in masses.SelectMany(ofCategory => ofCategory).Where(mass => mass >= window.Low && mass < window.High))
        {
            counts[Math.Min(19, (int)(20 * (mass - window.Low) / (window.High - window.Low)))]++;
        }

        return window.Low + ((Array.IndexOf(counts, counts.Max()) + 0.5) * (window.High - window.Low) / 20);
    }
}
