using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
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
    /// Toys made of the data: every event once, with its features and a mass drawn anew. Masses follow the spectrum that is fitted outside
    /// one window, and the features' dependence on the mass is that of the sideband generator learnt there, p(m|x) ∝ p(m) r(x,m).
    /// </summary>
    /// <param name="data">Events of weight 1.</param>
    /// <param name="search">How the spectrum and the sideband generator are learnt; a background from elsewhere is replaced by the
    /// defaults.</param>
    /// <param name="hidden">
    /// The window that neither is learnt in, the most significant one; its outer limits are those of the toys. A signal in it has masses
    /// drawn anew, too, and is no resonance any more.
    /// </param>
    /// <param name="seed">For the generator.</param>
    /// <param name="eventCount">Events of a toy, drawn out of the data without replacement; null for all of them.</param>
    /// <exception cref="DataException">The data carry weights or too few events, or do not determine the generator; the message says
    /// why.</exception>
    /// <remarks>
    /// No event is there twice: its copies would land in different folds of a training and be found again. Toys of one file share their
    /// events, so that their features fluctuate together. A dependence on the mass that the generator cannot learn
    /// (<see cref="ReweightedSidebands"/>) is missing in the toys.
    /// </remarks>
    public static BackgroundToys FromData(
        EventTable data, ResonanceSearchOptions search, MassWindow hidden, Seed seed, int? eventCount = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(hidden);
        if (data.HasWeights)
        {
            throw new DataException(
                "Toys are events of weight 1, which do not stand for the weighted events of the data; work without toys, or give toys of "
                    + "your own in code.");
        }

        string mass = search.Schema.Mass ?? throw new ArgumentException("Toys need a mass column; name it in the schema.", nameof(search));
        float[] measured = data[mass].ToArray();
        EventTable inside = data.Select([.. Enumerable.Range(0, data.Count)
            .Where(row => hidden.RegionOf(measured[row]) != MassRegion.Outside)]);
        int count = eventCount ?? inside.Count;
        if (count < 1 || count > inside.Count)
        {
            throw new DataException(
                $"A toy of {count:N0} events cannot be drawn without replacement from {inside.Count:N0} events in the range of masses; ask "
                    + "for fewer.");
        }

        SidebandGeneratorOptions how = (search.Background as ReweightedSidebands ?? new ReweightedSidebands()).Generator;
        var learnt = SidebandGenerator.Fit(
            SidebandData.Of(data, mass, search.Schema.Features, hidden), how with { Spectrum = search.Spectrum }, seed);
        MassSpectrum spectrum = learnt.Generator.Spectrum;
        var masses = RedrawnMasses.Of(learnt.Generator, inside);
        EventTable features = inside.WithColumns(search.Schema.Features);
        return new BackgroundToys($"from {count:N0} events of the data with masses drawn anew, as outside {hidden}", Draw)
        {
            SpectrumGoodnessOfFit = spectrum.GoodnessOfFit,
        };

        EventTable Draw(Seed toy)
        {
            int[] rows = count == features.Count ? [.. Enumerable.Range(0, count)] : toy.Child("rows").Permutation(features.Count)[..count];
            return features.Select(rows).WithColumn(mass, masses.Draw(rows, toy.Child("mass")));
        }
    }

    /// <summary>The toy of a seed.</summary>
    public EventTable Draw(Seed seed) => _draw(seed);
}
