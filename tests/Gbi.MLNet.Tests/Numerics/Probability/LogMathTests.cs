using System.Numerics.Tensors;
using Gbi.Numerics.Probability;

namespace Gbi.Tests.Numerics.Probability;

[TestFixture]
internal sealed class LogMathTests
{
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
    public void The_vector_sigmoid_agrees_with_its_formula_to_single_precision(float x)
    {
        float[] values = new float[19];
        float[] results = new float[19];
        Array.Fill(values, x);
        TensorPrimitives.Sigmoid(values, results);
        Assert.That(results, Has.All.EqualTo(1 / (1 + Math.Exp(-x))).Within(1e-4).Percent);
    }
}
