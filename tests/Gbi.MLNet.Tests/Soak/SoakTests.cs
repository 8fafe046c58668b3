using System.Runtime.CompilerServices;
using Gbi.Likelihoods;
using Gbi.Numerics;
using Gbi.Onnx.Models;
using Gbi.Tests.Inference.MixtureFraction;
using Gbi.Tests.Onnx;

namespace Gbi.Tests.Soak;

/// <summary>Analyses that are repeated keep neither memory nor handles. `benchmarks soak` repeats them 10,000 times.</summary>
[TestFixture, NonParallelizable]
internal sealed class SoakTests
{
    [Test]
    public void Repeated_fits_and_searches_keep_neither_memory_nor_handles()
    {
        Repeat(fits: 40, searches: 2);
        ProcessLevel before = ProcessLevel.Now();
        Repeat(fits: 300, searches: 3);
        ProcessLevel after = ProcessLevel.Now();
        // The second limit is for a heap that other tests have filled: with a leak of 10 kB a fit it is passed three times over.
        Assert.That(after.HeapBytes, Is.LessThan(1.05 * before.HeapBytes).And.LessThan(before.HeapBytes + 1_000_000));
        Assert.That(after.Handles, Is.LessThanOrEqualTo(before.Handles + 2));
    }

    [Test]
    public void A_model_is_collected_when_its_likelihood_is_dropped()
    {
        WeakReference model = Evaluated();
        ProcessLevel.Now();
        Assert.That(model.IsAlive, Is.False);
    }

    [Test]
    public void A_network_is_collected_when_it_has_been_used_and_closed()
    {
        WeakReference ratio = Scored();
        ProcessLevel.Now();
        Assert.That(ratio.IsAlive, Is.False);
    }

    private static void Repeat(int fits, int searches)
    {
        for (int round = 0; round < fits; round++)
        {
            SoakRounds.Fit(round);
        }

        for (int round = 0; round < searches; round++)
        {
            SoakRounds.Search(round);
        }
    }

    // Apart, so that no frame of the test refers to what must be collected.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Evaluated()
    {
        LikelihoodModel model = MixtureToys.Model(hasNuisances: true);
        var likelihood = new Likelihood(model, MixtureToys.Draw(model, [0.2, 0, 0], new Seed(1), 0));
        Assert.That(likelihood.Evaluate([0.2, 0, 0], new double[3], new double[9]), Is.Not.NaN);
        return new WeakReference(model);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Scored()
    {
        byte[] network = NetworkFile.Linear("x,noise", [[2, -1], [1, 0]], [0.5f, 0]).ToBytes();
        using var ratio = OnnxRatio.Open(network);
        Assert.That(ratio.Score(TwoGaussians.Numerator(1000, 1)).LogRatio.ToArray(), Has.All.Not.NaN);
        return new WeakReference(ratio);
    }
}
