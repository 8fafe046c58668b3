using Gbi.Events;
using Gbi.Generators;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Background;

/// <summary>Makes the background template of a search from its choice.</summary>
/// <param name="Settings">The search's settings.</param>
/// <param name="Sideband">Events of the sidebands.</param>
/// <param name="Begin">Begins a step of the search by its name.</param>
internal sealed record TemplateBuilder(ResonanceSearchSettings Settings, EventTable Sideband, Func<string, IProgress<double>> Begin)
{
    private string Mass => Settings.Schema.Mass!;

    private MassWindow Window => Settings.Window;

    private IReadOnlyList<string> Features => Settings.Schema.Features;

    private Seed Seed => Settings.Seed.Child("background");

    /// <summary>The template.</summary>
    /// <exception cref="DataException">The data do not determine it; the message says why.</exception>
    public BackgroundTemplate Build(CancellationToken cancellation) => Settings.Background switch
    {
        ReweightedSidebands choice => Reweighted(choice, cancellation),
        PlainSidebands => Plain(),
        ReweightedSimulation choice => Reweighted(choice, cancellation),
        GivenBackground choice => Given(choice),
        GeneratedBackground choice => Generated(choice),
        _ => throw new InvalidOperationException($"There is no background of kind {Settings.Background.GetType().Name}."),
    };

    private BackgroundTemplate Reweighted(ReweightedSidebands choice, CancellationToken cancellation)
    {
        LearntSideband learnt = SidebandGenerator.Fit(
            Sideband, Mass, Features, Window, choice.Generator with { Spectrum = Settings.Spectrum }, Seed,
            Begin("Learning the background from the sidebands"), cancellation);
        MassSpectrum spectrum = learnt.Generator.Spectrum;
        EventTable events = UsesMass ? learnt.BackgroundAt(Mass, MassesOf(spectrum, Sideband.Count)) : learnt.Background();
        return new BackgroundTemplate(spectrum, learnt.Generator.ExpectedBackground, events)
        {
            Learnt = learnt,
            Members = new TemplateMembers(
                learnt.MemberLogRatios,
                (region, seed) => learnt.MemberLogRatios(region, seed.Folds(region.Count, learnt.Generator.FoldCount))),
            IsSideband = true,
            WeightOf = learnt.WeightsOf,
            With = more => With(more).Reweighted(choice, cancellation),
        };
    }

    private BackgroundTemplate Plain()
    {
        Begin("Weighting the sidebands").Report(0);
        MassSpectrum spectrum = FitSpectrum();
        Estimate expected = Rate(spectrum);
        double centre = Window.Centre;
        double below = SumBelow(Sideband, centre);
        double above = Sideband.SumOfWeights - below;
        EventTable events = Sideband.WithWeights(Halves(Sideband));
        return new BackgroundTemplate(
            spectrum, expected, UsesMass ? Only(events).WithColumn(Mass, MassesOf(spectrum, events.Count)) : events)
        {
            IsSideband = true,
            WeightOf = Halves,
            With = more => With(more).Plain(),
        };

        double[] Halves(EventTable events)
        {
            float[] masses = events[Mass].ToArray();
            return [.. masses.Select((mass, row) => events.Weight(row) * expected.Value / 2 / (mass < centre ? below : above))];
        }
    }

    private BackgroundTemplate Reweighted(ReweightedSimulation choice, CancellationToken cancellation)
    {
        var reweighting = SimulationReweighting.Learn(
            Sideband, choice.Simulation, Mass, Features, Window, choice.Reweighting, Seed,
            Begin("Reweighting the simulation to the sidebands"), cancellation);
        MassSpectrum spectrum = FitSpectrum();
        Estimate expected = Rate(spectrum);
        EventTable events = choice.Simulation.Select(Window.Rows(choice.Simulation[Mass], MassRegion.SignalRegion));
        return new BackgroundTemplate(
            spectrum, expected, Scaled(WithMass(events).WithWeights(reweighting.WeightsOf(events)), expected.Value))
        {
            Members = new TemplateMembers(() => reweighting.MemberLogRatios(events), (region, _) => reweighting.MemberLogRatios(region)),
            WeightOf = others => Array.ConvertAll(reweighting.SharesOf(others), share => expected.Value * share),
            With = more => With(more).Reweighted(choice, cancellation),
        };
    }

    private BackgroundTemplate Given(GivenBackground choice)
    {
        Begin("Taking the given background").Report(0);
        if (UsesMass && !choice.Events.ColumnNames.Contains(Mass))
        {
            throw new DataException(
                $"The given background has no column '{Mass}', which a likelihood with the mass needs; give events with their mass, or "
                    + $"leave the mass out of it.");
        }

        EventTable events = choice.Events.ColumnNames.Contains(Mass)
            ? choice.Events.Select(Window.Rows(choice.Events[Mass], MassRegion.SignalRegion))
            : choice.Events;
        if (events.Count == 0)
        {
            throw new DataException($"The given background has no events in the signal region {Window}; check its mass column and unit.");
        }

        if (Sideband.Count > 0)
        {
            MassSpectrum spectrum = FitSpectrum();
            Estimate expected = Rate(spectrum);
            return new BackgroundTemplate(spectrum, expected, Scaled(WithMass(events), expected.Value));
        }

        double squares = Enumerable.Range(0, events.Count).Sum(row => events.Weight(row) * events.Weight(row));
        return new BackgroundTemplate(
            null, new Estimate(events.SumOfWeights, Math.Sqrt(squares)), Scaled(WithMass(events), events.SumOfWeights));
    }

    private BackgroundTemplate Generated(GeneratedBackground choice)
    {
        IEventGenerator generator = choice.Generator;
        string[] missing = [.. Features.Except(generator.Features)];
        if (missing.Length > 0)
        {
            throw new DataException(
                $"The background generator gives {string.Join(", ", generator.Features)}, but not the feature {missing[0]} of the search; "
                    + $"search in its features, or train it with all of them.");
        }

        Begin("Generating the background").Report(0);
        MassSpectrum spectrum = FitSpectrum();
        Estimate expected = Rate(spectrum);
        int count = (int)Math.Clamp(Math.Ceiling(choice.Oversampling * expected.Value), 1, Array.MaxLength);
        EventTable events = spectrum.Generate(generator, Window.Low, Window.High, count, Seed);
        double perSidebandEvent = expected.Value / Sideband.SumOfWeights;
        events = UsesMass ? Only(events).WithColumn(Mass, MassesOf(spectrum, count)) : Only(events);

        // A generator that learnt from the sidebands gives back their signal in proportion.
        double[] WeightOf(EventTable others) => [.. Enumerable.Range(0, others.Count).Select(row => others.Weight(row) * perSidebandEvent)];
        return new BackgroundTemplate(spectrum, expected, events)
        {
            WeightOf = WeightOf,
            With = more => new BackgroundTemplate(spectrum, expected, Only(events).Append(more.WithWeights(WeightOf(more)))),
        };
    }

    private TemplateBuilder With(EventTable more) => this with
    {
        Sideband = Sideband.WithColumns([.. Features, Mass]).Append(more),
        Begin = _ => Begin(SearchSteps.Fitting),
    };

    private MassSpectrum FitSpectrum() => MassSpectrum.Fit(Sideband[Mass], Sideband.Weights, Window, Settings.Spectrum);

    private bool UsesMass => Settings.Inference.UsesMass;

    /// <summary>Masses of the background in the signal region; those that generated events were drawn at.</summary>
    private float[] MassesOf(MassSpectrum spectrum, int count) => spectrum.Masses(Window.Low, Window.High, count, Seed);

    private Estimate Rate(MassSpectrum spectrum) => spectrum.Expected(Window.Low, Window.High);

    /// <summary>The features alone: events of data, simulation and generator have no other columns in common.</summary>
    private EventTable Only(EventTable events) => events.WithColumns(Features);

    /// <summary>The features, and the mass where the likelihood takes it.</summary>
    private EventTable WithMass(EventTable events) => UsesMass ? events.WithColumns([.. Features, Mass]) : Only(events);

    private static EventTable Scaled(EventTable events, double expected)
    {
        double sum = events.SumOfWeights;
        return sum > 0
            ? events.WithWeights(Enumerable.Range(0, events.Count).Select(row => events.Weight(row) * expected / sum).ToArray())
            : throw new DataException(
                Text(
                    $"The weights of the given background's {events.Count:N0} events sum to {sum:G4}, expected more than 0; check the "
                        + $"weight column."));
    }

    private double SumBelow(EventTable events, double centre)
    {
        ReadOnlySpan<float> masses = events[Mass];
        double sum = 0;
        for (int row = 0; row < masses.Length; row++)
        {
            sum += masses[row] < centre ? events.Weight(row) : 0;
        }

        return sum;
    }
}
