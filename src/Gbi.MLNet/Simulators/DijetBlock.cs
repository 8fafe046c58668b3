using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Simulators;

/// <summary>
/// Consecutive events under way. Every number of an event belongs to its index and the seed, so that neither blocks nor threads change it.
/// </summary>
internal sealed class DijetBlock
{
    /// <summary>Lowest transverse momentum of the leading jet, in TeV, that the selection of the data asks for.</summary>
    private const double LowestMomentum = 1.2;

    private readonly DijetSimulation _simulation;
    private readonly Seed _jets;
    private readonly Seed _smearing;
    private readonly Seed _angles;
    private readonly Seed _points;
    private readonly long _first;
    private readonly float[][] _columns;

    /// <param name="simulation">What is simulated.</param>
    /// <param name="seed">Origin of the events' numbers.</param>
    /// <param name="first">Index of the first event.</param>
    /// <param name="count">Number of events.</param>
    public DijetBlock(DijetSimulation simulation, Seed seed, long first, int count)
    {
        _simulation = simulation;
        _jets = seed.Child("jets");
        _smearing = seed.Child("smearing");
        _angles = seed.Child("angles");
        _points = seed.Child("points");
        _first = first;
        _columns = [.. DijetSimulator.ColumnsOf(simulation).Select(_ => new float[count])];
    }

    private bool HasMasses => _simulation.SignalMasses is not null;

    /// <summary>Fills one background event.</summary>
    public void SetBackground(int row, double mass)
    {
        DijetJets jets = DijetBackground.Draw(mass, _simulation.MassDrift, _jets, _first + row);
        Set(row, mass, jets, label: 0, new DijetMasses(double.NaN, double.NaN));
    }

    /// <summary>Fills one signal event.</summary>
    /// <param name="row">Its number in the block.</param>
    /// <param name="massScore">Normal score of its dijet mass.</param>
    /// <param name="lowestMass">Masses below it, the far tail, are set to it.</param>
    public void SetSignal(int row, double massScore, double lowestMass)
    {
        DijetMasses masses = _simulation.SignalMasses is { } points
            ? points[_points.Below(points.Count, _first + row)]
            : DijetSignal.Reference;
        double mass = Math.Clamp(DijetSignal.MassAt(massScore, _simulation.ResonanceMass), lowestMass, DijetSimulator.HighestMass);
        Set(row, mass, DijetSignal.Draw(massScore, masses, _jets, _first + row), label: 1, masses);
    }

    /// <summary>The events as a table.</summary>
    public EventTable ToTable() => EventTable.FromColumns(
        [.. DijetSimulator.ColumnsOf(_simulation).Select((name, column) => (name, _columns[column]))]);

    private void Set(int row, double mass, DijetJets jets, float label, DijetMasses masses)
    {
        long index = _first + row;
        DijetJets seen = jets.Measured(_simulation, _simulation.JetMassResolution > 0 ? _smearing.NormalPair(2 * index) : default);
        int column = 0;
        _columns[column++][row] = (float)Measured(mass, index);
        _columns[column++][row] = (float)seen.LightMass;
        _columns[column++][row] = (float)(seen.HeavyMass - seen.LightMass);
        _columns[column++][row] = (float)seen.LightTau21;
        _columns[column++][row] = (float)seen.HeavyTau21;
        if (_simulation.HasHeavyMass)
        {
            _columns[column++][row] = (float)seen.HeavyMass;
        }

        if (_simulation.HasAngle)
        {
            _columns[column++][row] = (float)Angle(mass, _angles.Uniform(index));
        }

        _columns[column++][row] = label;
        if (HasMasses)
        {
            _columns[column++][row] = (float)masses.X;
            _columns[column][row] = (float)masses.Y;
        }
    }

    private double Measured(double mass, long index)
    {
        double smearing = _simulation.DijetMassResolution > 0 ? _smearing.NormalPair((2 * index) + 1).First : 0;
        return mass * _simulation.DijetMassScale * (1 + (_simulation.DijetMassResolution * smearing));
    }

    /// <summary>
    /// ΔR = √(π² + Δη²) of back-to-back jets, Δη = 2 artanh c, with c = |cos θ*| uniform up to where p_T = (m/2) √(1 − c²) falls to 1.2
    /// TeV.
    /// </summary>
    private static double Angle(double mass, double uniform)
    {
        double ratio = Math.Min(1, 2 * LowestMomentum / mass);
        double separation = 2 * Math.Atanh(uniform * Math.Sqrt(1 - (ratio * ratio)));
        return Math.Sqrt((Math.PI * Math.PI) + (separation * separation));
    }
}
