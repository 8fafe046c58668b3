using Gbi.Numerics.Probability;

namespace Gbi.Peaks.Shapes;

/// <summary>φ(z) = exp(−z²/2)/√2π, and (1 − b) φ(z) + b φ(z/ρ)/ρ with ρ = exp a, with their integrals.</summary>
internal static class Gaussian
{
    /// <summary>φ(z).</summary>
    public static StandardTerm Density(double z)
    {
        double value = Normal(z);
        return new StandardTerm(value) { Z = -z * value, ZZ = value * ((z * z) - 1) };
    }

    /// <summary>Φ(z).</summary>
    public static StandardTerm Below(double z)
    {
        double density = Normal(z);
        return new StandardTerm(TailProbability.OfNormal(-z)) { Z = density, ZZ = -z * density };
    }

    /// <summary>The density of two Gaussians.</summary>
    public static StandardTerm Density(double z, double a, double b)
    {
        double inverse = Math.Exp(-a);
        double y = z * inverse;
        double wide = Normal(y) * inverse;
        double square = y * y;
        return Mixed(
            Density(z),
            new StandardTerm(wide)
            {
                Z = -y * wide * inverse,
                ZZ = (square - 1) * wide * inverse * inverse,
                A = (square - 1) * wide,
                ZA = y * (3 - square) * wide * inverse,
                AA = ((square * (square - 4)) + 1) * wide,
            },
            b);
    }

    /// <summary>The share of two Gaussians below z.</summary>
    public static StandardTerm Below(double z, double a, double b)
    {
        double inverse = Math.Exp(-a);
        double y = z * inverse;
        double density = Normal(y);
        return Mixed(
            Below(z),
            new StandardTerm(TailProbability.OfNormal(-y))
            {
                Z = density * inverse,
                ZZ = -y * density * inverse * inverse,
                A = -y * density,
                ZA = ((y * y) - 1) * density * inverse,
                AA = y * (1 - (y * y)) * density,
            },
            b);
    }

    /// <summary>φ(z).</summary>
    public static double Normal(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(Math.Tau);

    private static StandardTerm Mixed(StandardTerm narrow, StandardTerm wide, double b) =>
        new(((1 - b) * narrow.Value) + (b * wide.Value))
        {
            Z = ((1 - b) * narrow.Z) + (b * wide.Z),
            ZZ = ((1 - b) * narrow.ZZ) + (b * wide.ZZ),
            A = b * wide.A,
            ZA = b * wide.ZA,
            AA = b * wide.AA,
            B = wide.Value - narrow.Value,
            ZB = wide.Z - narrow.Z,
            AB = wide.A,
        };
}
