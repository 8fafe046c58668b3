using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Numerics;

namespace Gbi.Simulators;

/// <summary>
/// Signal and background in random order, exact in number. Event i is signal with probability (signal left)/(events left), which gives
/// every order the same chance without a permutation of all events in memory.
/// </summary>
/// <remarks>Selection sampling: Fan, Muller and Rezucha, J. Am. Stat. Assoc. 57 (1962) 387.</remarks>
internal sealed class DijetMixture(int count, int signalCount, DijetSimulation simulation, Seed seed)
{
    private readonly Seed _order = seed.Child("order");
    private readonly Seed _masses = seed.Child("mass");
    private readonly TabulatedSpectrum _spectrum = DijetSimulator.SpectrumOf(simulation, simulation.LowestMass, DijetSimulator.HighestMass);

    /// <summary>All events, a block at a time.</summary>
    public IEnumerable<EventTable> Blocks(int blockSize, CancellationToken cancellation)
    {
        int left = signalCount;
        for (int first = 0; first < count; first += Math.Min(blockSize, count - first))
        {
            bool[] isSignal = new bool[Math.Min(blockSize, count - first)];
            for (int row = 0; row < isSignal.Length; row++)
            {
                isSignal[row] = _order.Below(count - first - row, first + row) < left;
                left -= isSignal[row] ? 1 : 0;
            }

            yield return Fill(first, isSignal, cancellation);
        }
    }

    private EventTable Fill(int first, bool[] isSignal, CancellationToken cancellation)
    {
        var block = new DijetBlock(simulation, seed, first, isSignal.Length);
        EventBlocks.ForEach(isSignal.Length, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                if (isSignal[row])
                {
                    block.SetSignal(row, _masses.NormalPair(first + row).First, simulation.LowestMass);
                }
                else
                {
                    block.SetBackground(row, _spectrum.Quantile(_masses.Uniform(first + row)));
                }
            }
        }, cancellation: cancellation);
        return block.ToTable();
    }
}
