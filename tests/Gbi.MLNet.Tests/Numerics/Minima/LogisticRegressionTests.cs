using Gbi.Numerics.Minima;

namespace Gbi.Tests.Numerics.Minima;

public sealed class LogisticRegressionTests
{
    // Two events at each of x = 0 and 1, one weight each: y = 1 has the weights 3 of 4 at x = 0 and 1 of 4 at x = 1.
    private static readonly double[] Terms = [1, 0, 1, 0, 1, 1, 1, 1];
    private static readonly bool[] IsOne = [true, false, true, false];
    private static readonly double[] Weights = [3, 1, 1, 3];

    [Test]
    public void A_fit_with_one_parameter_a_cell_gives_the_log_odds_of_each()
    {
        // f(0) = ln 3 and f(1) = −ln 3.
        double[] beta = new LogisticRegression(Terms, IsOne, Weights).Minimise()!;

        Assert.That(beta, Is.EqualTo(new[] { Math.Log(3), -2 * Math.Log(3) }).Within(1e-8));
    }

    [Test]
    public void Offsets_are_taken_off_the_constant()
    {
        var regression = new LogisticRegression(Terms, IsOne, Weights) { Offsets = [2, 2, 2, 2] };

        Assert.That(regression.Minimise(), Is.EqualTo(new[] { Math.Log(3) - 2, -2 * Math.Log(3) }).Within(1e-8));
    }

    [Test]
    public void A_ridge_balances_the_slope_of_the_loss_and_leaves_the_constant_alone()
    {
        // Level in β₀: Σ w (σ(f) − y) = 0. Level in β₁: Σ w (σ(f) − y) x + λ β₁ = 0.
        double[] beta = new LogisticRegression(Terms, IsOne, Weights) { Ridge = 2 }.Minimise()!;
        double atZero = 4 / (1 + Math.Exp(-beta[0]));
        double atOne = 4 / (1 + Math.Exp(-beta[0] - beta[1]));

        Assert.That(atZero + atOne, Is.EqualTo(4).Within(1e-8));
        Assert.That(atOne - 1 + (2 * beta[1]), Is.EqualTo(0).Within(1e-8));
    }

    [Test]
    public void A_slope_that_a_bound_holds_leaves_the_constant_of_all_events()
    {
        double[] beta = new LogisticRegression(Terms, IsOne, Weights).Minimise([double.NegativeInfinity, 0])!;

        Assert.That(beta, Is.EqualTo(new[] { 0.0, 0 }).Within(1e-9));
    }

    [Test]
    public void Terms_that_are_not_independent_determine_nothing() =>
        Assert.That(new LogisticRegression([1, 1, 1, 1, 1, 1, 1, 1], IsOne, Weights).Minimise(), Is.Null);

    [Test]
    public void Separated_samples_have_no_minimum() =>
        Assert.That(new LogisticRegression(Terms, [true, true, false, false], Weights).Minimise(), Is.Null);

    [Test]
    public void Derivatives_agree_with_differences()
    {
        var regression = new LogisticRegression(Terms, IsOne, Weights) { Offsets = [0.1f, -0.3f, 0.7f, 0], Ridge = 0.5 };
        double[] point = [0.3, -0.4];
        double[] gradient = new double[2];
        double[] hessian = new double[4];
        regression.Evaluate(point, gradient, hessian);
        for (int i = 0; i < 2; i++)
        {
            const double Step = 1e-5;
            double[] up = [.. point];
            double[] down = [.. point];
            up[i] += Step;
            down[i] -= Step;
            double[] gradientUp = new double[2];
            double[] gradientDown = new double[2];
            double rise = regression.Evaluate(up, gradientUp, new double[4]) - regression.Evaluate(down, gradientDown, new double[4]);

            Assert.That(gradient[i], Is.EqualTo(rise / (2 * Step)).Within(1e-8));
            for (int j = 0; j < 2; j++)
            {
                Assert.That(hessian[(i * 2) + j], Is.EqualTo((gradientUp[j] - gradientDown[j]) / (2 * Step)).Within(1e-8));
            }
        }
    }
}
