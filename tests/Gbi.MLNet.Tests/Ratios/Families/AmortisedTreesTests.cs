using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios.Families;
using Gbi.Ratios.Parametric;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Model;

namespace Gbi.Tests.Ratios.Families;

/// <summary>
/// <see cref="GaussianFamily"/> in t = θ/2, so that ln r = Δ₀ + t Δ₁ + t² Δ₂ with Δ₀ = −x²/2 + x²/18 + ln 3, Δ₁ = 2x, Δ₂ = −2.
/// </summary>
[TestFixture]
internal sealed class AmortisedTreesTests
{
    private const int Count = 60_000;

    private static readonly string[] Names = ["t"];
    private static readonly IReadOnlyList<Monomial> Monomials = Monomial.UpToSecondOrder(Names);
    private static readonly TreeOptions Options = new() { TreeCount = 100, LeafCount = 16, MinLeafHessian = 20, L2 = 1 };

    private static readonly EventTable Events = GaussianFamily.Signal(Count, new Seed(1))
        .WithColumns(GaussianFamily.Features)
        .Append(GaussianFamily.Background(Count, new Seed(2)));

    [Test]
    public void Leaves_hold_the_polynomial_in_the_parameter()
    {
        TreeEnsemble trees = Train(_ => 1);
        Span<float> delta = stackalloc float[3];
        foreach (float x in (float[])[-2, -1, 0, 1, 2])
        {
            trees.Predict([x], delta);
            foreach (double t in (double[])[-0.8, -0.4, 0, 0.4, 0.8])
            {
                double exact = GaussianFamily.LogRatio(x, 2 * t);
                if (exact > -2.5)
                {
                    // The noise of 60,000 events; values range from −2.5 to 1.3. Below, hardly an event of signal is left.
                    double learnt = delta[0] + (t * delta[1]) + (t * t * delta[2]);
                    Assert.That(learnt, Is.EqualTo(exact).Within(0.35), $"x = {x}, t = {t}");
                }
            }
        }
    }

    [Test]
    public void The_class_balance_does_not_enter()
    {
        TreeEnsemble equal = Train(_ => 1);
        TreeEnsemble tenfold = Train(row => row < Count ? 10 : 1);
        Span<float> first = stackalloc float[3];
        Span<float> second = stackalloc float[3];
        foreach (float x in (float[])[-2, 0, 2])
        {
            equal.Predict([x], first);
            tenfold.Predict([x], second);
            Assert.That(second.ToArray(), Is.EqualTo(first.ToArray()).Within(1e-3));
        }
    }

    [Test]
    public void A_sample_without_weight_is_refused()
    {
        var failure = Assert.Throws<DataException>(() => Train(row => row < Count ? 0 : 1))!;
        Assert.That(failure.Message, Does.Contain("numerator sum to 0"));
    }

    private static TreeEnsemble Train(Func<int, double> weight)
    {
        ReadOnlySpan<float> theta = GaussianFamily.Signal(Count, new Seed(1))[GaussianFamily.Parameter];
        bool[] isSignal = new bool[2 * Count];
        float[] t = new float[2 * Count];
        for (int row = 0; row < t.Length; row++)
        {
            // A background event has the parameter of some signal event.
            isSignal[row] = row < Count;
            t[row] = theta[row % Count] / 2;
        }

        BinnedEvents data = FeatureBins.Learn(Events, GaussianFamily.Features).Apply(Events);
        var sample = new AmortisedSample(isSignal, t, new ParameterPolynomial(Names, Monomials));
        return AmortisedTrees.Train(data, sample, [.. Enumerable.Range(0, 2 * Count).Select(weight)], Options).Trees;
    }
}
