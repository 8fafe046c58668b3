using Gbi.Numerics;

namespace Gbi.Simulators;

/// <summary>
/// Masses of the two particles X and Y that the resonance decays to, in GeV. They are interchangeable: jets are ordered by their own mass.
/// </summary>
/// <param name="X">Mass of X. Range: [50, 600].</param>
/// <param name="Y">Mass of Y. Range: [50, 600].</param>
public readonly record struct DijetMasses(double X, double Y)
{
    /// <summary>Lowest mass of the family, in GeV.</summary>
    public const double Lowest = 50;

    /// <summary>Highest mass of the family, in GeV.</summary>
    public const double Highest = 600;

    /// <summary>Points drawn uniformly from the square of both masses.</summary>
    public static IReadOnlyList<DijetMasses> Draw(int count, Seed seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return [.. Enumerable.Range(0, count).Select(point => new DijetMasses(
            Lowest + ((Highest - Lowest) * seed.Uniform(2L * point)),
            Lowest + ((Highest - Lowest) * seed.Uniform((2L * point) + 1))))];
    }

    internal bool IsInFamily => X is >= Lowest and <= Highest && Y is >= Lowest and <= Highest;
}

/// <summary>The mass spectra of a <see cref="DijetSimulation"/>.</summary>
public enum DijetSpectrum
{
    /// <summary>
    /// (1−y)^13.9 y^0.58, y = m/13 TeV: falls from the lowest mass on, and a dijet function of three parameters describes it exactly. From
    /// 2.7 to 6 TeV within 13 % of the counts of LHC Olympics events, to which it is fitted.
    /// </summary>
    Falling,

    /// <summary>
    /// (1−y)^−4.06 y^−(22.46 + 6.194 ln y) Φ((m − 2.400 TeV)/0.1317 TeV): with the turn-on of the selection, from 2 TeV on; χ² = 16.5 for 8
    /// degrees of freedom against counts of LHC Olympics events.
    /// </summary>
    WithTurnOn,
}

/// <summary>Options of a <see cref="DijetSimulator"/>. The defaults are the shapes of the LHC Olympics 2020 R&amp;D data.</summary>
public sealed record DijetSimulation
{
    /// <summary>The background's mass spectrum.</summary>
    public DijetSpectrum Spectrum { get; init; } = DijetSpectrum.Falling;

    /// <summary>Lowest simulated dijet mass, in TeV, before nuisance shifts.</summary>
    public double LowestMass => Spectrum == DijetSpectrum.WithTurnOn ? 2 : DijetSimulator.LowestMass;

    /// <summary>
    /// How much the background's features drift with the mass, in units of the drift in LHC Olympics data, where the normal scores of mj1,
    /// delta_mj, tau21_j1 and tau21_j2 move by 0.38, 0.26, −0.18 and −0.16 for each unit of ln m. Finite.
    /// </summary>
    public double MassDrift
    {
        get;
        init => field = double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(MassDrift), value, "MassDrift must be a finite number: it multiplies the drift of the features with the mass.");
    } = 1;

    /// <summary>Mass of the resonance, in TeV. Range: [2.6, 8].</summary>
    public double ResonanceMass
    {
        get;
        init =>
            field = value is >= DijetSimulator.LowestMass and <= DijetSimulator.HighestMass ? value : throw new ArgumentOutOfRangeException(
            nameof(ResonanceMass), value, "ResonanceMass must be from 2.6 to 8 TeV, where dijets are simulated.");
    } = 3.5;

    /// <summary>
    /// Points of the signal family; every signal event takes one of them at random, and columns mx and my (GeV) name it, missing for
    /// background. Null: X = 500 GeV, Y = 100 GeV and no such columns.
    /// </summary>
    public IReadOnlyList<DijetMasses>? SignalMasses
    {
        get;
        init =>
            field = value is null || (value.Count > 0 && value.All(masses => masses.IsInFamily))
                ? value
                : throw new ArgumentOutOfRangeException(
            nameof(SignalMasses), "SignalMasses must hold one point or more, with both masses from 50 to 600 GeV.");
    }

    /// <summary>Whether events carry mj2, the mass of the heavier jet, which is mj1 + delta_mj.</summary>
    public bool HasHeavyMass { get; init; }

    /// <summary>Whether events carry delta_r, the angle ΔR between the jets, which follows the mass closely.</summary>
    public bool HasAngle { get; init; }

    /// <summary>Factor on the masses of both jets. Range: (0, ∞).</summary>
    public double JetMassScale
    {
        get;
        init => field = RequireScale(value, nameof(JetMassScale));
    } = 1;

    /// <summary>Relative Gaussian smearing of each jet's mass on top of the detector that made the reference events. Range: [0,
    /// ∞).</summary>
    public double JetMassResolution
    {
        get;
        init => field = RequireResolution(value, nameof(JetMassResolution));
    }

    /// <summary>Factor on the dijet mass. Range: (0, ∞).</summary>
    public double DijetMassScale
    {
        get;
        init => field = RequireScale(value, nameof(DijetMassScale));
    } = 1;

    /// <summary>Relative Gaussian smearing of the dijet mass on top of the detector that made the reference events. Range: [0,
    /// ∞).</summary>
    public double DijetMassResolution
    {
        get;
        init => field = RequireResolution(value, nameof(DijetMassResolution));
    }

    /// <summary>Added to both subjettiness ratios, which stay in [0, 1]. Range: [−1, 1].</summary>
    public double Tau21Shift
    {
        get;
        init => field = value is >= -1 and <= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(Tau21Shift), value, "Tau21Shift must be from -1 to 1: it is added to ratios between 0 and 1.");
    }

    private static double RequireScale(double value, string name) => double.IsFinite(value) && value > 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be above 0 and finite: it multiplies masses.");

    private static double RequireResolution(double value, string name) => double.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more and finite: it is a relative width.");
}
