using Gbi.Events;
using Gbi.Likelihoods.Model;
using Gbi.Peaks.Shapes;

namespace Gbi.Peaks.Fits;

/// <summary>What a fit of a peak may change.</summary>
/// <param name="IsShapeFixed">Whether mean, form and widths are held.</param>
/// <param name="HasPeak">Whether there are yields.</param>
/// <param name="IsPositive">Whether the parameters of a polynomial are held at 0 or above.</param>
internal sealed record PeakFreedom(bool IsShapeFixed, bool HasPeak = true, bool IsPositive = true);

/// <summary>Parameters of a fit with their bounds and where they start.</summary>
internal sealed class PeakStart(double[][] masses, double low, double high, MassWindow window, PeakFitOptions options)
{
    private const double WidthsInRegion = 6;

    /// <summary>The position and width that are held where the data show no peak: those given, else the centre of the region and a sixth
    /// of it.</summary>
    public PeakShape Held => new(
        options.Mean ?? window.Centre, [options.Width ?? (window.High - window.Low) / WidthsInRegion], options.Form,
        PeakForms.ShapeOf(
            options.Form, PeakForms.Of(options.Form, [])[0].Initial, PeakForms.Of(options.Form, [])[1].Initial));

    /// <summary>The parameters in the order of the likelihood.</summary>
    /// <param name="likelihood">The likelihood of these masses.</param>
    /// <param name="known">A shape to start from, or to hold; null to look for the mode.</param>
    /// <param name="freedom">What is free.</param>
    public List<FitParameter> Parameters(PeakLikelihood likelihood, PeakShape? known, PeakFreedom freedom)
    {
        double region = window.High - window.Low;
        bool isFixed = freedom.IsShapeFixed;
        bool isSameForm = known?.Form == likelihood.Form;
        var parameters = new List<FitParameter>
        {
            new()
            {
                Name = "mean", Initial = options.Mean ?? known?.Mean ?? Mode(), Lower = window.Low, Upper = window.High,
                IsFixed = isFixed || options.Mean is not null
            },
        };
        parameters.AddRange(PeakForms.Of(likelihood.Form, isSameForm ? known!.FormParameters : [])
            .Select((parameter, i) => parameter with
            {
                Name = $"form {i}: {parameter.Name}",
                IsFixed = parameter.IsFixed || isFixed,
            }));
        for (int i = 0; i < likelihood.WidthCount; i++)
        {
            parameters.Add(new()
            {
                Name = $"ln width {i}",
                Initial = Math.Log(options.Width ?? known?.WidthIn(Array.IndexOf(likelihood.WidthOf, i)) ?? region / 8),
                Lower = Math.Log(region / 200),
                Upper = Math.Log(region),
                IsFixed = isFixed || options.Width is not null,
            });
        }

        for (int category = 0; category < masses.Length; category++)
        {
            (double peak, double level) = YieldAndLevel(masses[category]);
            parameters.Add(new() { Name = $"yield {category}", Initial = freedom.HasPeak ? peak : 0, IsFixed = !freedom.HasPeak });
            parameters.AddRange(likelihood.Background.Flat(level).Select((value, k) => new FitParameter
            {
                Name = $"background {category}.{k}",
                Initial = value,
                Lower = freedom.IsPositive && likelihood.Background.HasPositiveParameters ? 0 : double.NegativeInfinity,
            }));
        }

        return parameters;
    }

    /// <summary>A flat background as high as the lower one of the two outer tenths of the range; the peak is the rest.</summary>
    private (double Peak, double Level) YieldAndLevel(double[] ofCategory)
    {
        double tenth = (high - low) / 10;
        double level = Math.Max(
            0.5, Math.Min(ofCategory.Count(mass => mass < low + tenth), ofCategory.Count(mass => mass >= high - tenth))) / tenth;
        return (Math.Max(1, ofCategory.Length - (level * (high - low))), level);
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
