using BenchmarkDotNet.Attributes;
using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Searches;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Simulators;

namespace Gbi.Benchmarks.Searches;

/// <summary>A whole resonance search with its default settings on 100,000 simulated events.</summary>
[SimpleJob(launchCount: 1, warmupCount: 1, iterationCount: 3)]
[MemoryDiagnoser]
public class SearchBenchmarks
{
    private EventTable _data = null!;
    private EventTable _signal = null!;

    [GlobalSetup]
    public void Setup()
    {
        _data = DijetSimulator.Data(100_000, 0.005, new Seed(1));
        _signal = DijetSimulator.Signal(50_000, new Seed(2));
    }

    [Benchmark]
    public ResonanceSearchResult Search() => ResonanceSearch.Run(_data, _signal, new ResonanceSearchOptions
    {
        Schema = new EventSchema { Features = new DijetSimulator().Features, Mass = DijetSimulator.Mass },
        Window = new MassWindow(3.3, 3.7),
        Spectrum = new MassSpectrumOptions { Shape = SpectrumShape.Dijet, CollisionEnergy = DijetSimulator.CollisionEnergy },
    }).Result;
}
