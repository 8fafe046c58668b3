namespace Gbi.Simulators;

/// <summary>The two jets of an event: masses in TeV and subjettiness ratios, lighter jet first.</summary>
internal readonly record struct DijetJets(double LightMass, double HeavyMass, double LightTau21, double HeavyTau21)
{
    /// <summary>The same two jets with the lighter one first.</summary>
    public DijetJets Ordered() => LightMass <= HeavyMass ? this : new(HeavyMass, LightMass, HeavyTau21, LightTau21);

    /// <summary>The jets as a shifted detector sees them: masses m s (1 + r n), ratios moved, n standard normal.</summary>
    /// <remarks>A mass that the smearing takes below 0 is 0.</remarks>
    public DijetJets Measured(DijetSimulation detector, (double First, double Second) normal) => new DijetJets(
        Mass(LightMass, normal.First, detector),
        Mass(HeavyMass, normal.Second, detector),
        Math.Clamp(LightTau21 + detector.Tau21Shift, 0, 1),
        Math.Clamp(HeavyTau21 + detector.Tau21Shift, 0, 1)).Ordered();

    private static double Mass(double mass, double normal, DijetSimulation detector) =>
        mass * detector.JetMassScale * Math.Max(0, 1 + (detector.JetMassResolution * normal));
}
