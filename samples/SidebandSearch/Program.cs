using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Searches;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Simulators;

// 100,000 simulated dijet events, 500 of them a resonance of 3.5 TeV; its two decay products have substructure, which the features measure.
EventTable data = DijetSimulator.Data(100_000, signalFraction: 0.005, new Seed(1));

// No signal model: the background of the signal region is learnt from the sidebands, and data are compared with it.
ResonanceSearch search = ResonanceSearch.Run(data, signal: null, new ResonanceSearchOptions
{
    Schema = new EventSchema { Mass = "mjj", Features = ["mj1", "delta_mj", "tau21_j1", "tau21_j2"] },
    Window = new MassWindow(3.3, 3.7),
    Spectrum = new MassSpectrumOptions { Shape = SpectrumShape.Dijet, CollisionEnergy = 13 },
});

foreach (ExcessAfterCut cut in search.Result.Excess)
{
    Console.Write($"{100 * cut.BackgroundEfficiency,5:F1} % of the background: ");
    Console.WriteLine($"{cut.Observed,6:N0} observed, {cut.Expected.Value,8:N1} expected, {cut.Significance,5:F2} σ local");
}
