using Gbi.Generators.Spectra;
using Gbi.Likelihoods.Model;
using Gbi.Peaks.Fits;
using Gbi.Peaks.Shapes;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Peaks;

/// <summary>
/// How much the yield depends on the functions that were chosen: the fit repeated with other functions of the background and with other
/// forms of the peak, of which those count that the data do not exclude.
/// </summary>
/// <remarks>
/// Excluded is an alternative whose −2 ln L + (number of parameters) is more than 4 above the least among the functions of the same part
/// (background or peak), with the penalty of discrete profiling: P. D. Dauncey et al., JINST 10 (2015) P04015. Yields are compared at the
/// masses that were fitted; beyond, each form extrapolates.
/// </remarks>
public sealed record PeakShapeError
{
    private const double Excluded = 4;

    /// <summary>All alternatives, those of the background first.</summary>
    public required IReadOnlyList<PeakAlternative> Alternatives { get; init; }

    /// <summary>Events of the peak at the masses that were fitted, by the functions chosen.</summary>
    public required double Yield { get; init; }

    /// <summary>Largest change of the yield by another function of the background.</summary>
    public double Background => Largest(isBackground: true);

    /// <summary>Largest change of the yield by another form of the peak; 0 where its shape was held.</summary>
    public double Signal => Largest(isBackground: false);

    /// <summary>Both in quadrature.</summary>
    public double Total => double.Hypot(Background, Signal);

    /// <summary>The alternative that describes the data best, where it is better by more than the margin of exclusion; else null.</summary>
    public PeakAlternative? Preferred =>
        Alternatives.Where(alternative => alternative.Criterion < -Excluded).MinBy(alternative => alternative.Criterion);

    internal static PeakShapeError Of(PeakFit fit, CancellationToken cancellation)
    {
        double yield = fit.Minimum.YieldInRange;
        List<PeakAlternative> tried = [];
        foreach ((string name, PeakBackground background) in Backgrounds(fit))
        {
            cancellation.ThrowIfCancellationRequested();
            tried.Add(Try(fit, name, isBackground: true, fit.Shape.Form, background));
        }

        foreach (PeakForm form in fit.IsShapeHeld ? [] : Enum.GetValues<PeakForm>().Where(form => form != fit.Shape.Form))
        {
            cancellation.ThrowIfCancellationRequested();
            tried.Add(Try(fit, PeakForms.NameOf(form), isBackground: false, form, fit.Minimum.Likelihood.Background));
        }

        double LeastOf(bool isBackground) => tried
            .Where(alternative => alternative.IsBackground == isBackground && alternative.Failure is null)
            .Select(alternative => alternative.Criterion).Append(0).Min();
        return new PeakShapeError
        {
            Yield = yield,
            Alternatives =
            [
                .. tried.Select(alternative => alternative with
                {
                    Change = alternative.Yield - yield,
                    IsCounted = alternative.Failure is null && alternative.Criterion <= LeastOf(alternative.IsBackground) + Excluded,
                })
            ],
        };
    }

    private double Largest(bool isBackground) => Alternatives
        .Where(alternative => alternative.IsBackground == isBackground && alternative.IsCounted)
        .Select(alternative => Math.Abs(alternative.Change)).DefaultIfEmpty(0).Max();

    private static IEnumerable<(string Name, PeakBackground Function)> Backgrounds(PeakFit fit)
    {
        SpectrumShape nominal = fit.Options.Background.Shape;
        int size = fit.Minimum.Likelihood.Background.Size;
        int[] polynomials = nominal == SpectrumShape.Polynomial ? [size - 1, size + 1] : [size, size + 1];
        int[] exponentials = nominal switch
        {
            SpectrumShape.Exponential => [size - 1, size + 1],
            SpectrumShape.Polynomial => [2, Math.Max(2, size)],
            _ => [size, size + 1],
        };
        foreach (int count in polynomials.Where(count => count is >= 1 and <= 8))
        {
            yield return (Text($"polynomial of degree {count - 1}"), Of(fit, SpectrumShape.Polynomial, count));
        }

        foreach (int count in exponentials.Distinct().Where(count => count is >= 2 and <= 8))
        {
            yield return (
                count == 2 ? "exponential" : Text($"exponential of a polynomial of degree {count - 1}"),
                Of(fit, SpectrumShape.Exponential, count));
        }
    }

    private static PeakBackground Of(PeakFit fit, SpectrumShape shape, int count) =>
        PeakBackground.Of(new MassSpectrumOptions { Shape = shape, ParameterCount = count }, fit.Low, fit.High);

    private static PeakAlternative Try(PeakFit fit, string name, bool isBackground, PeakForm form, PeakBackground background)
    {
        var alternative = new PeakAlternative { Name = name, IsBackground = isBackground };
        try
        {
            PeakMinimum found = fit.Refit(form, background);
            return found.IsShapeAtBound
                ? alternative with { Failure = "its position or width ended at a bound" }
                : alternative with
                {
                    Yield = found.YieldInRange,
                    TwiceNllChange = found.Result.TwiceNll - fit.Result.TwiceNll,
                    ParameterChange = found.FreeCount - fit.Minimum.FreeCount,
                };
        }
        catch (FitException failure)
        {
            return alternative with { Failure = failure.Message };
        }
    }
}

/// <summary>A fit of the same data with another function of the background or another form of the peak.</summary>
public sealed record PeakAlternative
{
    /// <summary>The function in words.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the background has another function; else the peak has.</summary>
    public required bool IsBackground { get; init; }

    /// <summary>Events of the peak at the masses that were fitted; NaN for a failed fit.</summary>
    public double Yield { get; init; } = double.NaN;

    /// <summary>The change of that yield; NaN for a failed fit.</summary>
    public double Change { get; init; } = double.NaN;

    /// <summary>The change of −2 ln L; NaN for a failed fit.</summary>
    public double TwiceNllChange { get; init; } = double.NaN;

    /// <summary>The change of the number of fitted parameters.</summary>
    public int ParameterChange { get; init; }

    /// <summary>Whether it counts in the error: the fit succeeded and the data do not exclude it.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Why there is no fit; null where there is one.</summary>
    public string? Failure { get; init; }

    internal double Criterion => TwiceNllChange + ParameterChange;
}
