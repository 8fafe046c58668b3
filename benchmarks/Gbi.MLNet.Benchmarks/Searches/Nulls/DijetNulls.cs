using Gbi.Events;
using Gbi.Generators;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Searches.Options;
using Gbi.Simulators;

namespace Gbi.Benchmarks.Searches.Nulls;

/// <summary>100,000 simulated dijets, signal region 3.3 to 3.7 TeV, with sidebands to the lowest and highest mass or of 0.2 TeV.</summary>
internal static class DijetNulls
{
    private const int Count = 100_000;

    private static readonly ResonanceSearchOptions Wide = new()
    {
        Schema = new EventSchema { Features = ["mj1", "delta_mj", "tau21_j1", "tau21_j2"], Mass = DijetSimulator.Mass },
        Window = new MassWindow(3.3, 3.7),
        Spectrum = new MassSpectrumOptions { Shape = SpectrumShape.Automatic, CollisionEnergy = DijetSimulator.CollisionEnergy },
    };

    private static readonly ResonanceSearchOptions Narrow = Wide with { Window = new MassWindow(3.3, 3.7, 3.1, 3.9) };

    /// <summary>A simulation whose jets are 3 % too heavy, whose ratios are .01 too large and whose features drift too little.</summary>
    private static readonly DijetSimulation WrongSimulation = new() { JetMassScale = 1.03, Tau21Shift = 0.01, MassDrift = 0.5 };

    public static IReadOnlyList<NullStudy> All { get; } =
    [
        new("dijets, wide", (_, seed) => new NullData(Data(seed), Wide)),
        new("dijets, narrow", (_, seed) => new NullData(Data(seed), Narrow)),
        Simulated("dijets, wide, right simulation", Wide, new DijetSimulation()),
        Simulated("dijets, wide, wrong simulation", Wide, WrongSimulation),
        Simulated("dijets, narrow, right simulation", Narrow, new DijetSimulation()),
        Simulated("dijets, narrow, wrong simulation", Narrow, WrongSimulation),
        Generated("dijets, wide, right generator", Wide, new DijetSimulation()),
        Generated("dijets, wide, wrong generator", Wide, WrongSimulation),
        Generated("dijets, narrow, right generator", Narrow, new DijetSimulation()),
        Generated("dijets, narrow, wrong generator", Narrow, WrongSimulation),
    ];

    private static EventTable Data(Seed seed) => DijetSimulator.Background(Count, seed.Child("events"));

    private static NullStudy Simulated(string name, ResonanceSearchOptions search, DijetSimulation simulation) =>
        new(name, (_, seed) => new NullData(Data(seed), search with
        {
            Background = new ReweightedSimulation(DijetSimulator.Background(2 * Count, seed.Child("simulation"), simulation: simulation)),
        }));

    private static NullStudy Generated(string name, ResonanceSearchOptions search, DijetSimulation simulation) =>
        new(name, (_, seed) => new NullData(
            Data(seed), search with { Background = new GeneratedBackground(new DijetGenerator(simulation)) }));

    /// <summary>Jets of simulated background at given masses.</summary>
    private sealed class DijetGenerator(DijetSimulation simulation) : IEventGenerator
    {
        public IReadOnlyList<string> Features { get; } = ["mj1", "delta_mj", "tau21_j1", "tau21_j2"];

        public EventTable Generate(ReadOnlySpan<float> masses, Seed seed)
        {
            var block = new DijetBlock(simulation, seed, first: 0, masses.Length);
            for (int row = 0; row < masses.Length; row++)
            {
                block.SetBackground(row, masses[row]);
            }

            return block.ToTable().WithColumns(Features);
        }
    }
}
