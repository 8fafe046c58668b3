using BenchmarkDotNet.Attributes;
using Gbi.Benchmarks.Ratios;
using Gbi.Trees.Model;

namespace Gbi.Benchmarks.Trees;

/// <summary>Trees on a million events of ten features.</summary>
[SimpleJob(launchCount: 1, warmupCount: 1, iterationCount: 3)]
[MemoryDiagnoser]
public class TreeBenchmarks
{
    private const int Count = 1_000_000;

    private DensityRatioTask _task = null!;
    private TreeEnsemble _trees = null!;

    [GlobalSetup]
    public void Setup()
    {
        _task = DensityRatioTask.Generate(Count, testCount: 1000);
        _trees = _task.Fit();
    }

    [Benchmark]
    public TreeEnsemble Fit() => _task.Fit();

    [Benchmark]
    public float[] Predict() => _trees.Predict(_task.Training);
}
