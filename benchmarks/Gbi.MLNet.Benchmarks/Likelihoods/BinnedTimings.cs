using System.Runtime.InteropServices;
using System.Text.Json;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Inference.Toys;
using Gbi.Likelihoods;
using Gbi.Likelihoods.HistFactory;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Benchmarks.Likelihoods;

/// <summary>Task t2: fits, tests, limits and toys of two HistFactory workspaces; the folder holds the shared task's files.</summary>
internal static class BinnedTimings
{
    private const int Repetitions = 25;

    /// <summary>Times everything, one line of JSON; medians.</summary>
    public static void Run(string folder)
    {
        Workspace plain = Workspace.Parse(File.ReadAllText(Path.Combine(folder, "workspace.json")));
        Workspace withStatistics = Workspace.Parse(File.ReadAllText(Path.Combine(folder, "workspace_staterror.json")));
        LikelihoodModel model = plain.Model();
        ModelData[] toys = [.. MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(Path.Combine(folder, "toys.f64"))).ToArray().Chunk(62)
            .Select(row => new ObservedData { Counts = row[..model.BinCount], Auxiliary = row[model.BinCount..] })];

        // What a peer compiled long ago is compiled here in the first second.
        for (int round = 0; round < 5; round++)
        {
            ToyFits.Of(model, 0, toys.Length, number => toys[number], mu: 1);
            Test(withStatistics).UpperLimits();
            Thread.Sleep(200);
        }

        ToyFits fits = null!;
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            threads = EventBlocks.MaxThreads,
            build_s = Median(() => Test(plain)),
            fit_s = Median(() => Test(plain).Observed.Fit(), () => Test(plain)),
            hypotest_s = Median(() => Test(plain).Test(1), () => Test(plain)),
            limits_s = Median(() => Test(plain).UpperLimits(), () => Test(plain)),
            toys_s = Median(() => fits = ToyFits.Of(model, 0, toys.Length, number => toys[number], mu: 1)),
            toys_failed = fits.FailureCount,
            toys_both_fits_one_thread_s = Median(() => BothFits(model, toys)),
            staterror_fit_s = Median(() => Test(withStatistics).Observed.Fit(), () => Test(withStatistics)),
            staterror_hypotest_s = Median(() => Test(withStatistics).Test(1), () => Test(withStatistics)),
            staterror_limits_s = Median(() => Test(withStatistics).UpperLimits(), () => Test(withStatistics)),
        }));
    }

    /// <summary>Both fits of every toy: q̃ itself needs no second one where μ̂ lies above μ.</summary>
    private static void BothFits(LikelihoodModel model, ModelData[] toys)
    {
        var likelihood = new Likelihood(model, toys[0]);
        var fits = ProfileLikelihood.Of(likelihood);
        double[] start = model.InitialParameters;
        foreach (ModelData toy in toys)
        {
            likelihood.SetData(toy);
            fits.Restart(start);
            fits.TMu(1);
        }
    }

    private static StrengthTest Test(Workspace workspace)
    {
        LikelihoodModel model = workspace.Model();
        return new StrengthTest(model, workspace.Data(model));
    }

    /// <summary>Median time of work, less that of what the peer's figure leaves out: building the model.</summary>
    private static double Median(Action work, Action? leftOut = null)
    {
        double[] seconds = new double[Repetitions];
        double[] aside = new double[Repetitions];
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            seconds[repetition] = PeerTimings.Seconds(work);
            aside[repetition] = leftOut is null ? 0 : PeerTimings.Seconds(leftOut);
        }

        Array.Sort(seconds);
        Array.Sort(aside);
        return seconds[Repetitions / 2] - aside[Repetitions / 2];
    }
}
