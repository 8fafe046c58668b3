using Gbi.Benchmarks.Lhco;
using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Searches.Options;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Searches.Nulls;

/// <summary>Background events of the LHC Olympics, signal region 3.4 to 3.6 TeV.</summary>
internal sealed class LhcoNulls
{
    public const string Mass = "mjj";
    private const int SixthCount = 6;

    /// <summary>Events of a data set: most of the 121,352, so that data sets share events but not their masses.</summary>
    private const int Drawn = 100_000;

    /// <summary>Events of a data set beside whose simulation the other half of the file stands.</summary>
    private const int Half = 60_000;

    private static readonly string[] Features = LhcoEvents.Columns[1..];

    public static readonly ResonanceSearchOptions Search = new()
    {
        Schema = new EventSchema { Features = Features, Mass = Mass },
        Window = new MassWindow(3.4, 3.6, 3.3, 3.7),
    };

    private readonly EventTable _background;
    private readonly TabulatedSpectrum _spectrum;
    private readonly float _middle;
    private readonly float _scale;

    public LhcoNulls(string folder)
    {
        _background = LhcoEvents.Read(folder).Background;
        EventTable sidebands = _background.Select(Search.Window.Rows(_background[Mass], MassRegion.Sideband));
        var fitted = MassSpectrum.Fit(sidebands[Mass], default, Search.Window, Search.Spectrum);
        _spectrum = new TabulatedSpectrum(fitted.Density, fitted.Low, fitted.High);
        float[] sorted = _background["delta_mj"].ToArray();
        Array.Sort(sorted);
        _middle = sorted[sorted.Length / 2];
        _scale = sorted[sorted.Length * 84 / 100] - _middle;
    }

    public IEnumerable<NullStudy> All =>
    [
        new("LHCO, no drift", (_, seed) => new NullData(Redrawn(Rows(seed)[..Drawn], drift: 0, seed), Search)),
        new("LHCO, known drift", (_, seed) => new NullData(Redrawn(Rows(seed)[..Drawn], drift: 0.3, seed), Search)),
        new("LHCO, right simulation", (_, seed) => Simulated(seed, simulation => simulation)),
        new("LHCO, wrong simulation", (_, seed) => Simulated(seed, Wrong)),
        .. Enumerable.Range(0, SixthCount).Select(sixth => new NullStudy(
            Text($"LHCO, sixth {sixth + 1}, real masses"), (_, _) => new NullData(Sixth(sixth), Search))),
    ];

    private int[] Rows(Seed seed) => seed.Child("rows").Permutation(_background.Count);

    private EventTable Sixth(int sixth)
    {
        int[] order = new Seed(6).Permutation(_background.Count);
        return _background.Select([.. order.Where((_, at) => at % SixthCount == sixth)]);
    }

    private NullData Simulated(Seed seed, Func<EventTable, EventTable> change)
    {
        int[] rows = Rows(seed);
        EventTable simulation = change(Redrawn(rows[Half..], drift: 0, seed.Child("simulation")));
        return new NullData(
            Redrawn(rows[..Half], drift: 0.3, seed), Search with { Background = new ReweightedSimulation(simulation) });
    }

    /// <summary>
    /// Events with masses of p(m|x) ∝ p(m) (1 + a t u(x)), |t| ≤ 1 from the lowest to the highest mass, u = tanh of the standardised mass
    /// difference: a mass is drawn until it is accepted.
    /// </summary>
    private EventTable Redrawn(int[] rows, double drift, Seed seed)
    {
        EventTable events = _background.Select(rows);
        float[] masses = new float[rows.Length];
        ReadOnlySpan<float> difference = events["delta_mj"];
        Seed draws = seed.Child("mass");
        for (int row = 0; row < masses.Length; row++)
        {
            double u = Math.Tanh((difference[row] - _middle) / _scale);
            Seed own = draws.Child(row);
            double mass;
            long draw = 0;
            do
            {
                mass = _spectrum.Quantile(own.Uniform(draw++));
            }
            while (own.Uniform(draw++) * (1 + drift) > 1 + (drift * u * (mass - 3.5) / 0.2));
            masses[row] = (float)mass;
        }

        return events.WithColumns(Features).WithColumn(Mass, masses);
    }

    /// <summary>Jets that are 5 % too heavy, and subjettiness ratios that are .02 too large.</summary>
    private static EventTable Wrong(EventTable events) => EventTable.FromColumns(
        (Mass, events[Mass].ToArray()),
        ("mj1", Moved(events["mj1"], value => 1.05f * value)),
        ("delta_mj", Moved(events["delta_mj"], value => 1.05f * value)),
        ("tau21_j1", Moved(events["tau21_j1"], value => value + 0.02f)),
        ("tau21_j2", Moved(events["tau21_j2"], value => value + 0.02f)));

    private static float[] Moved(ReadOnlySpan<float> values, Func<float, float> move) =>
        Array.ConvertAll(values.ToArray(), value => move(value));
}
