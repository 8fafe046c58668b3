using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Numerics;
using Gbi.Simulators.Priors;
using Gbi.Simulators.Processes;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators;

/// <summary>
/// Simulations: points θ and the observations x that were simulated at them, row by row. A simulation whose observation has a NaN or an
/// infinity has failed; it stays here and is counted, and <see cref="Valid"/> leaves it out.
/// </summary>
public sealed class Simulations
{
    private readonly bool[] _isValid;

    /// <summary>Simulations of two tables.</summary>
    /// <param name="parameters">θ, one column a parameter, finite; with weights where simulations are weighted.</param>
    /// <param name="observations">x, one column a feature; as many rows.</param>
    /// <exception cref="DataException">Numbers of rows disagree, a name is in both, or a parameter is not finite.</exception>
    public Simulations(EventTable parameters, EventTable observations)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(observations);
        if (parameters.Count != observations.Count)
        {
            throw new DataException(Text(
                $"There are {parameters.Count:N0} points and {observations.Count:N0} observations; give one observation a point."));
        }

        string? both = parameters.ColumnNames.FirstOrDefault(name => observations.ColumnNames.Contains(name));
        if (both is not null)
        {
            throw new DataException($"Column '{both}' is a parameter and a feature; name it as one of them.");
        }

        foreach (string name in parameters.ColumnNames)
        {
            int row = FirstNotFinite(parameters[name]);
            if (row >= 0)
            {
                throw new DataException(Text(
                    $"Parameter '{name}' is {parameters[name][row]} in row {row:N0}, expected finite numbers; drop the row."));
            }
        }

        Parameters = parameters;
        Observations = observations;
        _isValid = new bool[parameters.Count];
        Array.Fill(_isValid, true);
        foreach (string name in observations.ColumnNames)
        {
            ReadOnlySpan<float> values = observations[name];
            for (int row = 0; row < values.Length; row++)
            {
                _isValid[row] &= float.IsFinite(values[row]);
            }
        }

        FailedCount = _isValid.Count(valid => !valid);
    }

    /// <summary>θ, one column a parameter.</summary>
    public EventTable Parameters { get; }

    /// <summary>x, one column a feature; NaN or infinite in failed simulations.</summary>
    public EventTable Observations { get; }

    /// <summary>Number of simulations, failed ones included.</summary>
    public int Count => _isValid.Length;

    /// <summary>Number of failed simulations.</summary>
    public int FailedCount { get; }

    /// <summary>Whether a simulation has not failed.</summary>
    public bool IsValid(int row) => _isValid[row];

    /// <summary>The simulations that have not failed. Their parameters have the density p(θ) P(valid|θ), up to a constant.</summary>
    public Simulations Valid()
    {
        if (FailedCount == 0)
        {
            return this;
        }

        int[] rows = [.. Enumerable.Range(0, Count).Where(row => _isValid[row])];
        return new Simulations(Parameters.Select(rows), Observations.Select(rows));
    }

    /// <summary>Where in θ simulations have failed.</summary>
    /// <param name="prior">Its ranges are cut into tenths; null for the ranges of the points.</param>
    public SimulationFailures Failures(Prior? prior = null) => SimulationFailures.Of(this, prior);

    /// <summary>Draws points from a prior and simulates at each.</summary>
    /// <param name="simulator">The simulator, with the prior's parameters.</param>
    /// <param name="prior">The prior.</param>
    /// <param name="count">Number of simulations. Range: 1 or more.</param>
    /// <param name="seed">Origin of all random numbers. The result depends on it and on the simulator's batch size.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between simulations.</param>
    /// <exception cref="DataException">Parameters disagree, the simulator breaks its contract, or all simulations failed.</exception>
    public static Simulations Run(
        ISimulator simulator, Prior prior, int count, Seed seed, IProgress<double>? progress = null,
        CancellationToken cancellation = default) =>
        new SimulationPlan(simulator, prior, count, seed).Run(progress, cancellation);

    /// <summary>Reads simulations made before, from Parquet or CSV files, one after the other.</summary>
    /// <param name="files">The files; all have the columns.</param>
    /// <param name="parameters">Columns of θ: names, wildcards such as <c>theta_*</c>, or ranges such as <c>theta_1..theta_4</c>.</param>
    /// <param name="features">Columns of x in the same way; null for all other columns of numbers but <c>seed</c>.</param>
    /// <param name="weightColumn">Column of weights; null where each simulation counts 1.</param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <exception cref="DataException">A file or a column is missing or unreadable, files have other columns, or a parameter is not
    /// finite.</exception>
    public static Simulations Read(
        IReadOnlyList<string> files, IReadOnlyList<string> parameters, IReadOnlyList<string>? features = null, string? weightColumn = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(parameters);
        if (files.Count == 0)
        {
            throw new DataException("There is no file of simulations; give one or more.");
        }

        (string[] theta, string[] x) = Columns(files[0], parameters, features, weightColumn);
        var options = new EventReadOptions { WeightColumn = weightColumn, MissingValue = double.NaN, KeepsNonFinite = true };
        EventTable? all = null;
        foreach (string file in files)
        {
            (string[] itsTheta, string[] itsX) = Columns(file, parameters, features, weightColumn);
            if (!itsTheta.Order().SequenceEqual(theta.Order()) || !itsX.Order().SequenceEqual(x.Order()))
            {
                string[] odd = [.. theta.Concat(x).Except(itsTheta.Concat(itsX)), .. itsTheta.Concat(itsX).Except(theta.Concat(x))];
                throw new DataException(
                    $"{Path.GetFileName(file)} and {Path.GetFileName(files[0])} have other columns: {string.Join(", ", odd)} in one of "
                        + "them "
                        + "only; name the parameters and features that all files have.");
            }

            EventTable table = TableFile.Read(file, [.. theta, .. x], options, cancellation);
            all = all?.Append(table) ?? table;
        }

        return new Simulations(all!.WithColumns(theta), all.WithColumns(x));
    }

    private static (string[] Parameters, string[] Features) Columns(
        string file, IReadOnlyList<string> parameters, IReadOnlyList<string>? features, string? weight)
    {
        string[] columns = TableFile.NumberColumns(file);
        string name = Path.GetFileName(file);
        string[] theta = FeatureNames.Expand(parameters, columns, name, [weight]);
        string[] x = features is null
            ? [.. columns.Where(column => column != weight && column != BatchFiles.Seed && !theta.Contains(column))]
            : FeatureNames.Expand(features, columns, name, [weight, .. theta]);
        return theta.Length > 0 && x.Length > 0 ? (theta, x) : throw new DataException(
            $"{name} has the parameters {string.Join(", ", theta)} and the features {string.Join(", ", x)}; name one column or more of "
                + "each.");
    }

    private static int FirstNotFinite(ReadOnlySpan<float> values)
    {
        for (int row = 0; row < values.Length; row++)
        {
            if (!float.IsFinite(values[row]))
            {
                return row;
            }
        }

        return -1;
    }
}
