using Gbi.Events;

namespace Gbi.Diagnostics.Power;

/// <summary>Two weighted samples in the order of their scores, ties kept together.</summary>
internal sealed class RankedScores
{
    private readonly List<Tie> _ties = [];
    private readonly double _first;
    private readonly double _second;

    public RankedScores(WeightedScores one, WeightedScores other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        float[] scores = [.. one.Scores, .. other.Scores];
        int[] order = new int[scores.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(scores, order);
        double area = 0;
        for (int start = 0; start < order.Length;)
        {
            WeightSums first = default;
            WeightSums second = default;
            int end = start;

            // CompareTo and not ==, so that missing values (NaN), which are sorted first, are equal to each other.
            for (; end < order.Length && scores[end].CompareTo(scores[start]) == 0; end++)
            {
                int row = order[end];
                bool isFirst = row < one.Count;
                first = isFirst ? first.With(one.Weight(row)) : first;
                second = isFirst ? second : second.With(other.Weight(row - one.Count));
            }

            _ties.Add(new Tie(first, second));
            area += first.Sum * (_second + (second.Sum / 2));
            _first += first.Sum;
            _second += second.Sum;
            start = end;
        }

        Area = area / (_first * _second);
    }

    /// <summary>Share of the pairs, one of each sample, in which the first scores higher; ties count half.</summary>
    public double Area { get; }

    /// <summary>See <see cref="RocCurve.AreaWithError"/>.</summary>
    public double AreaError()
    {
        double firstBelow = 0;
        double secondBelow = 0;
        double ofFirst = 0;
        double ofSecond = 0;
        foreach ((WeightSums first, WeightSums second) in _ties)
        {
            double a = ((secondBelow + (second.Sum / 2)) / _second) - Area;
            double b = 1 - ((firstBelow + (first.Sum / 2)) / _first) - Area;
            ofFirst += first.Squares * a * a;
            ofSecond += second.Squares * b * b;
            firstBelow += first.Sum;
            secondBelow += second.Sum;
        }

        return Math.Sqrt((ofFirst / (_first * _first)) + (ofSecond / (_second * _second)));
    }

    /// <summary>
    /// The largest distance D of the two cumulative distributions, and the largest variance of their difference,
    /// Σ over samples of [(1−F)² G + F² (T−G)] / W², with F the share of the weight W, and G that of the squared weights T, at or
    /// below a value: F(1−F)/n for n events of equal weight.
    /// </summary>
    public (double Distance, double Variance) LargestDistance()
    {
        WeightSums first = default;
        WeightSums second = default;
        double firstSquares = 0;
        double secondSquares = 0;
        foreach (Tie tie in _ties)
        {
            firstSquares += tie.First.Squares;
            secondSquares += tie.Second.Squares;
        }

        double distance = 0;
        double variance = 0;
        foreach (Tie tie in _ties)
        {
            first += tie.First;
            second += tie.Second;
            distance = Math.Max(distance, Math.Abs((first.Sum / _first) - (second.Sum / _second)));
            variance = Math.Max(variance, Variance(first, _first, firstSquares) + Variance(second, _second, secondSquares));
        }

        return (distance, variance);
    }

    private static double Variance(WeightSums below, double sum, double squares)
    {
        double share = below.Sum / sum;
        return (((1 - share) * (1 - share) * below.Squares) + (share * share * (squares - below.Squares))) / (sum * sum);
    }

    /// <summary>The events of each sample with one score.</summary>
    private readonly record struct Tie(WeightSums First, WeightSums Second);
}
