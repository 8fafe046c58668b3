using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Minima;
using Gbi.Ratios.Families;
using Gbi.Ratios.Parametric;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Generators.Sidebands;

/// <summary>
/// The ratio r(x,m) = p_data(x,m)/p_simulation(x,m) of background, learnt in the sidebands and used in the signal region between them. Its
/// logarithm is a polynomial in the standardised mass with coefficients from boosted trees, so that it is smooth in the signal region,
/// where there is no training data. The mean of members of bootstrap samples, each with mean 1 over the simulation of the signal region.
/// </summary>
/// <remarks>SALAD: Andreassen, Nachman and Shih, arXiv:2001.05001, with trees in place of a network that takes the mass as a
/// feature.</remarks>
public sealed class SimulationReweighting
{
    /// <summary>Name of the standardised mass in the polynomial.</summary>
    private const string Parameter = "t";

    private readonly StandardisedMass _scale;
    private readonly TreeEnsemble[] _members;
    private readonly double[] _logMeans;
    private readonly float[] _influence;
    private readonly string _mass;
    private readonly double _perSidebandEvent;

    private SimulationReweighting(
        string mass, StandardisedMass scale, TreeEnsemble[] members, EventTable simulation, EventTable sideband,
        SimulationReweightingOptions options)
    {
        (_mass, _scale, _members) = (mass, scale, members);
        double inRegion = simulation.SumOfWeights;
        _logMeans = new double[members.Length];
        double[,] ratios = Ratios(simulation);
        for (int member = 0; member < members.Length; member++)
        {
            double sum = 0;
            for (int row = 0; row < simulation.Count; row++)
            {
                sum += simulation.Weight(row) * ratios[row, member];
            }

            _logMeans[member] = sum > 0 ? Math.Log(sum / inRegion) : throw new DataException(Text(
                $"The reweighted simulation of the signal region sums to {sum:G4}, expected more than 0; check its weights."));
        }


        // Each tree takes a share of what is left to learn.
        double learnt = 1 - Math.Pow(1 - options.Trees.LearningRate, TreeCount);
        _perSidebandEvent = learnt / sideband.SumOfWeights;
        _influence = Influence(sideband, simulation, options.MassDegree);
    }

    /// <summary>Names of the features.</summary>
    public IReadOnlyList<string> Features => _members[0].Features;

    /// <summary>Models that are averaged.</summary>
    public int MemberCount => _members.Length;

    /// <summary>Trees in each model; 0 where the events held out show no difference of simulation and data, so that r is 1.</summary>
    public int TreeCount => _members[0].TreeCount;

    /// <summary>Learns the ratio.</summary>
    /// <param name="sideband">Data of the sidebands alone.</param>
    /// <param name="simulation">Simulated background with the same columns, from the sidebands and the signal region.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="seed">For bootstrap samples.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">A column is missing, or the simulation lacks events in the signal region or a sideband.</exception>
    public static SimulationReweighting Learn(
        SidebandData sideband,
        EventTable simulation,
        SimulationReweightingOptions options,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sideband);
        ArgumentNullException.ThrowIfNull(simulation);
        ArgumentNullException.ThrowIfNull(options);
        (EventTable data, string mass, _, MassWindow window) = sideband;
        EventTable inSidebands = simulation.Select(window.Rows(simulation[mass], MassRegion.Sideband));
        EventTable inside = simulation.Select(window.Rows(simulation[mass], MassRegion.SignalRegion));
        RequireBothSides(data[mass], "data", window);
        RequireBothSides(inSidebands[mass], "simulation", window);
        if (inside.Count == 0)
        {
            throw new DataException(
                $"The simulated background has no events in the signal region {window}; check its mass column and unit.");
        }

        StandardisedMass scale = StandardisedMass.Of(data[mass], data, window);
        TreeEnsemble[] members = Train(sideband, inSidebands, scale, options, seed, progress, cancellation);
        return new SimulationReweighting(mass, scale, members, inside, data, options);
    }

    /// <summary>The events' weights times r(x,m).</summary>
    public double[] WeightsOf(EventTable events)
    {
        ArgumentNullException.ThrowIfNull(events);
        double[,] ratios = Ratios(events);
        double[] weights = new double[events.Count];
        for (int row = 0; row < weights.Length; row++)
        {
            double sum = 0;
            for (int member = 0; member < MemberCount; member++)
            {
                sum += ratios[row, member];
            }

            weights[row] = events.Weight(row) * sum / MemberCount;
        }

        return weights;
    }

    /// <summary>Spread of the members: ln of each member's ratio over their mean, [members][events].</summary>
    public float[][] MemberLogRatios(EventTable events)
    {
        ArgumentNullException.ThrowIfNull(events);
        double[,] ratios = Ratios(events);
        float[][] deviations = [.. Enumerable.Range(0, MemberCount).Select(_ => new float[events.Count])];
        EventBlocks.ForEach(events.Count, (start, length) =>
        {
            Span<double> ofEvent = stackalloc double[MemberCount];
            for (int row = start; row < start + length; row++)
            {
                double sum = 0;
                for (int member = 0; member < ofEvent.Length; member++)
                {
                    ofEvent[member] = ratios[row, member];
                    sum += ofEvent[member];
                }

                for (int member = 0; member < ofEvent.Length; member++)
                {
                    deviations[member][row] = (float)Math.Log(ofEvent[member] * MemberCount / sum);
                }
            }
        });
        return deviations;
    }

    /// <summary>
    /// The share of the reweighted simulation by which further data of the sidebands would raise it at their features:
    /// (1 − (1 − η)ⁿ) w/Σw · φ̄ᵀ⟨φφᵀ⟩⁻¹φ(t), with φ the powers of the standardised mass t, ⟨⟩ over the sidebands, φ̄ over the signal
    /// region, and n trees of learning rate η, none of which means that the simulation stays as it is.
    /// </summary>
    /// <remarks>
    /// At equal densities the fit of a log ratio Σ φ_k Δ_k(x) answers to a further event of the numerator as a weighted straight line (or
    /// parabola) does to a point: this is its value in the signal region. To first order in the number of further events, for trees that
    /// resolve their features and a background whose features hardly depend on the mass. Events at masses that pull the line down count
    /// negative.
    /// </remarks>
    public double[] SharesOf(EventTable events)
    {
        ArgumentNullException.ThrowIfNull(events);
        float[] parameters = _scale.Of(events[_mass]);
        return [.. parameters.Select((t, row) => events.Weight(row) * _perSidebandEvent * Polynomial(_influence, t))];
    }

    private static TreeEnsemble[] Train(
        SidebandData sideband,
        EventTable simulation,
        StandardisedMass scale,
        SimulationReweightingOptions options,
        Seed seed,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        EventTable both = sideband.With(simulation).Events;
        BinnedEvents binned = FeatureBins.Learn(both, sideband.Features, options.Trees.MaxBins).Apply(both);
        float[] parameters = scale.Of(both[sideband.Mass]);
        bool[] isData = [.. Enumerable.Range(0, both.Count).Select(row => row < sideband.Events.Count)];
        Monomial[] powers = [Monomial.Of(Parameter), .. options.MassDegree == 2 ? [Monomial.Of(Parameter, Parameter)] : (Monomial[])[]];
        var sample = new AmortisedSample(isData, parameters, new ParameterPolynomial([Parameter], powers));
        var members = new (TreeEnsemble Trees, IReadOnlyList<double> HeldOutLosses)[options.MemberCount];
        int finished = 0;
        EventBlocks.ForEachIndex(members.Length, member =>
        {
            int[] times = Times(both.Count, options, seed.Child("bootstrap").Child(member));
            double[] weights = [.. times.Select((count, row) => count * both.Weight(row))];
            HeldOutEvents? heldOut = options.ChoosesTreeCount
                ? new([.. times.Select((count, row) => count == 0 ? both.Weight(row) : 0)], TreeCountChoice.TimesForSimulation)
                : null;
            members[member] = AmortisedTrees.Train(binned, sample, weights, options.Trees, heldOut, cancellation);
            progress?.Report((double)Interlocked.Increment(ref finished) / members.Length);
        }, cancellation);
        int trees = options.ChoosesTreeCount
            ? TreeCountChoice.Of([.. members.Select(member => member.HeldOutLosses)], TreeCountChoice.TimesForSimulation)
            : options.Trees.TreeCount;
        return [.. members.Select(member => member.Trees.Take(trees))];
    }

    /// <summary>How often each event is in a member's sample: Poisson numbers of mean 1, or, of a single model, 0 for a fifth.</summary>
    private static int[] Times(int count, SimulationReweightingOptions options, Seed seed) =>
        options.MemberCount > 1 ? [.. Enumerable.Range(0, count).Select(row => seed.PoissonOne(row))]
        : options.ChoosesTreeCount ? [.. seed.Folds(count, 5).Select(fold => fold == 0 ? 0 : 1)]
        : [.. Enumerable.Repeat(1, count)];

    private static void RequireBothSides(ReadOnlySpan<float> masses, string what, MassWindow window)
    {
        bool below = false;
        bool above = false;
        foreach (float mass in masses)
        {
            below |= mass < window.Low;
            above |= mass >= window.High;
        }

        if (!(below && above))
        {
            throw new DataException(
                $"The {what} has no events {(below ? "above" : "below")} the signal region {window}; the reweighting of a simulation is "
                    + $"learnt from both sidebands.");
        }
    }

    /// <summary>Each member's ratio, [events, members].</summary>
    private double[,] Ratios(EventTable events)
    {
        float[] parameters = _scale.Of(events[_mass]);
        double[,] ratios = new double[events.Count, MemberCount];
        for (int member = 0; member < MemberCount; member++)
        {
            float[] coefficients = _members[member].Predict(events);
            int width = _members[member].OutputCount;
            for (int row = 0; row < parameters.Length; row++)
            {
                ratios[row, member] = Math.Exp(Polynomial(coefficients.AsSpan(width * row, width), parameters[row]) - _logMeans[member]);
            }
        }

        return ratios;
    }

    /// <summary>Σ_k c_k tᵏ by Horner's rule.</summary>
    private static double Polynomial(ReadOnlySpan<float> coefficients, double t)
    {
        double value = 0;
        for (int k = coefficients.Length - 1; k >= 0; k--)
        {
            value = (value * t) + coefficients[k];
        }

        return value;
    }

    /// <summary>⟨φφᵀ⟩⁻¹ φ̄.</summary>
    private float[] Influence(EventTable sideband, EventTable region, int degree)
    {
        int size = degree + 1;
        double[] moments = Moments(sideband, [.. Enumerable.Range(0, sideband.Count).Select(sideband.Weight)], 2 * degree);
        double[] influence = Moments(region, WeightsOf(region), degree);
        double[] matrix = [.. Enumerable.Range(0, size * size).Select(at => moments[(at / size) + (at % size)])];
        if (!CholeskyFactor.TryFactorise(matrix, size))
        {
            throw new DataException("The sidebands hold too few different masses for a ratio that depends on the mass; widen them.");
        }

        CholeskyFactor.Solve(matrix, size, influence);
        return Array.ConvertAll(influence, value => (float)value);
    }

    /// <summary>Weighted means of t⁰ … t^order.</summary>
    private double[] Moments(EventTable events, double[] weights, int order)
    {
        float[] parameters = _scale.Of(events[_mass]);
        double[] sums = new double[order + 1];
        for (int row = 0; row < weights.Length; row++)
        {
            double power = weights[row];
            for (int k = 0; k <= order; k++)
            {
                sums[k] += power;
                power *= parameters[row];
            }
        }

        return Array.ConvertAll(sums, sum => sum / sums[0]);
    }
}
