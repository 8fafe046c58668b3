using Gbi.Numerics;

namespace Gbi.Tests.Numerics;

[TestFixture]
internal sealed class LogMathTests
{
    [TestCase(-700), TestCase(-100), TestCase(-40)]
    public void Softplus_of_a_very_negative_number_is_its_exponential(double x) =>
        Assert.That(LogMath.Softplus(x), Is.EqualTo(Math.Exp(x)).Within(1e-12).Percent); // ln(1+ε) = ε − ε²/2, ε ≤ 4e-18

    [TestCase(40), TestCase(750), TestCase(1e300)]
    public void Softplus_of_a_very_large_number_is_the_number(double x) => Assert.That(LogMath.Softplus(x), Is.EqualTo(x).Within(1e-13).Percent);

    [TestCase(-5), TestCase(-0.1), TestCase(0), TestCase(2), TestCase(30)]
    public void Softplus_obeys_its_symmetry_and_its_value_at_0(double x)
    {
        // ln(1+eˣ) − ln(1+e⁻ˣ) = x.
        Assert.That(LogMath.Softplus(x) - LogMath.Softplus(-x), Is.EqualTo(x).Within(1e-14 * (1 + Math.Abs(x))));
        Assert.That(LogMath.Softplus(0), Is.EqualTo(Math.Log(2)).Within(1e-16));
    }

    [TestCase(-745), TestCase(-40), TestCase(-3), TestCase(0), TestCase(3), TestCase(40), TestCase(1e6)]
    public void Sigmoid_is_the_slope_of_softplus_and_never_leaves_0_and_1(double x)
    {
        // With t = tanh(x/2): σ(x) = (1+t)/2, which keeps its digits for x ≥ −1; below, σ(x) = eˣ/(1+eˣ).
        double expected = x >= -1 ? (1 + Math.Tanh(x / 2)) / 2 : Math.Exp(x) / (1 + Math.Exp(x));
        Assert.That(LogMath.Sigmoid(x), Is.EqualTo(expected).Within(1e-13).Percent);
        Assert.That(LogMath.Sigmoid(x) + LogMath.Sigmoid(-x), Is.EqualTo(1).Within(1e-15));
    }

    [TestCase(1e-300), TestCase(1e-18), TestCase(-1e-12), TestCase(1e-8), TestCase(-1e-4), TestCase(1e-3)]
    public void The_log_of_one_plus_a_small_number_follows_its_series(double x)
    {
        // x − x²/2 + x³/3 − x⁴/4 + x⁵/5; the next term is below 1e-15 of the first for |x| ≤ 1e-3.
        double series = x * (1 - (x * ((1 / 2.0) - (x * ((1 / 3.0) - (x * ((1 / 4.0) - (x / 5))))))));
        Assert.That(LogMath.OnePlus(x), Is.EqualTo(series).Within(1e-12).Percent);
    }

    [TestCase(-0.999), TestCase(-0.5), TestCase(1.0), TestCase(1e10), TestCase(1e300)]
    public void The_log_of_one_plus_an_ordinary_number_is_the_plain_formula(double x) =>
        Assert.That(LogMath.OnePlus(x), Is.EqualTo(Math.Log(1 + x)).Within(1e-12).Percent);

    [TestCase(-87f), TestCase(-1f), TestCase(0f), TestCase(0.3f), TestCase(20f)]
    public void The_vector_sigmoid_agrees_with_the_scalar_one_to_single_precision(float x)
    {
        float[] values = new float[19];
        float[] results = new float[19];
        Array.Fill(values, x);
        VectorKernels.Sigmoid(values, results);
        Assert.That(results, Has.All.EqualTo(LogMath.Sigmoid(x)).Within(1e-4).Percent);
    }

    [Test]
    public void The_vector_exponential_and_logarithm_undo_each_other()
    {
        double[] values = [-700, -1, -1e-9, 0, 1e-9, 1, 700];
        double[] results = new double[values.Length];
        VectorKernels.Exp(values, results);
        VectorKernels.Log(results, results);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.That(results[i], Is.EqualTo(values[i]).Within(1e-15 + (1e-14 * Math.Abs(values[i]))));
        }
    }
}
