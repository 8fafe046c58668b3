using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Searches;
using Gbi.Searches.Options;
using Gbi.Simulators;
using Gbi.Tests.Inference.MixtureFraction;
using Gbi.Trees;

namespace Gbi.Tests.Soak;

/// <summary>Whole analyses on little data, to be run many times: each makes its own model and likelihood, and drops them.</summary>
internal static class SoakRounds
{
    private static readonly Seed Seed = new(18);
    private static readonly EventTable Signal = DijetSimulator.Signal(1000, Seed.Child("signal"));
    private static readonly TreeOptions Trees = new() { TreeCount = 2, LeafCount = 4, MinLeafHessian = 10, L2 = 10 };

    /// <summary>A fit of an unbinned likelihood of 2000 events with its interval: μ̂ and both ends.</summary>
    public static (double Value, double Lower, double Upper) Fit(int round)
    {
        LikelihoodModel model = MixtureToys.Model(hasNuisances: true, reference: MixtureToys.Reference(500, Seed.Child("reference")));
        ModelData data = MixtureToys.Draw(model, [0.2, 0, 0], Seed.Child("fit"), round % 20);
        var fits = ProfileLikelihood.Of(new Likelihood(model, data));
        ConfidenceInterval interval = ProfileInterval.Of(fits);
        return (fits.MuHat, interval.Lower, interval.Upper);
    }

    /// <summary>A search in 3000 events, background generator and ratio learnt anew: its signal fraction.</summary>
    public static double Search(int round)
    {
        EventTable data = DijetSimulator.Data(3000, 0.05, Seed.Child("search").Child(round % 20));
        return ResonanceSearch.Run(data, Signal, DijetDemo.SearchOptions(Seed) with
        {
            LearnsAnomaly = false,
            RunsChecks = false,
            Background = new ReweightedSidebands
            {
                Generator = new SidebandGeneratorOptions { FoldCount = 2, MemberCount = 1, Trees = Trees },
            },
            Signal = new RatioOptions { FoldCount = 2, MemberCount = 1, Trees = Trees },
        }).Result.SignalFraction.Value;
    }
}
