using Gbi.Events;
using Gbi.Generators;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Searches.Options;

namespace Gbi.Searches.Hunt;

/// <summary>Data sets without signal, drawn anew for each seed.</summary>
public sealed class BackgroundToys
{
    private readonly Func<Seed, EventTable> _draw;

    private BackgroundToys(string name, Func<Seed, EventTable> draw) => (Name, _draw) = (name, draw);

    /// <summary>Where they come from, in a few words; toys of another name are other toys to a resumed hunt.</summary>
    public string Name { get; }

    /// <summary>χ² probability of the mass spectrum that they follow; NaN where none was fitted.</summary>
    public double SpectrumGoodnessOfFit { get; private init; } = double.NaN;

    /// <summary>Toys of a simulation or of one's own making.</summary>
    /// <param name="name">What they are; change it whenever they change.</param>
    /// <param name="draw">A toy, by its seed alone.</param>
    public static BackgroundToys Of(string name, Func<Seed, EventTable> draw)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(draw);
        return new BackgroundToys(name, draw);
    }

    /// <summary>
    /// Toys made of the data outside one window: a Poisson count of events, masses that follow the spectrum fitted there and carried on
    /// through the window, and features of random events with the probability that the sideband generator gives them at that mass.
    /// </summary>
    /// <param name="data">Events of weight 1.</param>
    /// <param name="search">How the spectrum and the sideband generator are learnt; a background from elsewhere is replaced by the
    /// defaults.</param>
    /// <param name="hidden">
    /// The window left out, the most significant one, so that a signal there makes no toys; its outer limits are those of the toys.
    /// </param>
    /// <param name="seed">For the generator.</param>
    /// <exception cref="DataException">The data carry weights or do not determine the generator; the message says why.</exception>
    /// <remarks>
    /// The events of the data return in the toys, some several times, so that toys are made of as many distinct events as the data hold
    /// outside the window. A feature that the generator cannot learn (<see cref="ReweightedSidebands"/>) is wrong in the toys, too. A
    /// window whose search is biased by its own background is biased alike in the toys only as far as these resemble the truth.
    /// </remarks>
    public static BackgroundToys FromData(EventTable data, ResonanceSearchOptions search, MassWindow hidden, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(hidden);
        if (data.HasWeights)
        {
            throw new DataException(
                "Toys are events of weight 1, which do not stand for the weighted events of the data; hunt without toys, or give toys of "
                    + "your own in code.");
        }

        string mass = search.Schema.Mass ?? throw new ArgumentException("Toys need a mass column; name it in the schema.", nameof(search));
        SidebandGeneratorOptions how = (search.Background as ReweightedSidebands ?? new ReweightedSidebands()).Generator;
        var learnt = SidebandGenerator.Fit(
            SidebandData.Of(data, mass, search.Schema.Features, hidden), how with { Spectrum = search.Spectrum }, seed);
        MassSpectrum spectrum = learnt.Generator.Spectrum;
        var tabulated = new TabulatedSpectrum(spectrum.Density, spectrum.Low, spectrum.High);
        double expected = spectrum.Expected(spectrum.Low, spectrum.High).Value;
        return new BackgroundToys($"from the data outside {hidden}", toy => Draw(learnt, tabulated, expected, mass, toy))
        {
            SpectrumGoodnessOfFit = spectrum.GoodnessOfFit,
        };
    }

    /// <summary>The toy of a seed.</summary>
    public EventTable Draw(Seed seed) => _draw(seed);

    private static EventTable Draw(IEventGenerator generator, TabulatedSpectrum spectrum, double expected, string mass, Seed seed)
    {
        int count = seed.Child("count").CreateRandom().NextPoisson(expected);
        float[] masses = spectrum.Draw(count, seed.Child("mass"));
        EventTable features = UnitWeightEvents.Draw(generator, masses, seed.Child("features"));
        return EventTable.FromColumns([(mass, masses), .. features.ColumnNames.Select(name => (name, features[name].ToArray()))]);
    }
}
