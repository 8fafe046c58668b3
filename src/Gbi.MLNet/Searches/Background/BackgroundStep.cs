using Gbi.Events;
using Gbi.Generators;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Inference.Toys;
using Gbi.Numerics;
using Gbi.Searches.Options;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Background;

/// <summary>The first step of a search: from the sidebands to the background template.</summary>
/// <param name="Options">The search's options.</param>
/// <param name="Sideband">Events of the sidebands.</param>
internal sealed record BackgroundStep(ResonanceSearchOptions Options, SidebandData Sideband)
{
    /// <summary>Name of the step that learns the template again from sidebands without the signal that was found.</summary>
    public const string NameWithoutSignal = "Learning the background without the signal";

    /// <summary>Name of the step.</summary>
    public string Name => Options.Background switch
    {
        ReweightedSidebands => "Learning the background from the sidebands",
        PlainSidebands => "Weighting the sidebands",
        ReweightedSimulation => "Reweighting the simulation to the sidebands",
        GivenBackground => "Taking the given background",
        _ => "Generating the background",
    };

    private string Mass => Sideband.Mass;

    private MassWindow Window => Sideband.Window;

    private IReadOnlyList<string> Features => Sideband.Features;

    private Seed Seed => Options.Seed.Child("background");

    private bool UsesMass => Options.Inference.UsesMass;

    /// <summary>Learns the template.</summary>
    /// <exception cref="DataException">The data do not determine it; the message says why.</exception>
    public BackgroundTemplate Learn(IProgress<double> progress, CancellationToken cancellation)
    {
        progress.Report(0);
        return Options.Background switch
        {
            ReweightedSidebands choice => Reweighted(choice, progress, cancellation),
            PlainSidebands => Plain(),
            ReweightedSimulation choice => Reweighted(choice, progress, cancellation),
            GivenBackground choice => Given(choice),
            GeneratedBackground choice => Generated(choice),
            _ => throw new InvalidOperationException($"There is no background of kind {Options.Background.GetType().Name}."),
        };
    }

    /// <summary>
    /// The template from sidebands with further events, of weights of any sign: learnt again where it is learnt here. Its events are those
    /// of the template, followed by the further ones where events of the sidebands are part of it.
    /// </summary>
    /// <param name="template">A template that is made of sidebands.</param>
    /// <param name="more">Further events of the sidebands with their masses.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    public BackgroundTemplate LearnWith(
        BackgroundTemplate template, EventTable more, IProgress<double> progress,
        CancellationToken cancellation) => template is GeneratedTemplate generated
        ? generated with
        {
            Events = Only(generated.Events).Append(more.WithWeights(generated.WeightsOf(more))),
            HalfOf = [.. generated.HalfOf, .. RandomHalves(more)],
        }
        : (this with { Options = Like(template), Sideband = Sideband.With(more) }).Learn(progress, cancellation);

    /// <summary>The options with as many trees as a learnt template has, so that it is compared with one of its kind.</summary>
    private ResonanceSearchOptions Like(BackgroundTemplate template) => Options with
    {
        Background = (template, Options.Background) switch
        {
            (ReweightedSidebandTemplate { Learnt.Generator.TreeCount: > 0 and int trees }, ReweightedSidebands { Generator: var how }) =>
                new ReweightedSidebands
                {
                    Generator = how with { ChoosesTreeCount = false, Trees = how.Trees with { TreeCount = trees } },
                },
            (ReweightedSimulationTemplate { TreeCount: > 0 and int trees }, ReweightedSimulation { Reweighting: var how } choice) =>
                choice with { Reweighting = how with { ChoosesTreeCount = false, Trees = how.Trees with { TreeCount = trees } } },
            (_, var same) => same,
        },
    };

    private ReweightedSidebandTemplate Reweighted(ReweightedSidebands choice, IProgress<double> progress, CancellationToken cancellation)
    {
        var learnt = SidebandGenerator.Fit(
            Sideband, choice.Generator with { Spectrum = Options.Spectrum }, Seed, progress, cancellation);
        return new ReweightedSidebandTemplate(learnt, UsesMass
            ? learnt.BackgroundAt(Mass, MassesOf(learnt.Generator.Spectrum, Sideband.Events.Count))
            : learnt.Background())
        { HalfOf = learnt.FoldOf };
    }

    private PlainSidebandTemplate Plain()
    {
        (MassSpectrum spectrum, Estimate expected) = FitSpectrum();
        var halves = SidebandHalves.Of(Sideband, expected.Value);
        EventTable events = Sideband.Events.WithWeights(halves.WeightsOf(Sideband.Events));
        return new PlainSidebandTemplate(
            spectrum, expected, UsesMass ? Only(events).WithColumn(Mass, MassesOf(spectrum, events.Count)) : events, halves)
        { HalfOf = RandomHalves(events) };
    }

    private ReweightedSimulationTemplate Reweighted(ReweightedSimulation choice, IProgress<double> progress, CancellationToken cancellation)
    {
        // A half of the simulation is weighted by a ratio that was learnt from the other halves of data and simulation.
        int[] ofData = Seed.Child("data halves").Folds(Sideband.Events.Count, 2);
        int[] ofSimulation = Seed.Child("simulation halves").Folds(choice.Simulation.Count, 2);
        SimulationReweighting[] reweightings = [.. Enumerable.Range(0, 2).Select(half => SimulationReweighting.Learn(
            Sideband with { Events = Outside(Sideband.Events, ofData, half) }, Outside(choice.Simulation, ofSimulation, half),
            choice.Reweighting, Seed.Child(half), PartialProgress.Of(progress, half / 2.0, 0.5), cancellation))];
        (MassSpectrum spectrum, Estimate expected) = FitSpectrum();
        return Of(MassRegion.SignalRegion, (events, weights) => Scaled(WithMass(events).WithWeights(weights), expected.Value)) with
        {
            InSidebands = new(() => Of(
                MassRegion.Sideband, (events, weights) => Only(events).WithWeights(ScaledBySide(events[Mass], weights)))),
        };

        ReweightedSimulationTemplate Of(MassRegion region, Func<EventTable, double[], EventTable> template)
        {
            int[] rows = Window.Rows(choice.Simulation[Mass], region);
            EventTable events = choice.Simulation.Select(rows);
            int[] halfOf = Array.ConvertAll(rows, row => ofSimulation[row]);
            double[][] weights = Array.ConvertAll(reweightings, reweighting => reweighting.WeightsOf(events));
            double[] chosen = [.. halfOf.Select((half, row) => weights[half][row])];
            return new ReweightedSimulationTemplate(reweightings, events, spectrum, expected, template(events, chosen)) { HalfOf = halfOf };
        }

        static EventTable Outside(EventTable of, int[] halves, int half) =>
            of.Select([.. Enumerable.Range(0, of.Count).Where(row => halves[row] != half)]);
    }

    private BackgroundTemplate Given(GivenBackground choice)
    {
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

        if (Sideband.Events.Count > 0)
        {
            (MassSpectrum spectrum, Estimate expected) = FitSpectrum();
            return new BackgroundTemplate(spectrum, expected, Scaled(WithMass(events), expected.Value)) { HalfOf = RandomHalves(events) };
        }

        double squares = Enumerable.Range(0, events.Count).Sum(row => events.Weight(row) * events.Weight(row));
        return new BackgroundTemplate(
            null, new Estimate(events.SumOfWeights, Math.Sqrt(squares)), Scaled(WithMass(events), events.SumOfWeights))
        { HalfOf = RandomHalves(events) };
    }

    private GeneratedTemplate Generated(GeneratedBackground choice)
    {
        IEventGenerator generator = choice.Generator;
        string[] missing = [.. Features.Except(generator.Features)];
        if (missing.Length > 0)
        {
            throw new DataException(
                $"The background generator gives {string.Join(", ", generator.Features)}, but not the feature {missing[0]} of the search; "
                    + $"search in its features, or train it with all of them.");
        }

        (MassSpectrum spectrum, Estimate expected) = FitSpectrum();
        int count = (int)Math.Clamp(Math.Ceiling(choice.Oversampling * expected.Value), 1, Array.MaxLength);
        EventTable events = Only(spectrum.Generate(generator, Window.Low, Window.High, count, Seed));
        return new GeneratedTemplate(
            expected.Value / Sideband.Events.SumOfWeights, spectrum, expected,
            UsesMass ? events.WithColumn(Mass, MassesOf(spectrum, count)) : events)
        {
            HalfOf = RandomHalves(events),
            InSidebands = new(() => GeneratedBeside(choice, spectrum, expected)),
        };
    }

    /// <summary>Generated events at the masses of the sidebands.</summary>
    private BackgroundTemplate GeneratedBeside(GeneratedBackground choice, MassSpectrum spectrum, Estimate expected)
    {
        int times = Math.Max(1, (int)choice.Oversampling);
        float[] masses = [.. Enumerable.Range(0, times).SelectMany(_ => Sideband.Masses.ToArray())];
        EventTable events = choice.Generator.Generate(masses, Seed.Child("sidebands"));
        int count = Sideband.Events.Count;
        double[] weights = ScaledBySide(
            masses, [.. Enumerable.Range(0, events.Count).Select(row => events.Weight(row) * Sideband.Events.Weight(row % count))]);
        return new BackgroundTemplate(spectrum, expected, Only(events).WithWeights(weights)) { HalfOf = RandomHalves(events) };
    }

    /// <summary>Weights that sum to those of the data below and above the signal region.</summary>
    private double[] ScaledBySide(ReadOnlySpan<float> masses, double[] weights)
    {
        var halves = SidebandHalves.Of(Sideband, Sideband.Events.SumOfWeights);
        double below = 0;
        double above = 0;
        for (int row = 0; row < weights.Length; row++)
        {
            below += masses[row] < Window.Centre ? weights[row] : 0;
            above += masses[row] < Window.Centre ? 0 : weights[row];
        }

        double[] scaled = new double[weights.Length];
        for (int row = 0; row < scaled.Length; row++)
        {
            scaled[row] = weights[row] * (masses[row] < Window.Centre ? halves.Below / below : halves.Above / above);
        }

        return scaled;
    }

    /// <summary>Halves of events whose weights are of no model.</summary>
    private int[] RandomHalves(EventTable events) => Seed.Child("template halves").Folds(events.Count, 2);

    private (MassSpectrum Spectrum, Estimate Expected) FitSpectrum()
    {
        var spectrum = MassSpectrum.Fit(Sideband.Masses, Sideband.Events.Weights, Window, Options.Spectrum);
        return (spectrum, spectrum.Expected(Window.Low, Window.High));
    }

    /// <summary>Masses of the background in the signal region; those that generated events were drawn at.</summary>
    private float[] MassesOf(MassSpectrum spectrum, int count) => spectrum.Masses(Window.Low, Window.High, count, Seed);

    /// <summary>The features alone: events of data, simulation and generator have no other columns in common.</summary>
    private EventTable Only(EventTable events) => events.WithColumns(Features);

    /// <summary>The features, and the mass where the likelihood takes it.</summary>
    private EventTable WithMass(EventTable events) => UsesMass ? events.WithColumns([.. Features, Mass]) : Only(events);

    private static EventTable Scaled(EventTable events, double expected)
    {
        double sum = events.SumOfWeights;
        return sum > 0
            ? events.WithWeights(Enumerable.Range(0, events.Count).Select(row => events.Weight(row) * expected / sum).ToArray())
            : throw new DataException(Text(
                $"The weights of the given background's {events.Count:N0} events sum to {sum:G4}, expected more than 0; check the weight "
                    + $"column."));
    }
}
