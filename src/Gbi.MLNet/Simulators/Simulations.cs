using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Parts;
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
    private static readonly string UsualWeight = new ParquetWriteOptions().WeightColumn;

    private readonly bool[] _isValid;

    /// <summary>Simulations of two tables.</summary>
    /// <param name="parameters">
    /// θ, one column a parameter, finite; with weights, finite and above 0, where the points were drawn from another density than the
    /// prior: the prior's over theirs, up to a constant.
    /// </param>
    /// <param name="observations">x, one column a feature; as many rows, without weights or with the same.</param>
    /// <exception cref="DataException">
    /// Numbers of rows or weights disagree, a name is in both, a parameter is not finite, or a weight is no finite number above 0.
    /// </exception>
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

        if (observations.HasWeights && !observations.Weights.SequenceEqual(parameters.Weights))
        {
            throw new DataException("The observations have other weights than the points; give weights of simulations with the points.");
        }

        RequireWeights(parameters, "of the simulations");
        Parameters = parameters;
        Observations = observations.WithWeights(null);
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
    /// <param name="features">
    /// Columns of x in the same way; null for all other columns of numbers but <c>seed</c>, where none of them is named <c>weight</c>.
    /// </param>
    /// <param name="weightColumn">
    /// Column of weights, finite and above 0: the prior's density over the one that the points were drawn from, up to a constant; null
    /// where each simulation counts 1.
    /// </param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <exception cref="DataException">
    /// A file or a column is missing or unreadable, files have other columns, the column of weights is a parameter or a feature, a
    /// parameter is not finite, or a weight is no finite number above 0.
    /// </exception>
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
                    $"{EventParts.NameOf(file)} and {EventParts.NameOf(files[0])} have other columns: {string.Join(", ", odd)} in one of "
                        + "them "
                        + "only; name the parameters and features that all files have.");
            }

            EventTable table = TableFile.Read(file, [.. theta, .. x], options, cancellation);
            RequireWeights(table, $"in column '{weightColumn}' of {EventParts.NameOf(file)}");
            all = all?.Append(table) ?? table;
        }

        return new Simulations(all!.WithColumns(theta), all.WithColumns(x));
    }

    private static (string[] Parameters, string[] Features) Columns(
        string file, IReadOnlyList<string> parameters, IReadOnlyList<string>? features, string? weight)
    {
        string[] columns = TableFile.NumberColumns(file);
        string name = EventParts.NameOf(file);
        string[] theta = FeatureNames.Expand(parameters, columns, name, [weight]);
        string[] x = features is null
            ? [.. columns.Where(column => column != weight && column != BatchFiles.Seed && !theta.Contains(column))]
            : FeatureNames.Expand(features, columns, name, [weight, .. theta]);
        if (weight is not null && (theta.Contains(weight) || x.Contains(weight)))
        {
            string other = theta.Contains(weight) ? "parameter" : "feature";
            throw new DataException($"Column '{weight}' of {name} holds the weights and is named as a {other}; name it as one of them.");
        }

        if (weight is null && features is null && x.Contains(UsualWeight))
        {
            throw new DataException(
                $"{name} has a column '{UsualWeight}', which may hold the weights of the simulations or be a feature; say which by "
                    + "--weight or --features.");
        }

        return theta.Length > 0 && x.Length > 0 ? (theta, x) : throw new DataException(
            $"{name} has the parameters {string.Join(", ", theta)} and the features {string.Join(", ", x)}; name one column or more of "
                + "each.");
    }

    /// <summary>Refuses weights with which simulations stand for no density.</summary>
    internal static void RequireWeights(EventTable table, string where)
    {
        int row = Array.FindIndex(table.Weights.ToArray(), weight => !(weight > 0 && double.IsFinite(weight)));
        if (row >= 0)
        {
            throw new DataException(Text(
                $"The weight {where} is {table.Weights[row]} in row {row:N0}, expected a finite number above 0; ")
                + (table.Weights[row] < 0
                    ? "simulations with negative weights stand for no prior."
                    : "leave out simulations that the prior does not allow."));
        }
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
