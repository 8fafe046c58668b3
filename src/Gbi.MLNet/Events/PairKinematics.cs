namespace Gbi.Events;

/// <summary>
/// Mass-independent kinematics of a particle pair: four columns that, together with the mass and an azimuth around the beam, determine the
/// two momenta. None of them determines the mass, unlike the transverse momenta and the opening angle together (m² = 2 p₁ p₂ (cosh Δη − cos
/// Δφ) for light particles).
/// </summary>
/// <remarks>
/// They do not change if the particles, or the beams, are interchanged. Angles are those of the first particle in the frame of Collins
/// and Soper, Phys. Rev. D 16 (1977) 2219. A threshold on the momenta still makes them depend a little on the mass.
/// </remarks>
public static class PairKinematics
{
    /// <summary>Transverse momentum q of the pair, in the unit of the particles' momenta.</summary>
    public const string TransverseMomentum = "pair_pt";

    /// <summary>|y| of the pair, y = ½ ln((E + p_z)/(E − p_z)).</summary>
    public const string Rapidity = "pair_rapidity";

    /// <summary>|cos θ*|, the angle to the axis halfway between the beams in the rest frame of the pair; range [0, 1].</summary>
    public const string CosTheta = "pair_cos_theta";

    /// <summary>|cos φ*|, the azimuth around that axis from the plane of the beams; range [0, 1], 0 for a pair without transverse
    /// momentum.</summary>
    public const string CosPhi = "pair_cos_phi";

    /// <summary>Names of the four columns.</summary>
    public static IReadOnlyList<string> Columns { get; } = [TransverseMomentum, Rapidity, CosTheta, CosPhi];

    /// <summary>The events with the four columns appended.</summary>
    /// <param name="events">Events with the momenta of two particles.</param>
    /// <param name="first">Columns of the first particle.</param>
    /// <param name="second">Columns of the second.</param>
    /// <param name="particleMass">Mass of each particle, in the unit of the momenta; 0 or more.</param>
    /// <exception cref="DataException">A column is missing, or has a missing value.</exception>
    public static EventTable Append(EventTable events, ParticleColumns first, ParticleColumns second, double particleMass = 0)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfNegative(particleMass);
        float[][] columns = [.. Columns.Select(_ => new float[events.Count])];
        for (int row = 0; row < events.Count; row++)
        {
            (double transverse, double rapidity, double cosTheta, double cosPhi) =
                Of(Momentum(events, first, row, particleMass), Momentum(events, second, row, particleMass));
            (columns[0][row], columns[1][row]) = ((float)transverse, (float)rapidity);
            (columns[2][row], columns[3][row]) = ((float)cosTheta, (float)cosPhi);
        }

        return Columns.Zip(columns).Aggregate(events, (table, column) => table.WithColumn(column.First, column.Second));
    }

    private static (double Transverse, double Rapidity, double CosTheta, double CosPhi) Of(FourMomentum a, FourMomentum b)
    {
        FourMomentum pair = a + b;
        double transverse = Math.Sqrt((pair.X * pair.X) + (pair.Y * pair.Y));
        double massSquared = (pair.E * pair.E) - (pair.Z * pair.Z) - (transverse * transverse);
        if (!(massSquared > 0))
        {
            return (transverse, Math.Abs(Math.Atanh(pair.Z / pair.E)), 0, 0);
        }

        double mass = Math.Sqrt(massSquared);
        double transverseMass = Math.Sqrt(massSquared + (transverse * transverse));
        double cosTheta = (((a.E + a.Z) * (b.E - b.Z)) - ((a.E - a.Z) * (b.E + b.Z))) / (mass * transverseMass);

        // The difference of the momenta along and across the pair's own, the former as the pair sees it.
        (double dx, double dy) = (a.X - b.X, a.Y - b.Y);
        double along = transverse > 0 ? mass / transverseMass * ((dx * pair.X) + (dy * pair.Y)) / transverse : 0;
        double across = transverse > 0 ? ((dx * pair.Y) - (dy * pair.X)) / transverse : 0;
        double length = Math.Sqrt((along * along) + (across * across));
        double cosPhi = length > 0 ? Math.Abs(along) / length : 0;
        return (transverse, Math.Abs(Math.Atanh(pair.Z / pair.E)), Math.Min(1, Math.Abs(cosTheta)), cosPhi);
    }

    private static FourMomentum Momentum(EventTable events, ParticleColumns columns, int row, double mass)
    {
        double transverse = Value(events, columns.TransverseMomentum, row);
        (double sine, double cosine) = Math.SinCos(Value(events, columns.Azimuth, row));
        double z = transverse * Math.Sinh(Value(events, columns.Pseudorapidity, row));
        return new FourMomentum(
            Math.Sqrt((transverse * transverse) + (z * z) + (mass * mass)), transverse * cosine, transverse * sine, z);
    }

    private static double Value(EventTable events, string column, int row) => events[column][row] is var value && float.IsFinite(value)
        ? value
        : throw new DataException($"Column '{column}' has no value at row {row:N0}; drop events without both particles.");

    private readonly record struct FourMomentum(double E, double X, double Y, double Z)
    {
        public static FourMomentum operator +(FourMomentum a, FourMomentum b) => new(a.E + b.E, a.X + b.X, a.Y + b.Y, a.Z + b.Z);
    }
}

/// <summary>Names of the columns that hold a particle's momentum.</summary>
/// <param name="TransverseMomentum">p_T.</param>
/// <param name="Pseudorapidity">η.</param>
/// <param name="Azimuth">φ in radians.</param>
public sealed record ParticleColumns(string TransverseMomentum, string Pseudorapidity, string Azimuth)
{
    /// <summary>The three names.</summary>
    public IReadOnlyList<string> All => [TransverseMomentum, Pseudorapidity, Azimuth];
}
