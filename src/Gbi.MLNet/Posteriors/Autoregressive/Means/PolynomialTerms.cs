using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Posteriors.Autoregressive.Means;

/// <summary>
/// Terms of a polynomial: standardised features and products of two of them, each centred. A missing value counts as the mean.
/// </summary>
internal sealed class PolynomialTerms
{
    private readonly Term[] _terms;

    private PolynomialTerms(string[] names, Term[] terms)
    {
        Names = names;
        _terms = terms;
    }

    /// <summary>Names of the columns.</summary>
    public string[] Names { get; }

    /// <summary>Number of terms.</summary>
    public int Count => _terms.Length;

    /// <summary>State of the terms, for a file.</summary>
    public IReadOnlyList<Term> All => _terms;

    /// <summary>Number of a term's first column.</summary>
    public int First(int term) => _terms[term].First;

    /// <summary>Terms that were saved.</summary>
    public static PolynomialTerms Of(string[] names, Term[] terms) => new(names, terms);

    /// <summary>All columns that are not constant.</summary>
    public static PolynomialTerms Linear(EventTable features, double[] weights)
    {
        string[] names = [.. features.ColumnNames];
        Term[] terms = [.. Enumerable.Range(0, names.Length).Select(k => Standardised(features[names[k]], weights, k))];
        return new PolynomialTerms(names, [.. terms.Where(term => term.Scale > 0)]);
    }

    /// <summary>The same and the products of pairs of columns.</summary>
    public static PolynomialTerms Quadratic(EventTable features, double[] weights, IEnumerable<(int First, int Second)> pairs)
    {
        PolynomialTerms linear = Linear(features, weights);
        var ofColumns = linear._terms.ToDictionary(term => term.First);
        (Term First, Term Second)[] factors =
        [
            .. pairs.Where(pair => ofColumns.ContainsKey(pair.First) && ofColumns.ContainsKey(pair.Second))
                .Select(pair => (ofColumns[pair.First], ofColumns[pair.Second])),
        ];
        var products = new Term[factors.Length];
        EventBlocks.ForEachIndex(factors.Length, k => products[k] = Product(linear.Names, factors[k], features, weights));
        return new PolynomialTerms(linear.Names, [.. linear._terms, .. products]);
    }

    /// <summary>Some of the terms.</summary>
    public PolynomialTerms Take(int[] terms) => new(Names, [.. terms.Select(k => _terms[k])]);

    /// <summary>Values of a term.</summary>
    public void Fill<T>(int term, EventTable features, Span<T> values)
        where T : struct, IFloatingPointIeee754<T>
    {
        Term chosen = _terms[term];
        FillLinear(chosen, features[Names[chosen.First]], values);
        if (chosen.Second < 0)
        {
            return;
        }

        T[] second = ArrayPool<T>.Shared.Rent(values.Length);
        Span<T> others = second.AsSpan(0, values.Length);
        FillStandardised(features[Names[chosen.Second]], chosen.SecondMean, chosen.SecondScale, others);
        TensorPrimitives.Multiply(values, others, values);
        TensorPrimitives.Subtract(values, T.CreateTruncating(chosen.ProductMean), values);
        ArrayPool<T>.Shared.Return(second);
    }

    private static Term Product(string[] names, (Term First, Term Second) factors, EventTable features, double[] weights)
    {
        float[] first = new float[features.Count];
        float[] second = new float[features.Count];
        FillLinear<float>(factors.First, features[names[factors.First.First]], first);
        FillLinear<float>(factors.Second, features[names[factors.Second.First]], second);
        TensorPrimitives.Multiply(first, second, second);
        return factors.First with
        {
            Second = factors.Second.First,
            SecondMean = factors.Second.Mean,
            SecondScale = factors.Second.Scale,
            ProductMean = Standardised(second, weights, 0).Mean,
        };
    }

    private static void FillLinear<T>(Term term, ReadOnlySpan<float> column, Span<T> values)
        where T : struct, IFloatingPointIeee754<T> => FillStandardised(column, term.Mean, term.Scale, values);

    private static void FillStandardised<T>(ReadOnlySpan<float> column, float mean, float scale, Span<T> values)
        where T : struct, IFloatingPointIeee754<T>
    {
        TensorPrimitives.ConvertTruncating(column, values);
        TensorPrimitives.Subtract(values, T.CreateTruncating(mean), values);
        TensorPrimitives.Multiply(values, T.CreateTruncating(scale), values);
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = T.IsNaN(values[row]) ? T.Zero : values[row];
        }
    }

    private static Term Standardised(ReadOnlySpan<float> column, double[] weights, int index)
    {
        double sum = 0;
        double total = 0;
        for (int row = 0; row < column.Length; row++)
        {
            bool known = !float.IsNaN(column[row]);
            total += known ? weights[row] : 0;
            sum += known ? weights[row] * column[row] : 0;
        }

        double mean = total > 0 ? sum / total : 0;
        double squares = 0;
        for (int row = 0; row < column.Length; row++)
        {
            double away = float.IsNaN(column[row]) ? 0 : column[row] - mean;
            squares += weights[row] * away * away;
        }

        double deviation = total > 0 ? Math.Sqrt(squares / total) : 0;
        bool constant = !(deviation > 1e-6 * Math.Abs(mean));
        return new Term(index, (float)mean, constant ? 0 : (float)(1 / deviation), -1, 0, 0, 0);
    }

    /// <summary>(x − mean)·scale of a column, times the same of a second one, less the mean product.</summary>
    internal readonly record struct Term(
        int First, float Mean, float Scale, int Second, float SecondMean, float SecondScale, float ProductMean);
}
