using System.Numerics;
using Gbi.Numerics;

namespace Gbi.Peaks.Shapes;

/// <summary>
/// The Voigt function: a Lorentz function of half-width γ, in units of the Gaussian's σ, convolved with that Gaussian,
/// Re w(ζ)/√2π with ζ = (z + iγ)/√2 and w the Faddeeva function; a = γ, 0 or more.
/// </summary>
internal static class Voigt
{
    private const int Terms = 40;

    private static readonly double Length = Math.Pow(2, -0.25) * Math.Sqrt(Terms);
    private static readonly double[] Coefficients = Expansion();
    private static readonly Quadrature Panel = Quadrature.OnInterval(0, 1, 16);

    /// <summary>The density, normalised over all z.</summary>
    public static StandardTerm Density(double z, double gamma)
    {
        (Complex w, Complex first, Complex second) = Faddeeva(z, gamma);
        double norm = Math.Sqrt(Math.Tau);
        return new StandardTerm(w.Real / norm)
        {
            Z = first.Real / (norm * Math.Sqrt(2)),
            A = -first.Imaginary / (norm * Math.Sqrt(2)),
            ZZ = second.Real / (2 * norm),
            ZA = -second.Imaginary / (2 * norm),
            AA = -second.Real / (2 * norm),
        };
    }

    /// <summary>The share below z: by quadrature; its derivatives in γ are those of −Im w/√2π.</summary>
    public static StandardTerm Below(double z, double gamma)
    {
        StandardTerm density = Density(z, gamma);
        (Complex w, _, _) = Faddeeva(z, gamma);
        return new StandardTerm(0.5 + (Math.Sign(z) * FromZero(Math.Abs(z), gamma)))
        {
            Z = density.Value,
            ZZ = density.Z,
            ZA = density.A,
            A = -w.Imaginary / Math.Sqrt(Math.Tau),
            AA = -density.Z,
        };
    }

    // Panels of length 1, 1, 2, 4, 8 … up to z.
    private static double FromZero(double z, double gamma)
    {
        double sum = 0;
        double low = 0;
        while (low < z)
        {
            double length = Math.Min(Math.Max(1, low), z - low);
            for (int node = 0; node < Panel.Nodes.Length; node++)
            {
                sum += length * Panel.Weights[node] * Density(low + (length * Panel.Nodes[node]), gamma).Value;
            }

            low += length;
        }

        return sum;
    }

    // w, w′ = −2ζw + 2i/√π and w″ = −2w − 2ζw′.
    private static (Complex Value, Complex First, Complex Second) Faddeeva(double z, double gamma)
    {
        var zeta = new Complex(z / Math.Sqrt(2), gamma / Math.Sqrt(2));
        Complex w = Faddeeva(zeta);
        Complex first = (-2 * zeta * w) + new Complex(0, 2 / Math.Sqrt(Math.PI));
        return (w, first, (-2 * w) - (2 * zeta * first));
    }

    // J. A. C. Weideman, SIAM J. Numer. Anal. 31 (1994) 1497, accurate to 1e-12 in the upper half plane.
    private static Complex Faddeeva(Complex zeta)
    {
        var turned = new Complex(-zeta.Imaginary, zeta.Real);
        Complex below = Length - turned;
        Complex ratio = (Length + turned) / below;
        Complex sum = 0;
        foreach (double coefficient in Coefficients)
        {
            sum = (sum * ratio) + coefficient;
        }

        return (2 * sum / (below * below)) + (1 / (Math.Sqrt(Math.PI) * below));
    }

    // Fourier coefficients of exp(−t²)(L² + t²), t = L tan(θ/2), highest first.
    private static double[] Expansion()
    {
        const int points = 4 * Terms;
        double[] coefficients = new double[Terms];
        for (int k = 1; k < points; k++)
        {
            double angle = Math.PI * (k - (points / 2)) / (points / 2);
            double t = Length * Math.Tan(angle / 2);
            double value = Math.Exp(-t * t) * ((Length * Length) + (t * t));
            for (int order = 1; order <= Terms; order++)
            {
                coefficients[Terms - order] += value * Math.Cos(order * angle) / points;
            }
        }

        return coefficients;
    }
}
