using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios.Families;
using Gbi.Searches.Options;
using Gbi.Simulators;
using Gbi.Trees;

namespace Gbi.Benchmarks.Searches.Nulls;

/// <summary>
/// The tutorial's search for a family of signals, X and Y of 50 to 600 GeV, in 60,000 simulated dijets: without signal, and with 600 events
/// of X and Y of 400 and 150 GeV.
/// </summary>
internal static class FamilyNulls
{
    private const int Count = 60_000;
    private const int SignalCount = 40_000;
    private const int Injected = 600;
    private const string HeavyMass = "mj2";

    private static readonly TreeOptions FamilyTrees = new() { TreeCount = 50, LeafCount = 32, MinLeafHessian = 20, L2 = 10 };

    private static readonly ResonanceSearchOptions Search = new()
    {
        Schema = new EventSchema { Features = ["mj1", HeavyMass, "tau21_j1", "tau21_j2"], Mass = DijetSimulator.Mass },
        Window = new MassWindow(3.3, 3.7, 2.9, 4.3),
        LearnsAnomaly = false,
        Family = new FamilySearchOptions
        {
            Parameters = [DijetSimulator.MassX, DijetSimulator.MassY],
            Training = new SignalFamilyOptions
            {
                IsInterchangeable = true,
                HalfWidth = 0.05,
                Trees = FamilyTrees,
                Aligned =
                [
                    new AlignedFeature(HeavyMass, DijetSimulator.MassX),
                    new AlignedFeature("mj1", DijetSimulator.MassY),
                ],
            },
        },
    };

    public static IReadOnlyList<NullStudy> All { get; } = [Of("family, no signal", 0), Of("family, 600 signal events", Injected)];

    private static NullStudy Of(string name, int signal) => new(name, (_, seed) =>
    {
        EventTable background = WithHeavyMass(DijetSimulator.Background(Count - signal, seed.Child("events")));
        EventTable injected = Signals(signal, [new DijetMasses(400, 150)], seed.Child("signal")).WithColumns(background.ColumnNames);
        EventTable data = background.Append(injected);
        return new NullData(data, Search)
        {
            Signal = Signals(SignalCount, DijetMasses.Draw(SignalCount / 10, seed.Child("points")), seed.Child("family")),
            TrueFraction = (double)InRegion(injected) / InRegion(data),
        };
    });

    private static EventTable Signals(int count, IReadOnlyList<DijetMasses> masses, Seed seed) =>
        WithHeavyMass(DijetSimulator.Signal(count, seed, new DijetSimulation { SignalMasses = masses }));

    private static int InRegion(EventTable events) => Search.Window.Rows(events[DijetSimulator.Mass], MassRegion.SignalRegion).Length;

    private static EventTable WithHeavyMass(EventTable events)
    {
        float[] light = events["mj1"].ToArray();
        float[] difference = events["delta_mj"].ToArray();
        return events.WithColumn(HeavyMass, light.Zip(difference, (first, second) => first + second).ToArray());
    }
}
