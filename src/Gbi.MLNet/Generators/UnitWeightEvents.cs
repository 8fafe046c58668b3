using Gbi.Events;
using Gbi.Numerics;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Generators;

/// <summary>Events of weight 1 from a generator of weighted events, by acceptance and rejection.</summary>
internal static class UnitWeightEvents
{
    private const int PilotCount = 4096;
    private const double Margin = 1.5;
    private const int MostRounds = 500;

    /// <summary>
    /// One event for each mass. A weight w is accepted with the probability w/M, M = 1.5 times the largest of 4,096 events at masses among
    /// them, until every mass has an event; weights above M, which are rare, count as M.
    /// </summary>
    /// <param name="generator">Weights are 0 or more.</param>
    /// <param name="masses">In the unit of the generator's training sample.</param>
    /// <param name="seed">Same seed, same events.</param>
    /// <exception cref="DataException">Weights are so uneven that most events are still missing after 500 rounds.</exception>
    public static EventTable Draw(IEventGenerator generator, ReadOnlySpan<float> masses, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(generator);
        int count = masses.Length;
        float[][] columns = [.. generator.Features.Select(_ => new float[count])];
        double largest = count == 0 ? 1 : Margin * LargestWeight(generator, masses, seed.Child("pilot"));
        int[] missing = [.. Enumerable.Range(0, count)];
        for (int round = 0; missing.Length > 0; round++)
        {
            if (round == MostRounds)
            {
                throw new DataException(Text(
                    $"{missing.Length:N0} of {count:N0} events of a toy found no features in {MostRounds} draws: the generator's weights "
                        + $"reach {largest / Margin:G3} times their mean; leave out features that follow the mass."));
            }

            missing = Fill(generator, masses, missing, largest, columns, seed.Child(round));
        }

        return EventTable.FromColumns([.. generator.Features.Zip(columns)]);
    }

    /// <summary>Draws features at the masses that have none; returns those that still have none.</summary>
    private static int[] Fill(
        IEventGenerator generator, ReadOnlySpan<float> masses, int[] missing, double largest, float[][] columns, Seed seed)
    {
        EventTable drawn = generator.Generate(Values(masses, missing), seed.Child("events"));
        Seed acceptance = seed.Child("acceptance");
        var rest = new List<int>();
        for (int i = 0; i < missing.Length; i++)
        {
            if (acceptance.Uniform(i) * largest >= drawn.Weight(i))
            {
                rest.Add(missing[i]);
                continue;
            }

            for (int feature = 0; feature < columns.Length; feature++)
            {
                columns[feature][missing[i]] = drawn[generator.Features[feature]][i];
            }
        }

        return [.. rest];
    }

    private static double LargestWeight(IEventGenerator generator, ReadOnlySpan<float> masses, Seed seed)
    {
        int count = masses.Length;
        EventTable pilot = generator.Generate(
            Values(masses, [.. Enumerable.Range(0, PilotCount).Select(i => seed.Below(count, i))]), seed.Child("events"));
        double largest = Enumerable.Range(0, pilot.Count).Max(pilot.Weight);
        return largest > 0 && double.IsFinite(largest) ? largest : throw new DataException(Text(
            $"The largest weight of {pilot.Count:N0} generated events is {largest:G4}, expected a finite number above 0; check the "
                + $"generator."));
    }

    private static float[] Values(ReadOnlySpan<float> masses, int[] rows)
    {
        float[] values = new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            values[i] = masses[rows[i]];
        }

        return values;
    }
}
