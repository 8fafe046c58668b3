using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Generators;

/// <summary>Generates weighted events at given masses: a simulator, or a model learnt from data.</summary>
public interface IEventGenerator
{
    /// <summary>Names of the features that generated events carry.</summary>
    IReadOnlyList<string> Features { get; }

    /// <summary>One event for each mass, with the weight that makes the events follow p(x | m).</summary>
    /// <param name="masses">In the unit of the generator's training sample.</param>
    /// <param name="seed">Same seed, same events.</param>
    EventTable Generate(ReadOnlySpan<float> masses, Seed seed);
}
