using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;

namespace Gbi.Diagnostics.Posteriors;

/// <summary>
/// One pass over test pairs that ranks the truth of each among its draws; numbers of a pair depend on the seed and the pair.
/// </summary>
internal sealed class RankPass
{
    private const int BlockSize = 32;
    private const int ComparedDraws = 100;

    // A draw rounded to single precision may fall into the neighbouring cell of a piecewise density.
    private const double LargestShareThatDiffers = 0.05;

    // Densities of equal points, such as values of discrete parameters, may differ in the last digits by the way they are computed.
    private const double Rounding = 1e-9;

    private readonly TestPairs _pairs;
    private readonly int _drawCount;
    private readonly Seed _seed;
    private readonly Seed _ties;
    private readonly ReferencePoints _references;
    private readonly ReadOnlyMemory<float>[] _truths;
    private readonly RankColumns _columns;
    private readonly int[] _repeated;

    /// <param name="pairs">The pairs.</param>
    /// <param name="drawCount">Draws of each.</param>
    /// <param name="hasDensities">Whether ln q is known.</param>
    /// <param name="seed">Of draws, ties and reference points.</param>
    public RankPass(TestPairs pairs, int drawCount, bool hasDensities, Seed seed)
    {
        _pairs = pairs;
        _drawCount = drawCount;
        _seed = seed;
        _ties = seed.Child("ties");
        _references = ReferencePoints.Choose(pairs, seed.Child("reference points"));
        _truths = [.. pairs.Parameters.ColumnNames.Select(pairs.Parameters.Memory)];
        int densities = hasDensities ? pairs.Count : 0;
        _columns = new RankColumns(
            Columns(), Columns(), Columns(), new double[densities], new double[pairs.Count], new double[densities]);
        _repeated = new int[pairs.Count];

        double[][] Columns() => [.. _truths.Select(_ => new double[pairs.Count])];
    }

    /// <summary>Draws and ranks.</summary>
    public PosteriorRanks Run(IPosteriorModel model, IProgress<double>? progress, CancellationToken cancellation)
    {
        progress?.Report(0);
        Seed seed = _seed.Child("draws");
        int done = 0;
        EventBlocks.ForEach(_pairs.Count, (start, length) =>
        {
            EventTable observations = _pairs.Observations.Slice(start, length);
            PosteriorDraws draws = model.Draw(observations, _drawCount, seed.Child(start), cancellation);
            if (draws.ObservationCount != length || draws.DrawCount != _drawCount)
            {
                throw new DataException(
                    $"The posterior made {draws.DrawCount:N0} draws for {draws.ObservationCount:N0} observations where {_drawCount:N0} "
                        + $"draws for {length:N0} were asked for.");
            }

            if (start == 0)
            {
                RequireSameDensities(model, draws, observations.Slice(0, 1), cancellation);
            }

            double[] ofTruths = model.LogDensity(_pairs.Parameters.Slice(start, length), observations, cancellation);
            Rank(draws, ofTruths, start);
            progress?.Report((double)Interlocked.Add(ref done, length) / _pairs.Count);
        }, BlockSize, cancellation);
        return Result();
    }

    /// <summary>Ranks among given draws.</summary>
    public PosteriorRanks Run(PosteriorDraws draws, IReadOnlyList<double>? logDensities)
    {
        Rank(draws, logDensities, 0);
        return Result();
    }

    private PosteriorRanks Result() => new(
        _pairs,
        _columns with { RepeatedShare = _drawCount > 1 ? _repeated.Sum(count => (double)count) / _pairs.Count / (_drawCount - 1) : 0 },
        _drawCount);

    private void Rank(PosteriorDraws draws, IReadOnlyList<double>? ofTruths, int start)
    {
        ReadOnlyMemory<float>[] columns = [.. _pairs.Parameters.ColumnNames.Select(draws.Table.Memory)];
        int count = draws.ObservationCount;
        EventBlocks.ForEach(count, (first, length) =>
        {
            for (int row = first; row < first + length; row++)
            {
                int pair = start + row;
                for (int j = 0; j < columns.Length; j++)
                {
                    RankParameter(columns[j].Span.Slice(row * _drawCount, _drawCount), pair, j);
                }

                RankDistance(columns, row * _drawCount, pair);
                if (ofTruths is not null)
                {
                    RankDensity(draws.LogDensities, row * _drawCount, ofTruths[row], pair);
                }
            }
        }, BlockSize);
    }

    private void RankParameter(ReadOnlySpan<float> draws, int pair, int parameter)
    {
        double truth = _truths[parameter].Span[pair];
        int below = 0;
        int equal = 0;
        double sum = 0;
        foreach (float draw in draws)
        {
            if (!float.IsFinite(draw))
            {
                throw new DataException(
                    $"A draw of '{_pairs.Parameters.ColumnNames[parameter]}' for test pair {pair:N0} is {draw}, expected a finite number.");
            }

            below += draw < truth ? 1 : 0;
            equal += draw == truth ? 1 : 0;
            sum += draw;
        }

        double mean = sum / draws.Length;
        double squares = 0;
        foreach (float draw in draws)
        {
            squares += (draw - mean) * (draw - mean);
        }

        _columns.Ranks[parameter][pair] = Uniform(below, equal, pair, parameter);
        _columns.Means[parameter][pair] = mean;
        _columns.Deviations[parameter][pair] = draws.Length > 1 ? Math.Sqrt(squares / (draws.Length - 1)) : double.NaN;
    }

    private void RankDistance(ReadOnlyMemory<float>[] columns, int from, int pair)
    {
        ReadOnlySpan<double> reference = _references.Of(pair);
        Span<double> squares = new double[_drawCount];
        Span<bool> repeats = new bool[_drawCount];
        repeats[1..].Fill(true);
        double ofTruth = 0;
        for (int j = 0; j < columns.Length; j++)
        {
            double unit = 1 / _references.Scales[j];
            double distance = (_truths[j].Span[pair] - reference[j]) * unit;
            ofTruth += distance * distance;
            ReadOnlySpan<float> draws = columns[j].Span.Slice(from, _drawCount);
            for (int i = 0; i < draws.Length; i++)
            {
                distance = (draws[i] - reference[j]) * unit;
                squares[i] += distance * distance;
                repeats[i] = repeats[i] && draws[i] == draws[i - 1];
            }
        }

        int nearer = 0;
        int equal = 0;
        foreach (double square in squares)
        {
            nearer += square < ofTruth ? 1 : 0;
            equal += square == ofTruth ? 1 : 0;
        }

        _columns.DistanceRanks[pair] = Uniform(nearer, equal, pair, columns.Length);
        _repeated[pair] = repeats.Count(true);
    }

    private void RankDensity(IReadOnlyList<double> densities, int from, double ofTruth, int pair)
    {
        int denser = 0;
        int equal = 0;
        for (int i = from; i < from + _drawCount; i++)
        {
            double density = densities[i];
            if (double.IsNaN(density) || double.IsInfinity(density))
            {
                throw new DataException($"ln q of a draw for test pair {pair:N0} is {density}; a draw has a finite density.");
            }

            bool same = Math.Abs(density - ofTruth) <= Rounding * (1 + Math.Abs(density));
            denser += density > ofTruth && !same ? 1 : 0;
            equal += same ? 1 : 0;
        }

        _columns.LogDensities[pair] = double.IsNaN(ofTruth) || double.IsPositiveInfinity(ofTruth)
            ? throw new DataException($"ln q of the true parameters of test pair {pair:N0} is {ofTruth}, expected a number below +∞.")
            : ofTruth;
        _columns.DensityRanks[pair] = Uniform(denser, equal, pair, _truths.Length + 1);
    }

    private double Uniform(int below, int equal, int pair, int which) =>
        (below + (_ties.Uniform(((long)pair * (_truths.Length + 2)) + which) * (equal + 1))) / (_drawCount + 1);

    /// <summary>Ranks of densities mean nothing where those of draws and those of given points are on different scales.</summary>
    private static void RequireSameDensities(
        IPosteriorModel model, PosteriorDraws draws, EventTable observation, CancellationToken cancellation)
    {
        int count = Math.Min(ComparedDraws, draws.DrawCount);
        double[] again = model.LogDensity(draws.Table.Slice(0, count), observation, cancellation);
        int[] differing = [.. Enumerable.Range(0, count).Where(i =>
            !(Math.Abs(again[i] - draws.LogDensities[i]) <= 1e-3 * (1 + Math.Abs(again[i]))))];
        if (differing.Length > 1 && differing.Length > LargestShareThatDiffers * count)
        {
            throw new DataException(
                $"For {differing.Length} of {count} draws the posterior gives another density than it did while drawing, such as "
                    + $"{again[differing[0]]} in place of {draws.LogDensities[differing[0]]}; both must be ln q(θ|x), normalised alike.");
        }
    }
}
