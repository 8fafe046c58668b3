using Gbi.Numerics.Minima;

namespace Gbi.Tests.Numerics.Minima;

public sealed class ArrowMatrixTests
{
    // Blocks {1, 4}, {2} and {5, 6, 0}; the border is {3, 7}.
    private static readonly ArrowLayout Layout = new([2, 0, 1, -1, 0, 2, 2, -1]);

    [Test]
    public void Products_and_inverses_are_those_of_the_plain_matrix()
    {
        (ArrowMatrix arrow, double[] plain) = Filled();
        int size = Layout.Count;
        double[] vector = [.. Enumerable.Range(0, size).Select(i => Math.Sin(i + 1))];
        double[] product = new double[size];
        arrow.Multiply(vector, product);
        double[] inverse = LinearSystem.InverseOfPositiveDefinite(plain, size)!;
        var factor = new ArrowFactor(Layout);
        Assert.That(factor.TryFactorise(arrow, new double[size], [.. vector.Select(_ => true)]));
        double[] solved = [.. vector];
        factor.Solve(solved);

        Assert.Multiple(() =>
        {
            Assert.That(product, Is.EqualTo(Times(plain, vector)).Within(1e-12));
            Assert.That(solved, Is.EqualTo(Times(inverse, vector)).Within(1e-12));
            Assert.That(factor.Inverse(2), Is.EqualTo(inverse.Select(value => 2 * value)).Within(1e-12));
            Assert.That(Enumerable.Range(0, size).Select(arrow.Diagonal), Is.EqualTo(
                Enumerable.Range(0, size).Select(i => plain[i * (size + 1)])));
        });
    }

    [Test]
    public void Unused_variables_have_no_part_in_it()
    {
        (ArrowMatrix arrow, double[] plain) = Filled();
        int size = Layout.Count;
        int[] used = [0, 1, 2, 5, 7];
        bool[] isUsed = [.. Enumerable.Range(0, size).Select(i => used.Contains(i))];
        double[] reduced = [.. used.SelectMany(row => used.Select(column => plain[(row * size) + column]))];
        double[] inverse = LinearSystem.InverseOfPositiveDefinite(reduced, used.Length)!;
        var factor = new ArrowFactor(Layout);
        Assert.That(factor.TryFactorise(arrow, new double[size], isUsed));
        ArrowInverse found = factor.Inverse(1);

        Assert.Multiple(() =>
        {
            for (int i = 0; i < used.Length; i++)
            {
                for (int j = 0; j < used.Length; j++)
                {
                    Assert.That(found[(used[i] * size) + used[j]], Is.EqualTo(inverse[(i * used.Length) + j]).Within(1e-12));
                }
            }

            Assert.That(found[(3 * size) + 3], Is.Zero);
        });
    }

    [Test]
    public void A_matrix_that_is_not_positive_definite_has_no_factor()
    {
        (ArrowMatrix arrow, _) = Filled();
        bool[] all = [.. Layout.Position.Select(_ => true)];
        arrow.AddDiagonal(7, -100);
        Assert.That(new ArrowFactor(Layout).TryFactorise(arrow, new double[Layout.Count], all), Is.False);
        double[] added = new double[Layout.Count];
        added[7] = 100;
        Assert.That(new ArrowFactor(Layout).TryFactorise(arrow, added, all));
    }

    private static (ArrowMatrix Arrow, double[] Plain) Filled()
    {
        var arrow = new ArrowMatrix(Layout);
        int size = Layout.Count;
        double[] plain = new double[size * size];
        for (int p = 0; p < size; p++)
        {
            arrow.AddDiagonal(p, 5 + p);
            plain[p * (size + 1)] = 5 + p;
            for (int q = 0; q < p; q++)
            {
                bool isThere = Layout.BlockOf[p] == Layout.BlockOf[q] || Layout.BlockOf[p] < 0 || Layout.BlockOf[q] < 0;
                double value = isThere ? Math.Cos((3 * p) + q) : 0;
                (plain[(p * size) + q], plain[(q * size) + p]) = (value, value);
                if (isThere)
                {
                    arrow.Add(p, q, value);
                }
            }
        }

        return (arrow, plain);
    }

    private static double[] Times(double[] matrix, double[] vector) => [.. Enumerable.Range(0, vector.Length).Select(
        row => vector.Select((value, at) => matrix[(row * vector.Length) + at] * value).Sum())];
}
