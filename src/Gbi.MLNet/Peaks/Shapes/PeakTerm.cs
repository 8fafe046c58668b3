namespace Gbi.Peaks.Shapes;

/// <summary>A function of z and of two numbers a and b that give a peak its form, with its first and second derivatives.</summary>
internal readonly record struct StandardTerm(double Value)
{
    public double Z { get; init; }

    public double A { get; init; }

    public double B { get; init; }

    public double ZZ { get; init; }

    public double ZA { get; init; }

    public double ZB { get; init; }

    public double AA { get; init; }

    public double AB { get; init; }

    public double BB { get; init; }
}

/// <summary>
/// A function of a peak's mean μ, of the numbers a and b of its form and of s = ln σ, with its derivatives in the order μ, a, b, s: what
/// a function of z = (m − μ)/σ, a and b becomes by the chain rule.
/// </summary>
internal readonly struct PeakTerm
{
    private readonly StandardTerm _of;
    private readonly double _z;
    private readonly double _perWidth;
    private readonly bool _isDensity;

    private PeakTerm(StandardTerm of, double z, double perWidth, bool isDensity) =>
        (_of, _z, _perWidth, _isDensity) = (of, z, perWidth, isDensity);

    /// <summary>h(z; a, b)/σ.</summary>
    public static PeakTerm Density(PeakForm form, double mass, ReadOnlySpan<double> shape) => At(form, mass, shape, isDensity: true);

    /// <summary>The share of the peak below a mass.</summary>
    public static PeakTerm Below(PeakForm form, double mass, ReadOnlySpan<double> shape) => At(form, mass, shape, isDensity: false);

    public double Value => _isDensity ? _perWidth * _of.Value : _of.Value;

    /// <summary>Adds the derivatives, times a factor, to the gradient's first four and the Hessian's first 4 × 4 elements.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="gradient">Length 4.</param>
    /// <param name="hessian">Upper triangle, shape [4 × 4].</param>
    public void AddTo(double factor, Span<double> gradient, Span<double> hessian)
    {
        double scale = factor * (_isDensity ? _perWidth : 1);
        double one = _isDensity ? 1 : 0;
        gradient[0] -= scale * _perWidth * _of.Z;
        gradient[1] += scale * _of.A;
        gradient[2] += scale * _of.B;
        gradient[3] -= scale * ((_z * _of.Z) + (one * _of.Value));
        hessian[0] += scale * _perWidth * _perWidth * _of.ZZ;
        hessian[1] -= scale * _perWidth * _of.ZA;
        hessian[2] -= scale * _perWidth * _of.ZB;
        hessian[3] += scale * _perWidth * (((1 + one) * _of.Z) + (_z * _of.ZZ));
        hessian[5] += scale * _of.AA;
        hessian[6] += scale * _of.AB;
        hessian[7] -= scale * ((_z * _of.ZA) + (one * _of.A));
        hessian[10] += scale * _of.BB;
        hessian[11] -= scale * ((_z * _of.ZB) + (one * _of.B));
        hessian[15] += scale * ((_z * _z * _of.ZZ) + ((1 + (2 * one)) * _z * _of.Z) + (one * _of.Value));
    }

    private static PeakTerm At(PeakForm form, double mass, ReadOnlySpan<double> shape, bool isDensity)
    {
        double perWidth = Math.Exp(-shape[3]);
        double z = (mass - shape[0]) * perWidth;
        StandardTerm term = form switch
        {
            PeakForm.CrystalBall => isDensity ? CrystalBall.Density(z, shape[1], shape[2]) : CrystalBall.Below(z, shape[1], shape[2]),
            PeakForm.Voigt => isDensity ? Voigt.Density(z, shape[1]) : Voigt.Below(z, shape[1]),
            PeakForm.DoubleGaussian =>
                isDensity ? Gaussian.Density(z, shape[1], shape[2]) : Gaussian.Below(z, shape[1], shape[2]),
            _ => isDensity ? Gaussian.Density(z) : Gaussian.Below(z),
        };
        return new PeakTerm(term, z, perWidth, isDensity);
    }
}
