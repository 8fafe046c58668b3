using Gbi.Numerics;

namespace Gbi.Tests.Numerics;

[TestFixture]
internal sealed class SeedTests
{
    private const int Draws = 100_000;

    [Test]
    public void Uniform_numbers_have_the_moments_of_a_uniform_and_stay_inside_0_and_1()
    {
        // Mean 1/2, variance 1/12; four standard errors.
        double[] values = Draw(new Seed(1).Uniform);
        Assert.That(values, Has.All.GreaterThan(0).And.All.LessThan(1));
        Assert.That(values.Average(), Is.EqualTo(0.5).Within(4 / Math.Sqrt(12.0 * Draws)));

        // The variance of (u − ½)² is 1/80 − 1/144 = 1/180.
        Assert.That(values.Average(u => (u - 0.5) * (u - 0.5)), Is.EqualTo(1 / 12.0).Within(4 / Math.Sqrt(180.0 * Draws)));
    }

    [TestCase(0UL), TestCase(1UL), TestCase(ulong.MaxValue)]
    public void A_child_is_unrelated_to_its_parent_and_its_siblings(ulong value)
    {
        var seed = new Seed(value);
        Seed[] family =
            [seed, seed.Child("a"), seed.Child("b"), seed.Child("ab"), seed.Child("ba"), seed.Child(0), seed.Child(1), seed.Child(-1)];
        Assert.That(family.Distinct().Count(), Is.EqualTo(family.Length));
        for (int i = 0; i < family.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                // Independent uniforms have correlation 0 with standard deviation 1/√n; 28 pairs, hence 4.5 of them.
                double correlation = 12 * Draw(index => (family[i].Uniform(index) - 0.5) * (family[j].Uniform(index) - 0.5)).Average();
                Assert.That(correlation, Is.EqualTo(0).Within(4.5 / Math.Sqrt(Draws)), $"members {j} and {i}");
            }
        }
    }

    [Test]
    public void The_same_path_of_names_gives_the_same_number()
    {
        Seed once = new Seed(7).Child("folds").Child(3);
        Seed again = new Seed(7).Child("folds").Child(3);
        Assert.That(once.Uniform(12), Is.EqualTo(again.Uniform(12)));
        Assert.That(once.CreateRandom().NextDouble(), Is.EqualTo(again.CreateRandom().NextDouble()));
    }

    [Test]
    public void Poisson_numbers_have_mean_1_and_variance_1()
    {
        // The fourth central moment of a Poisson of mean 1 is 4, so the sample variance has standard error √(3/n).
        double[] values = Draw(index => new Seed(2).PoissonOne(index));
        var moments = Moments.Of(values);
        Assert.That(moments.Mean, Is.EqualTo(1).Within(4 / Math.Sqrt(Draws)));
        Assert.That(moments.Deviation * moments.Deviation, Is.EqualTo(1).Within(4 * Math.Sqrt(3.0 / Draws)));
        Assert.That(values.Count(value => value == 0) / (double)Draws, Is.EqualTo(Math.Exp(-1)).Within(4 * 0.48 / Math.Sqrt(Draws)));
    }

    [TestCase(1), TestCase(2), TestCase(7), TestCase(100)]
    public void Numbers_below_a_bound_are_uniform(int bound)
    {
        int[] counts = new int[bound];
        for (int i = 0; i < Draws; i++)
        {
            counts[new Seed(3).Below(bound, i)]++;
        }

        // Pearson's χ² has mean ν and variance 2ν for ν = bound − 1.
        double expected = Draws / (double)bound;
        double chiSquared = counts.Sum(count => (count - expected) * (count - expected) / expected);
        Assert.That(chiSquared, Is.LessThanOrEqualTo(bound - 1 + (4 * Math.Sqrt(2 * (bound - 1)))));
    }

    [Test]
    public void A_bound_close_to_the_largest_integer_is_kept()
    {
        Assert.That(Draw(index => new Seed(4).Below(int.MaxValue, index)), Has.All.GreaterThanOrEqualTo(0).And.All.LessThan(int.MaxValue));
    }

    [TestCase(0), TestCase(1), TestCase(2), TestCase(1000)]
    public void A_permutation_holds_every_number_once(int count) =>
        Assert.That(new Seed(5).Permutation(count).Order(), Is.EqualTo(Enumerable.Range(0, count)));

    [Test]
    public void All_permutations_are_equally_likely()
    {
        int[] counts = new int[27];
        const int Trials = 24_000;
        for (int i = 0; i < Trials; i++)
        {
            int[] order = new Seed(6).Child(i).Permutation(3);
            counts[(9 * order[0]) + (3 * order[1]) + order[2]]++;
        }

        int[] seen = [.. counts.Where(count => count > 0)];
        Assert.That(seen, Has.Length.EqualTo(6));

        // Binomial, p = 1/6: standard deviation √(n · 5/36).
        Assert.That(seen, Has.All.EqualTo(Trials / 6).Within(4 * Math.Sqrt(Trials * 5 / 36.0)));
    }

    private static double[] Draw(Func<long, double> draw)
    {
        double[] values = new double[Draws];
        for (int i = 0; i < Draws; i++)
        {
            values[i] = draw(i);
        }

        return values;
    }
}
