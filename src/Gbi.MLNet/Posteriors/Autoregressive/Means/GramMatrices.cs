using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Posteriors.Autoregressive.Means;

/// <summary>
/// Sums of products of terms and target in each fold, from which every least-squares fit of these terms and its error on another fold
/// follow without another pass over the events.
/// </summary>
internal sealed class GramMatrices
{
    private const int TileSize = 16;
    private const int RowsOfABlock = 512;

    private readonly double[][,] _ofFolds;
    private readonly double[,] _total;

    private GramMatrices(PolynomialTerms terms, double[][,] ofFolds)
    {
        Terms = terms;
        _ofFolds = ofFolds;
        int size = terms.Count + 2;
        _total = new double[size, size];
        foreach (double[,] ofFold in ofFolds)
        {
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    ofFold[j, i] = ofFold[i, j];
                    _total[i, j] += ofFold[i, j];
                    _total[j, i] = _total[i, j];
                }
            }
        }
    }

    /// <summary>The terms.</summary>
    public PolynomialTerms Terms { get; }

    /// <summary>Number of folds.</summary>
    public int FoldCount => _ofFolds.Length;

    /// <summary>Sums over rows that are sorted by fold.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="features">Columns of the terms.</param>
    /// <param name="target">One per event.</param>
    /// <param name="weights">One per event.</param>
    /// <param name="rows">The events to sum over, fold after fold.</param>
    /// <param name="ends">End of each fold in <paramref name="rows"/>.</param>
    public static GramMatrices Of(
        PolynomialTerms terms, EventTable features, float[] target, double[] weights, int[] rows, int[] ends)
    {
        int size = terms.Count + 2;
        double[][] columns = new double[size][];
        EventBlocks.ForEachIndex(size, k => columns[k] = Column(terms, k, features, target, weights, rows));
        double[][,] ofFolds = [.. ends.Select(_ => new double[size, size])];
        EventBlocks.ForEachIndex(EventBlocks.CountOf(size, TileSize), tile =>
        {
            for (int fold = 0, start = 0; fold < ends.Length; start = ends[fold++])
            {
                for (int from = start; from < ends[fold]; from += RowsOfABlock)
                {
                    AddBlock(columns, ofFolds[fold], tile * TileSize, from..Math.Min(from + RowsOfABlock, ends[fold]));
                }
            }
        });
        return new GramMatrices(terms, ofFolds);
    }

    /// <summary>Adds the products of a tile of columns with those up to them over a block of rows, which stays in the cache.</summary>
    private static void AddBlock(double[][] columns, double[,] sums, int tile, Range rows)
    {
        for (int j = 0; j < Math.Min(tile + TileSize, columns.Length); j++)
        {
            ReadOnlySpan<double> second = columns[j].AsSpan(rows);
            for (int i = Math.Max(tile, j); i < Math.Min(tile + TileSize, columns.Length); i++)
            {
                sums[i, j] += TensorPrimitives.Dot(columns[i].AsSpan(rows), second);
            }
        }
    }

    /// <summary>Matrix and right-hand side of the normal equations, Σ w y² and Σ w, without a fold; of all folds for −1.</summary>
    public (double[,] Matrix, double[] Right, double Square, double Weight) Without(int fold)
    {
        int last = Terms.Count + 1;
        double[,] matrix = new double[last, last];
        double[] right = new double[last];
        double Of(int i, int j) => _total[i, j] - (fold < 0 ? 0 : _ofFolds[fold][i, j]);
        for (int i = 0; i < last; i++)
        {
            right[i] = Of(i, last);
            for (int j = 0; j < last; j++)
            {
                matrix[i, j] = Of(i, j);
            }
        }

        return (matrix, right, Of(last, last), Of(0, 0));
    }

    /// <summary>Σ w (y − c·t)² over a fold.</summary>
    public double SquaredError(int fold, double[] coefficients)
    {
        double[,] of = _ofFolds[fold];
        int last = Terms.Count + 1;
        double error = of[last, last];
        for (int i = 0; i < coefficients.Length; i++)
        {
            if (coefficients[i] == 0)
            {
                continue;
            }

            error -= 2 * coefficients[i] * of[i, last];
            for (int j = 0; j < coefficients.Length; j++)
            {
                error += coefficients[i] * coefficients[j] * of[i, j];
            }
        }

        return error;
    }

    /// <summary>Column 0 is the constant, the last one the target; all times the root of the weight.</summary>
    private static double[] Column(PolynomialTerms terms, int k, EventTable features, float[] target, double[] weights, int[] rows)
    {
        float[] values = new float[target.Length];
        if (k == 0)
        {
            Array.Fill(values, 1);
        }
        else if (k == terms.Count + 1)
        {
            target.CopyTo(values, 0);
        }
        else
        {
            terms.Fill(k - 1, features, values);
        }

        return Array.ConvertAll(rows, row => values[row] * Math.Sqrt(weights[row]));
    }
}
