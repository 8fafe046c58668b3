using BenchmarkDotNet.Running;
using Gbi.Benchmarks;
using Gbi.Benchmarks.Diagnostics;
using Gbi.Benchmarks.Files;
using Gbi.Benchmarks.Lhco;
using Gbi.Benchmarks.Likelihoods;
using Gbi.Benchmarks.Onnx;
using Gbi.Benchmarks.Peaks;
using Gbi.Benchmarks.Posteriors;
using Gbi.Benchmarks.Posteriors.Resonances;
using Gbi.Benchmarks.Ratios;
using Gbi.Benchmarks.Searches;
using Gbi.Benchmarks.Searches.Nulls;
using Gbi.Benchmarks.Simulators;
using Gbi.Benchmarks.Trees;
using Gbi.Simulators;

switch (args)
{
    case ["t1", string folder]:
        PeerTimings.DensityRatio(folder);
        break;
    case ["t2", string folder]:
        BinnedTimings.Run(folder);
        break;
    case ["t3", string folder]:
        UnbinnedTimings.Run(folder);
        break;
    case ["t3-scaling"]:
        UnbinnedScaling.Run();
        break;
    case ["t5", string folder]:
        UnbinnedTimings.Fraction(folder);
        break;
    case ["t6", string folder]:
        PeerTimings.ParametricRatio(folder);
        break;
    case ["t1-signed", string folder]:
        SignedWeights.Run(folder);
        break;
    case ["t1-ensemble", string folder]:
        EnsembleTimings.Run(folder);
        break;
    case ["ratio-defaults", string first, string count]:
        RatioDefaultsTask.Run(Whole(first), Whole(count));
        break;
    case ["ratio-defaults", string first, string count, string of]:
        RatioDefaultsTask.Run(Whole(first), Whole(count), of);
        break;
    case ["ratio-defaults-peers", string folder, string first, string count]:
        RatioDefaultsTask.Run(Whole(first), Whole(count), of: "", folder);
        break;
    case ["ratio-defaults-export", string folder, string first, string count]:
        RatioDefaultsTask.Export(folder, Whole(first), Whole(count));
        break;
    case ["ratio-advice", string first, string count, string of]:
        RatioDefaultsTask.Advice(Whole(first), Whole(count), of);
        break;
    case ["normalisation"]:
        NormalisationTask.Run(of: "");
        break;
    case ["normalisation", string trainer]:
        NormalisationTask.Run(trainer);
        break;
    case ["onnx"]:
        OnnxTimings.Run(2_000_000);
        break;
    case ["onnx-memory", string tool]:
        OnnxTimings.Memory(tool);
        break;
    case ["onnx-gpu", string folder]:
        GpuTimings.Run(folder);
        break;
    case ["simulate"]:
        SimulationTimings.Run(10_000_000);
        break;
    case ["scaling"]:
        ScalingTimings.Run();
        break;
    case ["parquet"]:
        ParquetTimings.Run(repetitions: 15);
        break;
    case ["parquet-writers", string folder]:
        ParquetWriters.Run(folder);
        break;
    case ["parquet-flips"]:
        ParquetFlips.Run(1500, null, 0);
        break;
    case ["parquet-flips", string folder]:
        ParquetFlips.Run(1500, folder, 300);
        break;
    case ["soak"]:
        SoakTask.Run(fits: 10_000, searches: 200);
        break;
    case ["soak", string fits, string searches]:
        SoakTask.Run(Whole(fits), Whole(searches));
        break;
    case ["coverage"]:
        CoverageTask.Run(toys: 10_000, profiledDataSets: 1000);
        break;
    case ["weighted-fits"]:
        WeightedCoverageTask.Run(toys: 1000);
        break;
    case ["weighted-fits", string toys]:
        WeightedCoverageTask.Run(Whole(toys));
        break;
    case ["learnt-systematic"]:
        LearntSystematicTask.Run(dataSets: 100);
        break;
    case ["learnt-systematic", string dataSets]:
        LearntSystematicTask.Run(Whole(dataSets));
        break;
    case ["toys"]:
        CoverageTask.Speed(toys: 10_000);
        break;
    case ["closure"]:
        ClosureTask.Run(trainingCount: 500_000, testCount: 200_000);
        ClosureTask.Time(1_000_000);
        break;
    case ["sculpting"]:
        SculptingTask.Run(toys: 100, searchedToys: 20, count: 100_000);
        break;
    case ["sculpting", string toys]:
        SculptingTask.Run(Whole(toys), searchedToys: Whole(toys), count: 100_000);
        break;
    case ["family"]:
        SignalFamilyTask.Run(trainings: 5, events: 100_000, toys: 10, trees: 100, [new DijetMasses(350, 200), new DijetMasses(500, 100)]);
        break;
    case ["family", string trainings, string events, string toys, string trees, .. string[] masses]:
        SignalFamilyTask.Run(
            Whole(trainings), Whole(events), Whole(toys), Whole(trees),
            [.. masses.Select(Whole).Chunk(2).Select(pair => new DijetMasses(pair[0], pair[1]))]);
        break;
    case ["lhco", string data]:
        SupervisedSearch.Run(data);
        break;
    case ["lhco-export", string data, string target]:
        LhcoEvents.Read(data).Export(target, WeakSearch.Splits);
        break;
    case ["lhco-weak", string data]:
        WeakSearch.RunTargets(LhcoEvents.Read(data));
        break;
    case ["lhco-strengths", string data]:
        WeakSearch.RunStrengths(LhcoEvents.Read(data));
        break;
    case ["weak-masses"]:
        WeakSearch.RunMasses();
        break;
    case ["lhco-injection", string data]:
        LhcoInjection.Halves(data, draws: 50);
        break;
    case ["lhco-injection", string data, string draws]:
        LhcoInjection.Halves(data, Whole(draws));
        break;
    case ["lhco-sidebands", string data]:
        LhcoInjection.Sidebands(data, draws: 50);
        break;
    case ["lhco-sidebands", string data, string draws]:
        LhcoInjection.Sidebands(data, Whole(draws));
        break;
    case ["search-toys"]:
        SearchToys.Run(toys: 300);
        break;
    case ["nulls", string kind, string sets, string folder, .. string[] names]:
        NullStudy.Run(NullStudies.Of(kind, names), Whole(sets), folder);
        break;
    case ["hunt"]:
        HuntTask.Run(dataSets: 200, toys: 200);
        break;
    case ["hunt", string dataSets, string calibrating]:
        HuntTask.Run(
            int.Parse(dataSets, System.Globalization.CultureInfo.InvariantCulture),
            int.Parse(calibrating, System.Globalization.CultureInfo.InvariantCulture));
        break;
    case ["peak-samples", string folder]:
        PeakStudy.Write(folder);
        break;
    case ["peak", string features, string dataSets, string first]:
        PeakStudy.Run(features, Whole(dataSets), Whole(first));
        break;
    case ["spectra"]:
        SpectrumTask.Run(dataSets: 200);
        break;
    case ["spectra", string dataSets]:
        SpectrumTask.Run(Whole(dataSets));
        break;
    case ["spectra", string dataSets, string name]:
        SpectrumTask.Run(Whole(dataSets), name);
        break;
    case ["posterior-tests"]:
        PosteriorTestsTask.Run(pairCount: 1000, repetitions: 20, observations: 200);
        break;
    case ["posterior-tests", string pairs, string repetitions, string observations]:
        PosteriorTestsTask.Run(Whole(pairs), Whole(repetitions), Whole(observations));
        break;
    case ["posteriors", string simulations, string seed, string data, string output, .. string[] tasks]:
        TreePosteriorTask.Run(Whole(simulations), Whole(seed), data, output, tasks);
        break;
    case ["posterior-simulations", string simulations, string seed, string output, .. string[] tasks]:
        NetworkPosteriorTask.Write(Whole(simulations), Whole(seed), output, tasks);
        break;
    case ["network-posterior", string task, string model, string data]:
        NetworkPosteriorTask.Run(task, model, data);
        break;
    case ["resonance-posterior", string simulations, string samples, string seed]:
        ResonanceTask.Run(Whole(simulations), Whole(samples), Whole(seed));
        break;
    case ["posterior-corrections", string simulations, string seed, string data, string output, .. string[] tasks]:
        CorrectionTask.Run(Whole(simulations), Whole(seed), data, output, tasks);
        break;
    case ["ratio-posteriors", string loss, string contrast, string simulations, string seed, string data, string output, .. string[] tasks]:
        RatioPosteriorTask.Run(loss, contrast, (Whole(simulations), Whole(seed)), data, output, tasks);
        break;
    case ["posterior-rounds", string rounds, string simulations, "plain" or "corrected", string data, string output, .. string[] tasks]:
        RoundsTask.Run(Whole(rounds), Whole(simulations), args[3] == "corrected", data, output, tasks);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}

static int Whole(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
