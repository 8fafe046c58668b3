using Gbi.Likelihoods.Model;

namespace Gbi.Peaks.Shapes;

/// <summary>The two numbers a and b of a peak's form: their bounds, where fits start, and the parameters that they stand for.</summary>
internal static class PeakForms
{
    private const double Power = 2;

    /// <summary>a and b; those that a form does not have are fixed.</summary>
    /// <param name="form">The form.</param>
    /// <param name="known">Parameters of <see cref="PeakShape"/> to start from; empty for defaults.</param>
    public static FitParameter[] Of(PeakForm form, IReadOnlyList<double> known)
    {
        double First(double other) => known.Count > 0 ? known[0] : other;
        FitParameter none = new() { Name = "form b", IsFixed = true };
        return form switch
        {
            PeakForm.DoubleGaussian =>
            [
                new() { Name = "ln tail scale", Initial = Math.Log(First(2)), Lower = Math.Log(1.2), Upper = Math.Log(6) },
                new() { Name = "tail share", Initial = known.Count > 1 ? known[1] : 0.3, Lower = 0, Upper = 1 },
            ],
            PeakForm.CrystalBall => [new() { Name = "alpha", Initial = First(1.5), Lower = 0.3, Upper = 6 }, none with { Initial = Power }],
            PeakForm.Voigt => [new() { Name = "gamma/sigma", Initial = First(0.5), Lower = 1e-3, Upper = 10 }, none],
            _ => [none with { Name = "form a" }, none],
        };
    }

    /// <summary>Whether it has no parameter besides position and width.</summary>
    public static bool IsFixed(PeakForm form) => form == PeakForm.Gaussian;

    /// <summary>Parameters of <see cref="PeakShape"/>.</summary>
    public static double[] ShapeOf(PeakForm form, double a, double b) => form switch
    {
        PeakForm.DoubleGaussian => [Math.Exp(a), b],
        PeakForm.CrystalBall or PeakForm.Voigt => [a],
        _ => [],
    };

    /// <summary>The form in words.</summary>
    public static string NameOf(PeakForm form) => form switch
    {
        PeakForm.DoubleGaussian => "double Gaussian",
        PeakForm.CrystalBall => "Crystal Ball",
        PeakForm.Voigt => "Voigt",
        _ => "Gaussian",
    };
}
