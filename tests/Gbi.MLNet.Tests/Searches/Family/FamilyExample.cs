using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios.Families;
using Gbi.Searches.Options;
using Gbi.Trees;

namespace Gbi.Tests.Searches.Family;

/// <summary>
/// The Gaussian family in a mass spectrum: a feature N(θ, 1) at masses N(3.5, 0.15) over N(0, 3²) at uniform masses, which does not depend
/// on the mass.
/// </summary>
internal static class FamilyExample
{
    public const int BackgroundCount = 40_000;
    public const int SignalCount = 1200;
    public const double Theta = 1.2;

    public static readonly ResonanceSearchOptions Settings = new()
    {
        Schema = new EventSchema { Features = GaussianFamily.Features, Mass = "m" },
        Window = new MassWindow(3.3, 3.7, 2.8, 4.2),
        Background = new PlainSidebands(),
        LearnsAnomaly = false,
        RunsChecks = false,
        Family = new FamilySearchOptions
        {
            Parameters = [GaussianFamily.Parameter],
            Training = new SignalFamilyOptions
            {
                IsLogarithmic = false,
                HalfWidth = 0.25,
                Aligned = [new AlignedFeature("x", GaussianFamily.Parameter)],
                Trees = new TreeOptions { TreeCount = 60, LeafCount = 8, MinLeafHessian = 20, L2 = 1 },
            },
        },
        Seed = new Seed(2),
    };

    public static readonly EventTable Sample = WithMass(GaussianFamily.Signal(40_000, new Seed(3)), isSignal: true, new Seed(4));

    public static readonly EventTable Data = DataOf(SignalCount, new Seed(5));

    public static EventTable DataOf(int signal, Seed seed)
    {
        EventTable background = WithMass(GaussianFamily.Background(BackgroundCount, seed.Child("b")), isSignal: false, seed.Child("bm"));
        EventTable events = WithMass(GaussianFamily.SignalAt(signal, Theta, seed.Child("s")), isSignal: true, seed.Child("sm"));
        return background.Append(events);
    }

    private static EventTable WithMass(EventTable events, bool isSignal, Seed seed)
    {
        Random random = seed.CreateRandom();
        float[] masses =
        [
            .. Enumerable.Range(0, events.Count)
                .Select(_ => (float)(isSignal ? random.NextNormal(3.5, 0.15) : 2.8 + (1.4 * random.NextDouble())))
        ];
        return events.WithColumn("m", masses).WithColumn("label", Enumerable.Repeat(isSignal ? 1f : 0f, events.Count).ToArray());
    }
}
