using Gbi.Inference.Fits;
using Gbi.Inference.Toys;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Belts;

/// <summary>
/// Confidence intervals of μ that keep coverage, at a bound of μ too: a value is accepted where the data's likelihood
/// ratio t_μ = −2 ln [L(μ, θ̂̂)/L(μ̂, θ̂)], with μ̂ within its bounds, is at most the quantile of toys drawn at that value, nuisance
/// parameters at their best for the data there.
/// </summary>
/// <remarks>Feldman and Cousins, Phys. Rev. D 57 (1998) 3873, arXiv:physics/9711021.</remarks>
public sealed class FeldmanCousins
{
    private const int StartingPoints = 9;
    private const double Margin = 1.25;
    private const int MostWidenings = 40;

    // A step that ends this near to a bound, as a share of it, is meant to end there.
    private const double Rounding = 1e-6;

    private readonly LikelihoodModel _model;
    private readonly ModelData _observed;
    private readonly FeldmanCousinsOptions _options;
    private readonly Seed _seed;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly double _lower;
    private readonly double _upper;
    private readonly SortedDictionary<double, FeldmanCousinsRow> _rows = [];
    private int _expectedRows;

    private FeldmanCousins(
        LikelihoodModel model, ModelData observed, FeldmanCousinsOptions options, Seed seed, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        _model = options.AllowsNegative ? model : Physical(model);
        (_observed, _options, _seed, _progress, _cancellation) = (observed, options, seed, progress, cancellation);
        FitParameter mu = _model.Parameters[ProfileLikelihood.RequireParameterOfInterest(_model)];
        (_lower, _upper) = (mu.Lower, mu.Upper);
        if (options.Grid is { } grid && !(grid[0] >= _lower && grid[^1] <= _upper))
        {
            throw new ArgumentException(
                Text(
                    $"The grid of {mu.Name} runs from {grid[0]:G6} to {grid[^1]:G6}, expected values from {_lower:G6} to {_upper:G6}; "
                        + $"shorten it, or allow negative values."), nameof(options));
        }
    }

    /// <summary>Builds the belt and inverts it. The toys at a μ depend on the seed and on that μ alone.</summary>
    /// <param name="model">The model; the bounds of its parameter of interest, and 0 unless negative values are allowed, are the physical
    /// ones. Unbinned channels have reference samples.</param>
    /// <param name="observed">The observed data.</param>
    /// <param name="options">Confidence levels, number of toys, values of μ.</param>
    /// <param name="seed">Origin of the random numbers.</param>
    /// <param name="progress">Receives the finished fraction, from 0 to 1, as far as it can be foreseen.</param>
    /// <param name="cancellation">Stops between toys.</param>
    /// <exception cref="FitException">The observed data cannot be fitted, no toys can be drawn, all toys of a μ fail, or no μ of a given
    /// grid is accepted. Single toys that fail are counted.</exception>
    /// <remarks>
    /// Without a grid, the first values span the asymptotic interval of the highest level and a quarter more. They are carried on until
    /// both outer ones are rejected or a bound is met, and the segments in which intervals end are halved a few times.
    /// </remarks>
    public static FeldmanCousinsResult Run(
        LikelihoodModel model,
        ModelData observed,
        FeldmanCousinsOptions options,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(options);
        return new FeldmanCousins(model, observed, options, seed, progress, cancellation).Run();
    }

    /// <summary>The model with μ ≥ 0, where its bounds allow that.</summary>
    private static LikelihoodModel Physical(LikelihoodModel model)
    {
        int at = ProfileLikelihood.RequireParameterOfInterest(model);
        FitParameter mu = model.Parameters[at];
        if (mu.Lower >= 0 || mu.Upper <= 0)
        {
            return model;
        }

        FitParameter physical = mu with { Lower = 0, Initial = Math.Max(0, mu.Initial) };
        return new LikelihoodModel([.. model.Parameters.Select((parameter, i) => i == at ? physical : parameter)], model.Channels, mu.Name);
    }

    private FeldmanCousinsResult Run()
    {
        if (_options.Grid is { } grid)
        {
            AddAll(grid);
        }
        else
        {
            Search();
        }

        FeldmanCousinsRow[] rows = [.. _rows.Values];
        return new FeldmanCousinsResult
        {
            Rows = rows,
            Intervals =
            [
                .. _options.ConfidenceLevels.Select(
                    level => BeltPoint.Invert([.. rows.Select(row => row.At(level))], _lower, _upper, level))
            ],
            MuHat = ProfileLikelihood.Of(new Likelihood(_model, _observed)).MuHat,
        };
    }

    private void Search()
    {
        IReadOnlyList<double> start = StartingGrid();
        _expectedRows = start.Count + (2 * _options.ConfidenceLevels.Count * _options.Halvings);
        AddAll(start);
        Widen(start[1] - start[0]);
        for (int halving = 0; halving < _options.Halvings; halving++)
        {
            AddAll([.. _options.ConfidenceLevels.SelectMany(Ends).Distinct().Order()]);
        }
    }

    private IReadOnlyList<double> StartingGrid()
    {
        ConfidenceInterval asymptotic = ProfileInterval.Of(
            ProfileLikelihood.Of(new Likelihood(_model, _observed)), _lower, _upper, _options.ConfidenceLevels.Max());
        double margin = (Margin - 1) * (asymptotic.Upper - asymptotic.Lower) / 2;
        return BeltGrid.Of(Math.Max(_lower, asymptotic.Lower - margin), Math.Min(_upper, asymptotic.Upper + margin), StartingPoints);
    }

    /// <summary>Carries the grid on while its outermost value is accepted at the highest level.</summary>
    private void Widen(double step)
    {
        double level = _options.ConfidenceLevels.Max();
        for (int count = 0; count < MostWidenings && _rows.First().Value is var first && first.At(level).Excess > 0
            && first.Mu > _lower; count++)
        {
            Add(first.Mu - step > _lower + (Rounding * step) ? first.Mu - step : _lower);
        }

        for (int count = 0; count < MostWidenings && _rows.Last().Value is var last && last.At(level).Excess > 0
            && last.Mu < _upper; count++)
        {
            Add(last.Mu + step < _upper - (Rounding * step) ? last.Mu + step : _upper);
        }
    }

    /// <summary>The middle of the two segments in which the interval of a level ends.</summary>
    private IEnumerable<double> Ends(double level)
    {
        BeltPoint[] points = [.. _rows.Values.Select(row => row.At(level))];
        int first = Array.FindIndex(points, point => point.Excess > 0);
        int last = Array.FindLastIndex(points, point => point.Excess > 0);
        if (first > 0)
        {
            yield return (points[first - 1].Mu + points[first].Mu) / 2;
        }

        if (last >= 0 && last < points.Length - 1)
        {
            yield return (points[last].Mu + points[last + 1].Mu) / 2;
        }
    }

    private void AddAll(IReadOnlyList<double> mus)
    {
        _expectedRows = Math.Max(_expectedRows, _rows.Count + mus.Count);
        foreach (double mu in mus)
        {
            Add(mu);
        }
    }

    private void Add(double mu)
    {
        _cancellation.ThrowIfCancellationRequested();
        _expectedRows = Math.Max(_expectedRows, _rows.Count + 1);
        var toys = new ProfiledToys(_model, _observed, mu, _seed.Child(BitConverter.DoubleToInt64Bits(mu)));
        double t = toys.Observe(mu, TestStatistic.TMu).Value;
        var progress = PartialProgress.Of(_progress, (double)_rows.Count / _expectedRows, 1.0 / _expectedRows);
        ToyFits fits = toys.Fit(0, _options.ToyCount, mu, TestStatistic.TMu, progress, _cancellation);
        double p = fits.ShareAbove(t);
        _rows[mu] = new FeldmanCousinsRow
        {
            Mu = mu,
            T = t,
            Critical = [.. _options.ConfidenceLevels.Select(fits.Quantile)],
            P = p,
            PError = Math.Sqrt(p * (1 - p) / fits.FittedCount),
            ToyCount = _options.ToyCount,
            Failures = fits.Failures,
        };
    }
}

/// <summary>A Feldman–Cousins belt at the observed data, and the intervals that it gives.</summary>
public sealed record FeldmanCousinsResult
{
    /// <summary>The values of μ that were tried, ascending.</summary>
    public required IReadOnlyList<FeldmanCousinsRow> Rows { get; init; }

    /// <summary>One interval a confidence level, in the order of the options.</summary>
    public required IReadOnlyList<BeltInterval> Intervals { get; init; }

    /// <summary>μ̂ of the observed data, within its bounds.</summary>
    public required double MuHat { get; init; }

    /// <summary>Number of toys whose fits failed.</summary>
    public int FailureCount => Rows.Sum(row => row.Failures.Count);
}

/// <summary>One μ of a Feldman–Cousins belt.</summary>
public sealed record FeldmanCousinsRow
{
    /// <summary>μ.</summary>
    public required double Mu { get; init; }

    /// <summary>t_μ of the observed data.</summary>
    public required double T { get; init; }

    /// <summary>The t_μ up to which data are accepted, one a confidence level: a quantile of the toys.</summary>
    public required IReadOnlyList<ToyQuantile> Critical { get; init; }

    /// <summary>P(t_μ ≥ observed | μ): a share of the toys. μ is accepted at a level CL where this is above 1 − CL.</summary>
    public required double P { get; init; }

    /// <summary>Binomial standard error of <see cref="P"/>.</summary>
    public required double PError { get; init; }

    /// <summary>Number of toys drawn.</summary>
    public required int ToyCount { get; init; }

    /// <summary>The toys whose fits failed; they are in no share and no quantile.</summary>
    public required IReadOnlyList<ToyFailure> Failures { get; init; }

    internal BeltPoint At(double confidenceLevel) => new(Mu, P - (1 - confidenceLevel), PError);
}
