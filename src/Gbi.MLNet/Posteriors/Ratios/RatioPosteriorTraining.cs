using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Posteriors.Misspecification;
using Gbi.Simulators.Priors;
using Gbi.Trees.Model;

namespace Gbi.Posteriors.Ratios;

/// <content>How the ratio is learnt.</content>
public sealed partial class RatioPosterior
{
    /// <summary>Learns the ratio.</summary>
    /// <param name="prior">What the parameters were drawn from.</param>
    /// <param name="parameters">θ of the simulations, a column a parameter; its weights are those of the simulations.</param>
    /// <param name="observations">x of the same rows; NaN for a missing value. Failed simulations are left out before.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="seed">Same seed, same posterior.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">
    /// Rows disagree or are too few, a parameter is constant or outside the prior, or the prior has no density, which only the contrast of
    /// a tree posterior does without.
    /// </exception>
    public static RatioPosterior Train(
        Prior prior, EventTable parameters, EventTable observations, RatioPosteriorOptions options, Seed seed,
        CancellationToken cancellation = default) => Train(prior, parameters, observations, options, seed, null, cancellation);

    /// <summary>The same, told how far a correction is: a step for each posterior and each member.</summary>
    internal static RatioPosterior Train(
        Prior prior, EventTable parameters, EventTable observations, RatioPosteriorOptions options, Seed seed,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentNullException.ThrowIfNull(options);
        TrainingSimulations.Require(prior, parameters, observations);
        EventTable x = observations.WithWeights(null);
        double[] weights = TrainingSimulations.EffectiveWeights(parameters);
        options = options with
        {
            Trees = TrainingSimulations.TreesFor(options.Trees, weights),
            MeanTrees = TrainingSimulations.TreesFor(options.MeanTrees, weights),
        };
        return options.Contrast == RatioContrast.TreePosterior
            ? TrainCorrection(prior, parameters, x, options, seed, progress, cancellation)
            : TrainRatio(prior, parameters, x, weights, options, seed, cancellation);
    }

    private static RatioPosterior TrainRatio(
        Prior prior, EventTable parameters, EventTable x, double[] weights, RatioPosteriorOptions options, Seed seed,
        CancellationToken cancellation)
    {
        if (!prior.HasDensity)
        {
            throw new DataException(
                $"The prior of {string.Join(", ", prior.Parameters)} is known by rows of a file alone, so that a ratio to it gives no "
                    + "density; give a prior with a density, or learn a posterior by TreePosterior.");
        }

        var set = new TrainingSet(weights, Folds.Of(weights.Length, options.FoldCount, seed.Child("folds")), cancellation);
        float[][] values = [.. prior.Parameters.Select(name => parameters[name].ToArray())];
        float[][] coordinates = [.. values.SelectMany((column, k) => ParameterScale.Of(prior, k).Coordinates(column))];
        (Summaries summaries, SummarisedEvents events) = Summaries.Fit(coordinates, x, set, options.MeanTrees);
        var reference = ReferenceDensity.Of(prior, values, summaries, events, set, options.Contrast);
        IContrastDensity contrast = reference.At(events);
        TreeEnsemble[] members = TrainMembers(
            ofMember => RatioMember.Features(contrast, values, options.ContrastCount, ofMember.Child("contrast")), set, options, seed);
        var alarm = MisspecificationAlarm.Learn(
            parameters.HasWeights ? x.WithWeights(weights) : x, x.ColumnNames, seed.Child("alarm"), summaries.MeansOf(events));
        return new RatioPosterior(reference, members, alarm, [.. x.ColumnNames], options, seed.Child("normalisation"));
    }

    /// <summary>A posterior of all simulations, and trees that learn from each part what one of the other parts gets wrong.</summary>
    private static RatioPosterior TrainCorrection(
        Prior prior, EventTable parameters, EventTable x, RatioPosteriorOptions options, Seed seed, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        double[] weights = TrainingSimulations.EffectiveWeights(parameters);
        int[] partOf = seed.Child("parts").Folds(weights.Length, options.PartCount);
        int[][] rowsOf = [.. Enumerable.Range(0, options.PartCount).Select(part =>
            (int[])[.. Enumerable.Range(0, weights.Length).Where(row => partOf[row] == part)])];
        if (weights.Length - rowsOf.Max(rows => rows.Length) < TrainingSimulations.Fewest)
        {
            throw new DataException(
                $"There are {weights.Length:N0} simulations, too few for a correction: each third of them is compared with a posterior of "
                    + $"the others, which needs {TrainingSimulations.Fewest}; give {2 * TrainingSimulations.Fewest} at least.");
        }

        // The same orders of the parameters in all of them, as members are compared.
        Seed ofPosterior = seed.Child("posterior");
        var posterior = TreePosterior.Train(prior, parameters, x, options.Posterior, ofPosterior, progress: null, cancellation);
        float[][] values = [.. prior.Parameters.Select(name => parameters[name].ToArray())];
        double steps = options.PartCount + 2;
        progress?.Report(1 / steps);
        EventTable? features = null;
        for (int part = 0; part < rowsOf.Length; part++)
        {
            int[] others = [.. Enumerable.Range(0, weights.Length).Where(row => partOf[row] != part)];
            var without = TreePosterior.Train(
                prior, parameters.Select(others), x.Select(others), options.Posterior, ofPosterior, progress: null, cancellation);
            IContrastDensity contrast = new TreeContrast(without).At(without.Summaries.Predict(x.Select(rowsOf[part])));
            EventTable ofPart = RatioMember.Features(
                contrast, [.. values.Select(column => Array.ConvertAll(rowsOf[part], row => column[row]))], options.ContrastCount,
                seed.Child("contrast").Child(part));
            features = features?.Append(ofPart) ?? ofPart;
            progress?.Report((part + 2) / steps);
        }

        double[] inOrder = [.. rowsOf.SelectMany(rows => rows.Select(row => weights[row]))];
        var set = new TrainingSet(inOrder, Folds.Of(inOrder.Length, options.FoldCount, seed.Child("folds")), cancellation);
        TreeEnsemble[] members = TrainMembers(_ => features!, set, options, seed);
        progress?.Report(1);
        return new RatioPosterior(
            new TreeContrast(posterior), members, posterior.Alarm!, [.. x.ColumnNames], options, seed.Child("normalisation"));
    }

    private static TreeEnsemble[] TrainMembers(Func<Seed, EventTable> featuresOf, TrainingSet set, RatioPosteriorOptions options, Seed seed)
    {
        var members = new TreeEnsemble[options.MemberCount];
        EventBlocks.ForEachIndex(
            members.Length,
            k =>
            {
                Seed ofMember = seed.Child("members").Child(k);
                members[k] = RatioMember.Train(featuresOf(ofMember), set, options, ofMember);
            },
            set.Cancellation);
        return members;
    }
}
